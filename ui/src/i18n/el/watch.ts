import type { watch as english } from '../en/watch';
import type { Text } from '../text';

export const watch: Record<keyof typeof english, Text> = {
  'strip.title': 'Η βάρδια · άρχισε {time} UTC',
  'strip.label':
    'Γραμμή χρόνου. Αριστερά και Δεξιά από σημείο σε σημείο, συν και πλην για μεγέθυνση και σμίκρυνση, Shift με Αριστερά και Δεξιά για μετακίνηση, 0 για όλα, n για το τώρα.',
  'strip.every': 'κάθε {span}',
  'strip.lasts': 'διαρκεί',
  'strip.due': 'ώρα {time} UTC · {state}',
  'strip.taken': 'έγινε {time} UTC',
  'strip.taken_late': 'έγινε καθυστερημένα, {time} UTC',
  'strip.from_to': '{from} – {to}',
  'strip.at_for': '{place} · {long} · {state}',
  'strip.explained': 'εξηγείται από το #{id}',
  'strip.gap': 'Κενό',
  'strip.gap_counts': '{long} χωρίς παρατήρηση· δεν μετρά ούτε υπέρ ούτε κατά',
  'strip.several.check': { one: '{n} έλεγχος', other: '{n} έλεγχοι' },
  'strip.several.incident': { one: '{n} συμβάν', other: '{n} συμβάντα' },
  'strip.several.gap': { one: '{n} κενό', other: '{n} κενά' },
  'strip.more': 'και {n} ακόμη',
  'strip.open': 'Enter ή κλικ για μεγέθυνση',
  'strip.tools': 'Τι δείχνει η γραμμή χρόνου',
  'strip.earlier': 'Νωρίτερα',
  'strip.later': 'Αργότερα',
  'strip.now': 'Τώρα',
  'strip.all': 'Όλα',
  'strip.farther': 'Σμίκρυνση',
  'strip.nearer': 'Μεγέθυνση',

  'alarm.since': 'από τις {time} UTC, εδώ και {ago}',
  'alarm.was_open': 'από {time} UTC· ανοιχτό όταν τελείωσε η συνεδρία',
  'alarm.was_open_paused': 'από {time} UTC· ανοιχτό όταν διακόπηκε η βάρδια',
  'alarm.place': 'Πού: {place}',
  'alarm.acknowledge': 'Το είδα…',
  'alarm.acknowledged': 'Το είδε: {by}, {time} UTC',
  'alarm.unacknowledged': 'Κανείς δεν το έχει δει ακόμη',
  'alarm.evidence': { one: 'Τεκμήρια ({n})', other: 'Τεκμήρια ({n})' },
  'alarm.by': 'ως τις {time} UTC',
  'alarm.left': 'απομένουν',
  'alarm.overdue': 'εκπρόθεσμο',
  'alarm.soon': 'μόνο – βιαστείτε',
  'alarm.to_version': 'Επαναφορά στην v{version}',
  'alarm.record': 'Έγινε…',
  'alarm.record_step': 'Καταγραφή ότι έγινε: {step}',
  'alarm.done': 'έγινε {time} UTC, από: {by}',
  'alarm.now': 'Άμεσα',
  'alarm.then': 'Έπειτα',
  'alarm.how_restart': 'docker restart {container}, ή στο Container Station',
  'alarm.not_done': 'Δεν έγινε εγκαίρως',
  'alarm.all_done': 'Δεν απομένει βήμα με προθεσμία. Περιμένετε την αποκατάσταση.',
  'alarm.more': { one: '{n} ακόμη κρίσιμο συμβάν', other: '{n} ακόμη κρίσιμα συμβάντα' },

  'open.title': { one: 'Ανοιχτό ζήτημα', other: 'Ανοιχτά ζητήματα' },
  'open.details': 'Λεπτομέρειες',

  'ladder.title': 'Πού θα ήταν η βλάβη',

  'critical.title': 'Αν γίνει κρίσιμο',
  'critical.what': 'Επανεκκίνηση εντός {restart}, επαναφορά εντός {roll_back}.',
  'critical.version': 'Επαναφορά στην v{version}.',
  'critical.no_version': 'Δεν έχει οριστεί προηγούμενη έκδοση στις ρυθμίσεις.',

  'roll_back.how': 'Πώς…',
  'roll_back.open': 'Πώς γίνεται η επαναφορά με το χέρι…',
  'roll_back.text':
    'Με το χέρι, όπου δεν πρέπει ή δεν μπορεί να την κάνει το πρόγραμμα: εκεί όπου τρέχει το Docker Engine, με αυτή τη σειρά.',
  'roll_back.other_way':
    'Το container φτιάχτηκε με το Compose ή το Container Station; Τότε δώστε του εκεί το παλιό image, αντί για τα βήματα 3 και 4 (και πάλι το νέο, αντί για το βήμα 6).',
  'roll_back.database':
    'Η βάση δεδομένων μένει όπως την άφησε η νέα έκδοση: αν την άλλαξε, βεβαιωθείτε ότι η παλιά μπορεί να δουλέψει με αυτήν.',
  'roll_back.find': 'Βρείτε το παλιό image.',
  'roll_back.find_text':
    'Το όνομά του είναι REPOSITORY:TAG· αν δεν έχει, δώστε του ένα: docker tag [id] [όνομα]:[έκδοση]. Αν λείπει και από τη λίστα της docker images -a, φέρτε το πρώτα: μη σταματήσετε τίποτα πριν.',
  'roll_back.look': 'Δείτε πώς ξεκίνησε το container.',
  'roll_back.look_text': 'Το βήμα 4 χρειάζεται πάλι τα εξής:',
  'roll_back.look_host':
    'HostConfig: τις θύρες, το δίκτυο και την πολιτική επανεκκίνησης. Αν το AutoRemove είναι true, μη σταματήσετε το container: το Docker θα το διαγράψει.',
  'roll_back.look_mounts':
    'Mounts: κάθε volume με το Name του, ακόμη και αν αυτό είναι μόνο ένας μακρύς αριθμός. Ό,τι παραλειφθεί ξεκινά άδειο, ακόμη και μια βάση δεδομένων.',
  'roll_back.look_config':
    'Config: από τα Env, Cmd και Labels μόνο όσα ορίστηκαν με το χέρι. Τα υπόλοιπα ανήκουν στο νέο image.',
  'roll_back.aside': 'Βάλτε στην άκρη το container που απέτυχε.',
  'roll_back.aside_text':
    'Μένει με άλλο όνομα και δεν ξεκινά από μόνο του. Αν το όνομα αυτό υπάρχει ήδη, δεν έχει σταματήσει τίποτα: δώστε άλλο όνομα στο container που το έχει (docker rename) και επαναλάβετε.',
  'roll_back.run': 'Ξεκινήστε στη θέση του το παλιό image.',
  'roll_back.run_text':
    'Αντικαταστήστε ό,τι είναι σε αγκύλες: τα [policy] και [config] με όσα δείχνει το βήμα 2, το [old-image] με το όνομα από το βήμα 1. Αγκύλες που έμειναν το Docker δεν τις δέχεται, ένα [config] όμως που απλώς σβήστηκε το δέχεται: το container θα ξεκινούσε χωρίς τις θύρες και τα δεδομένα του. Αν η εντολή αποτύχει, πριν από την επόμενη προσπάθεια χρειάζεται docker rm {container}.',
  'roll_back.record': 'Περιμένετε να γίνει υγιές το container και καταγράψτε ότι το βήμα έγινε.',
  'roll_back.record_text':
    'Μην επικολλήσετε τίποτα από το βήμα 2 στο σχόλιο: δείχνει κωδικούς και κλειδιά, και ό,τι καταγράφεται μένει.',
  'roll_back.back': 'Αν δεν ξεκινήσει, επαναφέρετε εκείνο που απέτυχε.',
  'roll_back.back_text':
    'Πρώτα σημειώστε τι έγραψε (docker logs). Η παλιά έκδοση μπαίνει και αυτή στην άκρη· το [policy] είναι πάλι αυτό του βήματος 2.',

  'log.title': 'Ημερολόγιο βάρδιας',
  'log.label': 'Ημερολόγιο βάρδιας, τα νεότερα πρώτα',
  'log.newer': { one: '{n} νέα γραμμή', other: '{n} νέες γραμμές' },
  'log.none': 'Τίποτα ακόμη.',

  'rests.title': 'Πού βασίζεται το πόρισμα',
  'rests.seen': '{percent} % του χρόνου παρατηρήθηκε',
  'rests.need': 'απαιτείται {percent} %',
  'rests.criteria': 'Κριτήρια',
  'rests.confidence': 'Βεβαιότητα',
  'rests.count': '{n} {word}',

  'since.title': 'Νέα για εσάς',
  'since.first': 'Όλα ως τώρα',
  'since.time': 'από {time} UTC',
  'since.nothing': 'Τίποτα νέο.',
  'since.news': { one: '{n} νέα γραμμή στο ημερολόγιο', other: '{n} νέες γραμμές στο ημερολόγιο' },
  'since.read': 'Τα διάβασα',
  'since.owed': 'Σας περιμένουν',
  'since.nothing_owed': 'Τίποτα δεν σας περιμένει.',
  'owed.acknowledge': 'Δηλώστε ότι είδατε το #{id}',
  'owed.judge': 'Επιβεβαιώστε ή απορρίψτε το συμβάν #{id}',
  'owed.post_mortem': 'Βρείτε την αιτία του #{id} και κλείστε το',
  'owed.tick': { one: '{n} γραμμή για έλεγχο: {check}', other: '{n} γραμμές για έλεγχο: {check}' },
  'owed.resume': 'Συνεχίστε τη βάρδια',
  'owed.sign_off': 'Διαβάστε την αναφορά και υπογράψτε',

  'notice.gap': 'Χωρίς παρατήρηση: {cause}, από τις {time} UTC, εδώ και {ago}',
  'notice.gap_do.asleep': 'Μην αφήσετε το PC να μπει σε αναστολή: η βάρδια συνεχίζεται μόνη της.',
  'notice.gap_do.closed': 'Η βάρδια συνεχίζεται μόνη της.',
  'notice.gap_do.offline':
    'Ελέγξτε το δίκτυο αυτού του PC: η βάρδια συνεχίζεται μόνη της μόλις αποκατασταθεί η σύνδεση.',
  'notice.gap_do.network':
    'Ελέγξτε το δίκτυο ανάμεσα στο PC και στο NAS: η βάρδια συνεχίζεται μόνη της μόλις αποκατασταθεί η σύνδεση.',
  'notice.gap_text': 'Αυτός ο χρόνος δεν μετρά ούτε υπέρ ούτε κατά της εγκατάστασης.',
  'notice.silent': 'Το πρόγραμμα δεν απαντά από τις {time} UTC',
  'notice.silent_text':
    'Ό,τι βλέπετε είναι εκείνης της ώρας και οι χρόνοι έχουν σταματήσει. Ελέγξτε εσείς το NAS· τερματίστε το πρόγραμμα από την περιοχή ειδοποιήσεων και ανοίξτε το ξανά: η συνεδρία συνεχίζεται από εκεί που ήταν.',
  'notice.interrupted':
    'Κανείς δεν έχει βάρδια. Η βάρδια διακόπηκε πριν ολοκληρωθεί το σχέδιο, στις {time} UTC.',
  'notice.interrupted_text': 'Ώσπου να τη συνεχίσετε, ο χρόνος μετρά ως κενό.',
  'notice.resume': 'Συνέχιση της βάρδιας',
  'notice.concluded': 'Το σχέδιο ολοκληρώθηκε. Πόρισμα: {verdict}.',
  'notice.concluded_text': 'Διαβάστε την αναφορά και αποφασίστε.',
  'notice.report': 'Μετάβαση στην αναφορά',
  'notice.signed_off': '{decision}, {by}, {time} UTC',

  'tile.group': 'Μετρήσεις αναφοράς',
  'tile.n': 'n {n}',
  'tile.under_way': 'σε εξέλιξη',
  'tile.chart':
    '{metric}, στο διάστημα που δείχνει η γραμμή χρόνου: ελάχιστο {min}, μέγιστο {max}, τελευταίο {last} {unit}',
  'tile.failed': 'Το διάγραμμα δεν διαβάζεται',
  'tile.old': 'Δεν ανανεώθηκε',
  'tile.no_data': 'καμία μέτρηση σε αυτό το διάστημα',
  'tile.happened': { one: '{metric}: {n} φορά', other: '{metric}: {n} φορές' },
};
