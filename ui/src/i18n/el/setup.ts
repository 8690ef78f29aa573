import type { setup as english } from '../en/setup';
import type { Text } from '../text';

export const setup: Record<keyof typeof english, Text> = {
  'setup.title': 'Ρύθμιση εγκατάστασης',
  'setup.title_change': 'Αλλαγή: {name}',
  'setup.intro':
    'Ό,τι πληκτρολογείτε αποθηκεύεται αμέσως: φύγετε όποτε θέλετε και συνεχίστε αργότερα. Όσο πληκτρολογείτε, δοκιμάζεται η διαδρομή από αυτό το PC ως τη βάση δεδομένων.',
  'setup.required': 'Τα πεδία με * είναι υποχρεωτικά.',

  'setup.section.address': 'Πού βρίσκεται το SMS',
  'setup.section.docker': 'Πώς γίνεται η σύνδεση με το Docker',
  'setup.section.release': 'Τι εκδόθηκε',
  'setup.section.account': 'Έλεγχος σύνδεσης',
  'setup.section.about': 'Ονόματα',

  'setup.url': 'Διεύθυνση του SMS',
  'setup.url_hint': 'Όπως τη γράφετε στον browser, π.χ. http://nas.local:8080',
  'setup.ca_file': 'Αρχή πιστοποίησης του SMS',
  'setup.ca_file_hint':
    'Μόνο όταν το SMS έχει πιστοποιητικό https που αυτό το PC δεν γνωρίζει: το αρχείο PEM της αρχής του. Αλλιώς αφήστε το κενό.',
  'setup.pick_file': 'Επιλογή αρχείου…',
  'setup.pick_folder': 'Επιλογή φακέλου…',

  'setup.docker_kind': 'Το Docker Engine τρέχει',
  'setup.docker_tcp': 'Στο NAS, μέσω δικτύου',
  'setup.docker_tcp_text': 'Η συνηθισμένη περίπτωση. Χρειάζεται τρία αρχεία πιστοποιητικών από το NAS.',
  'setup.docker_unix': 'Σε αυτό το PC (Linux)',
  'setup.docker_unix_text': 'Μέσω του socket του. Χωρίς πιστοποιητικά.',
  'setup.docker_npipe': 'Σε αυτό το PC (Windows, Docker Desktop)',
  'setup.docker_npipe_text': 'Μέσω του named pipe του. Χωρίς πιστοποιητικά.',
  'setup.docker': 'Διεύθυνση του Docker Engine',
  'setup.docker_hint.tcp':
    'Το όνομα ή η διεύθυνση του NAS και η θύρα, κατά κανόνα 2376: tcp://nas.local:2376',
  'setup.docker_hint.unix': 'Κατά κανόνα unix:///var/run/docker.sock',
  'setup.docker_hint.npipe': 'Κατά κανόνα npipe:////./pipe/docker_engine',
  'setup.certificates': 'Φάκελος με τα πιστοποιητικά',
  'setup.certificates_hint': 'Περιέχει τα ca.pem, cert.pem και key.pem, με αυτά τα ονόματα.',
  'setup.certificates_how': 'Πού τα βρίσκω;',
  'setup.certificates_how_1': 'Ανοίξτε το NAS σε browser και σε αυτό το Container Station.',
  'setup.certificates_how_2': 'Πηγαίνετε στο Preferences, μετά στο Docker Certificate, και πατήστε Download.',
  'setup.certificates_how_3':
    'Αποσυμπιέστε το αρχείο σε ξεχωριστό φάκελο, στον οποίο έχετε πρόσβαση μόνο εσείς, και επιλέξτε τον εδώ.',
  'setup.certificates_how_why':
    'Όποιος έχει το key.pem μπορεί να ελέγξει κάθε container στο NAS: μην το στέλνετε με e-mail ή chat και μην το βάζετε σε κοινόχρηστους φακέλους.',
  'setup.container': 'Όνομα του container',
  'setup.beside': 'Το front end και η βάση τρέχουν σε δικά τους container;',
  'setup.beside_text':
    'Όσα ονομάζονται εδώ παρακολουθούνται μαζί του: το καθένα έχει δικά του συμβάντα, και λέγεται ποιο προκάλεσε τη βλάβη. Αφήστε κενό ό,τι δεν τρέχει σε δικό του container.',
  'setup.front_end_container': 'Container του front end',
  'setup.database_container': 'Container της βάσης',
  'setup.container_hint':
    'Όπως το δείχνει το Container Station ή το docker ps. Με τρία containers: εκείνο που τρέχει το API.',

  'setup.version': 'Έκδοση υπό παρακολούθηση',
  'setup.version_hint': 'Όπως αναγράφεται στο release, π.χ. 1.15.1',
  'setup.previous': 'Έκδοση για επαναφορά',
  'setup.previous_hint': 'Η προηγούμενη. Αναγράφεται στο σχέδιο κλιμάκωσης· μπορεί να μείνει κενή.',
  'setup.running_title': 'Εκεί τρέχει η {running} και όχι η {version}',
  'setup.running_text':
    'Αυτό είναι σωστό όσο η {version} δεν έχει εγκατασταθεί ακόμη. Αλλιώς η βάρδια θα έκρινε την {running} με όσα υποσχέθηκε η {version}.',
  'setup.running_before':
    'Είναι η έκδοση για επαναφορά: η {version} δεν έχει εγκατασταθεί ακόμη. Εγκαταστήστε την πριν ξεκινήσει η βάρδια, αλλιώς ο πρώτος έλεγχος αποτυγχάνει.',
  'setup.running_take': 'Παρακολούθηση της {running}',
  'setup.repository': 'Αποθετήριο στο GitHub',
  'setup.repository_hint': 'Ιδιοκτήτης και όνομα, π.χ. bs1gr/AUT_MIEEK_SMS. Μπορεί να μείνει κενό.',

  'setup.account_intro':
    'Κάθε έλεγχος μπορεί να συνδέεται και να ζητά τη λίστα φοιτητών, όπως ένας χρήστης. Αρκεί ένας λογαριασμός μόνο για ανάγνωση. Χωρίς λογαριασμό, το δοκιμάζει ένας άνθρωπος και το σημειώνει.',
  'setup.email': 'E-mail του λογαριασμού',
  'setup.email_hint': 'Μπορεί να μείνει κενό.',
  'setup.password': 'Κωδικός του λογαριασμού',
  'setup.password_hint':
    'Πηγαίνει κατευθείαν στην κλειδοθήκη αυτού του PC και σε κανένα αρχείο. Προσέξτε να είναι σωστός: μετά από πέντε αποτυχίες σε πέντε λεπτά το SMS αποκλείει τη διεύθυνση αυτού του PC.',
  'setup.password_keep': 'Αποθήκευση στην κλειδοθήκη',
  'setup.password_forget': 'Διαγραφή',
  'setup.password_forget_title': 'Να διαγραφεί ο κωδικός;',
  'setup.password_forget_text':
    'Διαγράφεται από την κλειδοθήκη. Ο έλεγχος σύνδεσης παραλείπεται ώσπου να υπάρξει πάλι κωδικός.',
  'setup.password_forget_do': 'Διαγραφή από την κλειδοθήκη',
  'setup.password_needs_email': 'Γράψτε πρώτα το e-mail.',
  'setup.password_environment':
    'Η κλειδοθήκη αυτού του PC δεν μπορεί να χρησιμοποιηθεί. Βάλτε τον κωδικό ενός λογαριασμού στη μεταβλητή περιβάλλοντος {name} πριν ξεκινήσει το πρόγραμμα.',
  'setup.keychain_again': 'Νέα δοκιμή',
  'setup.account_leave': 'Χωρίς λογαριασμό',
  'setup.lack_title.missing': 'Η βάρδια δεν θα ξεκινήσει με αυτόν τον λογαριασμό',
  'setup.lack_title.no_keychain': 'Η βάρδια ίσως δεν ξεκινήσει με αυτόν τον λογαριασμό',
  'setup.lack_text.no_keychain':
    'Η κλειδοθήκη αυτού του PC δεν απαντά: δεν είναι γνωστό αν έχει τον κωδικό, και χωρίς αυτόν η βάρδια δεν ξεκινά. Χρειάζεται ένα από τα εξής:',
  'setup.lack_text.missing':
    'Ο κωδικός του δεν φυλάσσεται πουθενά, και η βάρδια δεν ξεκινά με λογαριασμό του οποίου δεν έχει τον κωδικό. Χρειάζεται ένα από τα εξής:',
  'setup.lack_password.missing': 'Γράψτε τον κωδικό στο πεδίο του: πηγαίνει στην κλειδοθήκη.',
  'setup.lack_password.no_keychain':
    'Ξεκλειδώστε την κλειδοθήκη αυτού του PC και δοκιμάστε ξανά· γράψτε τον κωδικό μόνο αν λείπει.',
  'setup.lack_variable': 'Ορίστε τη μεταβλητή περιβάλλοντος {name} πριν ξεκινήσει αυτό το πρόγραμμα.',
  'setup.lack_leave.no_keychain':
    'Παραλείψτε τον λογαριασμό: αδειάστε το e-mail του. Τότε ο έλεγχος σύνδεσης παραλείπεται και το δοκιμάζει ένας άνθρωπος. Αν ο κωδικός του είναι στην κλειδοθήκη, διαγράφεται.',
  'setup.lack_leave.missing':
    'Παραλείψτε τον λογαριασμό: αδειάστε το e-mail του. Τότε ο έλεγχος σύνδεσης παραλείπεται και το δοκιμάζει ένας άνθρωπος.',
  'setup.lack_stay': 'Μετάβαση στον κωδικό',
  'setup.lack_without': 'Ολοκλήρωση χωρίς λογαριασμό',
  'setup.account.none': 'Χωρίς λογαριασμό: χωρίς έλεγχο σύνδεσης',
  'setup.account.in_keychain': 'Ο κωδικός είναι στην κλειδοθήκη',
  'setup.account.in_environment': 'Ο κωδικός είναι στη μεταβλητή {name}',
  'setup.account.missing': 'Δεν υπάρχει κωδικός ακόμη',
  'setup.account.no_keychain': 'Η κλειδοθήκη δεν απαντά',
  'setup.account.unknown': 'Αναζήτηση στην κλειδοθήκη…',

  'setup.name': 'Όνομα της εγκατάστασης',
  'setup.name_hint': 'Για ανθρώπους, π.χ. QNAP Cyprus. Γράφεται στην αναφορά.',
  'setup.environment': 'Περιβάλλον',
  'setup.environment_hint': 'Π.χ. production ή staging',
  'setup.owner': 'Υπεύθυνος βάρδιας',
  'setup.owner_hint': 'Γράφεται στην αναφορά.',

  'setup.ladder': 'Η διαδρομή',
  'setup.ladder_label': 'Η διαδρομή από αυτό το PC ως τη βάση δεδομένων',
  'setup.ladder_looking': 'Δοκιμάζεται…',
  'setup.ladder_again': 'Νέα δοκιμή',
  'setup.ladder_empty':
    'Μόλις συμπληρωθούν οι διευθύνσεις, κάθε βήμα της διαδρομής δοκιμάζεται και εμφανίζεται εδώ.',
  'setup.ladder_stopped': 'Κάτι που χρειάζεται η διαδρομή δεν είναι ακόμη σωστό· δείτε τα πεδία.',
  'setup.ladder_good': 'Όλα τα βήματα λειτουργούν.',
  'setup.ladder_bad': { one: '{n} βήμα δεν λειτουργεί', other: '{n} βήματα δεν λειτουργούν' },
  'setup.rung.good': 'λειτουργεί',
  'setup.rung.bad': 'δεν λειτουργεί',
  'setup.rung.skipped': 'δεν δοκιμάστηκε',
  'setup.plain.this_pc': 'Αυτό το PC δεν έχει δίκτυο.',
  'setup.plain.network': 'Δεν υπάρχει διαδρομή προς το NAS.',
  'setup.plain.nas': 'Το NAS δεν απαντά σε αυτή τη διεύθυνση.',
  'setup.plain.docker_engine': 'Το Docker δεν απαντά ή αρνείται τη σύνδεση.',
  'setup.plain.container': 'Το container δεν είναι όπως πρέπει.',
  'setup.plain.application': 'Το SMS δεν απαντά όπως πρέπει.',
  'setup.plain.database': 'Το SMS δεν βρίσκει τη βάση δεδομένων του.',

  'setup.need.text': 'Συμπληρώστε το.',
  'setup.need.certificates':
    'Ένα Engine στο δίκτυο χρειάζεται πιστοποιητικά, αλλιώς θα μπορούσε να το ελέγξει οποιοσδήποτε. Επιλέξτε τον φάκελο.',
  'setup.missing': { one: '{n} πεδίο δεν είναι ακόμη σωστό:', other: '{n} πεδία δεν είναι ακόμη σωστά:' },
  'setup.ready': 'Όλα είναι συμπληρωμένα.',
  'setup.saved': 'Αποθηκεύτηκε',
  'setup.saving': 'Αποθηκεύεται…',
  'setup.leave': 'Αργότερα',
  'setup.discard': 'Απόρριψη',
  'setup.discard_title': 'Να απορριφθεί αυτή η ρύθμιση;',
  'setup.discard_text': 'Διαγράφεται ό,τι πληκτρολογήσατε. Μια εγκατάσταση που υπάρχει ήδη μένει όπως είναι.',
  'setup.discard_do': 'Απόρριψη',
  'setup.finish': 'Ολοκλήρωση',
  'setup.finish_change': 'Αποθήκευση αλλαγών',
  'setup.bad_title': 'Ολοκλήρωση, αν και ένα βήμα δεν λειτουργεί;',
  'setup.bad_text':
    'Ίσως το NAS είναι τώρα κλειστό· τότε δεν πειράζει. Αν όμως είναι λάθος μια διεύθυνση ή ένα πιστοποιητικό, η βάρδια δεν θα βλέπει τίποτα και όλος αυτός ο χρόνος θα είναι κενό.',
  'setup.bad_do': 'Ολοκλήρωση ούτως ή άλλως',
  'setup.bad_stay': 'Επιστροφή στα πεδία',
  'setup.nameless_title': 'Συνέχεια χωρίς τον κωδικό;',
  'setup.nameless_text':
    'Πληκτρολογήθηκε κωδικός, αλλά δεν είναι γνωστό τίνος είναι: η διεύθυνση e-mail του λογαριασμού λείπει ή δεν είναι σωστή. Χωρίς αυτήν ο κωδικός δεν φυλάσσεται.',
  'setup.nameless_stay': 'Μετάβαση στη διεύθυνση e-mail',
  'setup.nameless_do': 'Συνέχεια χωρίς αυτόν',
  'setup.done_title': 'Η εγκατάσταση {name} ρυθμίστηκε',
  'setup.done_text':
    'Η βάρδια διαρκεί 24 ώρες και αρχίζει με τους ελέγχους της ώρας 0. Όταν κλείνει το παράθυρο, συνεχίζεται από την περιοχή ειδοποιήσεων· το PC πρέπει να μένει ανοιχτό και να μην μπαίνει σε αναστολή.',
  'setup.done_lack.no_keychain':
    'Η βάρδια ξεκινά μόνο όταν είναι γνωστός ο κωδικός του λογαριασμού, και η κλειδοθήκη δεν απαντά. Ξεκλειδώστε την, ορίστε τη μεταβλητή {name} πριν ξεκινήσει αυτό το πρόγραμμα ή παραλείψτε τον λογαριασμό στη ρύθμιση.',
  'setup.done_lack.missing':
    'Η βάρδια δεν ξεκινά ακόμη: κανείς δεν έχει τον κωδικό του λογαριασμού. Γράψτε τον στη ρύθμιση, ορίστε τη μεταβλητή {name} πριν ξεκινήσει αυτό το πρόγραμμα ή παραλείψτε εκεί τον λογαριασμό.',
  'setup.done_running':
    'Μια συνεδρία που τρέχει τώρα συνεχίζει με τις παλιές ρυθμίσεις. Η αλλαγή ισχύει από την επόμενη.',
  'setup.done_now': 'Έναρξη της βάρδιας τώρα',
  'setup.done_later': 'Αργότερα',
};
