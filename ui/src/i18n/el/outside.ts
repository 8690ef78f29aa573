// Greek for what the program says in English, see `i18n/outside`: a key's meaning, a simulated day.
import { planLines } from './plan_lines';

export const outside: Record<string, string> = {
  ...planLines,
  'scenario.day.title': 'Μια συνηθισμένη πρώτη ημέρα',
  'scenario.day.text': 'αργή βάση το βράδυ, το PC εκτός δικτύου τη νύχτα, μία κατάρρευση νωρίς το πρωί',
  'scenario.healthy.title': 'Όλα πάνε καλά',
  'scenario.healthy.text': 'μια ολόκληρη υγιής ημέρα',
  'scenario.crash.title': 'Το container καταρρέει',
  'scenario.crash.text':
    'η διεργασία τερματίζεται με κωδικό 3 μετά από 40 λεπτά και το restart policy την επανεκκινεί',
  'scenario.down.title': 'Το container μένει κάτω',
  'scenario.down.text':
    'η διεργασία τερματίζεται με κωδικό 1 μετά από 20 λεπτά και επί μισή ώρα τίποτα δεν την επανεκκινεί',
  'scenario.oom.title': 'Το container ξεμένει από μνήμη',
  'scenario.oom.text': 'ο kernel τερματίζει το container μετά από 50 λεπτά· ξεκινά πάλι',
  'scenario.slow-database.title': 'Η βάση είναι αργή',
  'scenario.slow-database.text': 'κάθε ερώτημα διαρκεί 1,6 δευτερόλεπτα επί μισή ώρα',
  'scenario.database-down.title': 'Η βάση δεν είναι διαθέσιμη',
  'scenario.database-down.text': 'η βάση αρνείται συνδέσεις επί δέκα λεπτά',
  'scenario.memory-leak.title': 'Διαρροή μνήμης',
  'scenario.memory-leak.text': '40 MiB την ώρα μετά την πρώτη ώρα, ώσπου το τερματίζει ο kernel',
  'scenario.login-broken.title': 'Κανείς δεν μπορεί να συνδεθεί',
  'scenario.login-broken.text': 'η σύνδεση απαντά HTTP 500 μετά από 2 ώρες και 30 λεπτά, επί δύο ώρες',
  'scenario.flaky.title': 'Το API αποτυγχάνει πού και πού',
  'scenario.flaky.text': 'ένα στα τρία αιτήματα του API απαντά HTTP 500 επί 40 λεπτά',
  'scenario.log-errors.title': 'Συσσωρεύονται σφάλματα στο log',
  'scenario.log-errors.text': 'ένα σφάλμα το λεπτό επί δύο ώρες, ενώ όλα τα άλλα φαίνονται καλά',
  'scenario.breach.title': 'Κάποιος δοκιμάζει κωδικούς',
  'scenario.breach.text': 'δύο απορριφθείσες συνδέσεις το δευτερόλεπτο επί 20 λεπτά',
  'scenario.data-loss.title': 'Χάνονται δεδομένα',
  'scenario.data-loss.text':
    'το ένα τρίτο των γραμμών χάνεται μετά από τρεις ώρες και το log γράφει για κατεστραμμένη σελίδα',
  'scenario.offline.title': 'Αυτό το PC είναι εκτός δικτύου',
  'scenario.offline.text':
    'χωρίς δίκτυο εδώ επί μισή ώρα και αργότερα πέφτει το router: τίποτα δεν χρεώνεται στο SMS',
  'scenario.nas-down.title': 'Το NAS δεν απαντά',
  'scenario.nas-down.text': 'το NAS δεν απαντά επί 15 λεπτά, αν και το δίκτυο λειτουργεί',
  'scenario.api-down-ask.title': 'Το API αποτυγχάνει και αποφασίζει ένα πρόσωπο',
  'scenario.api-down-ask.text':
    'το API απαντά HTTP 500 μετά από 45 λεπτά, ώσπου κάποιος να επαναφέρει την προηγούμενη έκδοση· η επανεκκίνηση δεν βοηθά',
  'scenario.api-down-auto.title': 'Η βάρδια επαναφέρει μόνη της την προηγούμενη έκδοση',
  'scenario.api-down-auto.text':
    'το API απαντά HTTP 500 μετά από 45 λεπτά· η βάρδια επανεκκινεί, χωρίς αποτέλεσμα, και επαναφέρει την προηγούμενη έκδοση',
  'scenario.undone-auto.title': 'Μια επαναφορά αναιρείται',
  'scenario.undone-auto.text':
    'το NAS είναι πολύ απασχολημένο για να απαντήσει επί μία ώρα· η βάρδια επαναφέρει την προηγούμενη έκδοση, χωρίς αποτέλεσμα, και το αναιρεί',
  'scenario.three-containers.title': 'Τρία container',
  'scenario.three-containers.text':
    'το container του frontend καταρρέει μία φορά μετά από μία ώρα και αργότερα της βάσης μένει κάτω επί 12 λεπτά',
  'scenario.database-container-auto.title': 'Η βάρδια επανεκκινεί το container της βάσης',
  'scenario.database-container-auto.text':
    'το container της βάσης τερματίζεται μετά από 45 λεπτά και μένει κάτω· η βάρδια το επανεκκινεί και όλα είναι πάλι καλά',

  // A session keeps the title alone.
  'scenario.An ordinary first day': 'Μια συνηθισμένη πρώτη ημέρα',
  'scenario.Nothing goes wrong': 'Όλα πάνε καλά',
  'scenario.The container crashes': 'Το container καταρρέει',
  'scenario.The container stays down': 'Το container μένει κάτω',
  'scenario.The container runs out of memory': 'Το container ξεμένει από μνήμη',
  'scenario.The database is slow': 'Η βάση είναι αργή',
  'scenario.The database is gone': 'Η βάση δεν είναι διαθέσιμη',
  'scenario.Memory leaks': 'Διαρροή μνήμης',
  'scenario.Nobody can log in': 'Κανείς δεν μπορεί να συνδεθεί',
  'scenario.The API fails now and then': 'Το API αποτυγχάνει πού και πού',
  'scenario.Errors pile up in the log': 'Συσσωρεύονται σφάλματα στο log',
  'scenario.Somebody tries passwords': 'Κάποιος δοκιμάζει κωδικούς',
  'scenario.Data is lost': 'Χάνονται δεδομένα',
  'scenario.This PC is offline': 'Αυτό το PC είναι εκτός δικτύου',
  'scenario.The NAS does not answer': 'Το NAS δεν απαντά',
  'scenario.The API fails, and a person decides': 'Το API αποτυγχάνει και αποφασίζει ένα πρόσωπο',
  'scenario.The watch rolls back by itself': 'Η βάρδια επαναφέρει μόνη της την προηγούμενη έκδοση',
  'scenario.A roll back is undone': 'Μια επαναφορά αναιρείται',
  'scenario.Three containers': 'Τρία container',
  "scenario.The watch restarts the database's container": 'Η βάρδια επανεκκινεί το container της βάσης',

  'config.section.deployment': 'Τι παρακολουθείται.',
  'config.section.release': 'Τι εκδόθηκε.',
  'config.section.login':
    'Ο λογαριασμός για τον έλεγχο βασικής λειτουργίας (σύνδεση, λίστα φοιτητών). Χωρίς αυτόν ο έλεγχος παραλείπεται.',
  'config.section.watch': 'Ποιος έχει τη βάρδια και πόσο συχνά γίνονται μετρήσεις.',
  'config.section.actions':
    'Ποιος αποφασίζει για επανεκκίνηση και επαναφορά, και πότε ενεργεί μόνο του το πρόγραμμα.',
  'config.section.rules': 'Τα όρια. Οι προεπιλογές είναι εκείνες του γραπτού ημερολογίου συνεδρίας.',
  'config.section.rules.targets': 'Οι στόχοι των μετρήσεων αναφοράς.',
  'config.section.rules.matrix': 'Τα όρια του πίνακα ζητημάτων.',
  'config.section.rules.escalation': 'Οι χρόνοι της διαδικασίας κλιμάκωσης.',
  'config.section.rules.notify': 'Ποιος ειδοποιείται για τι.',
  'config.section.retention': 'Τι διατηρείται σε αυτό το PC.',
  'config.key.deployment.name': 'Το όνομά της για τους ανθρώπους, π.χ. QNAP Cyprus.',
  'config.key.deployment.environment': 'Το είδος της, π.χ. production ή staging.',
  'config.key.deployment.url':
    'Η διεύθυνση του SMS όπως τη γράφετε στον browser, http:// ή https://, χωρίς χρήστη και κωδικό.',
  'config.key.deployment.container':
    'Το όνομα του container· με τρία container, εκείνου της εφαρμογής (back end).',
  'config.key.deployment.front_end_container':
    'Το όνομα του container του front end, όπου έχει δικό του. Παρακολουθείται μαζί με της εφαρμογής.',
  'config.key.deployment.database_container':
    'Το όνομα του container της βάσης, όπου έχει δικό της. Παρακολουθείται μαζί με της εφαρμογής.',
  'config.key.deployment.docker':
    'Το Docker Engine: tcp://host:2376, ssh://user@host[:port][/path/of/docker.sock], unix:///var/run/docker.sock ή npipe:////./pipe/docker_engine.',
  'config.key.deployment.docker_certificates':
    'Ο φάκελος με τα ca.pem, cert.pem και key.pem για tcp://· σχετικός με αυτό το αρχείο.',
  'config.key.deployment.docker_unprotected':
    'Συγκατάθεση για Engine στο δίκτυο χωρίς πιστοποιητικά: όποιος φτάνει στη θύρα του ελέγχει το NAS, και ό,τι περνά στη διαδρομή μπορεί να διαβαστεί και να αλλάξει.',
  'config.key.deployment.docker_path':
    'Η διαδρομή του προγράμματος docker στο NAS, αν το SSH δεν επιτρέπει προώθηση και το docker δεν βρίσκεται μόνο του.',
  'config.key.deployment.ssh_key':
    'Το αρχείο με το ιδιωτικό κλειδί για ssh://, σχετικό με αυτό το αρχείο. Χωρίς αυτό ερωτώνται ο SSH agent και τα συνηθισμένα κλειδιά.',
  'config.key.deployment.ssh_password_env':
    'Το όνομα της μεταβλητής περιβάλλοντος με τον κωδικό του λογαριασμού στο NAS.',
  'config.key.deployment.ssh_passphrase_env':
    'Το όνομα της μεταβλητής περιβάλλοντος με τη φράση που ξεκλειδώνει το κλειδί.',
  'config.key.deployment.ca_file':
    'Η αρχή πιστοποίησης (PEM) του https του SMS, όταν δεν τη γνωρίζει το PC· σχετική με αυτό το αρχείο.',
  'config.key.deployment.references':
    'Διευθύνσεις (host:port) που απαντούν όταν το δίκτυο είναι εντάξει, π.χ. του router· έτσι ξεχωρίζει μια βλάβη του δικτύου από μια βλάβη του NAS.',
  'config.key.release.version': 'Η έκδοση υπό παρακολούθηση, χωρίς v.',
  'config.key.release.previous': 'Η έκδοση στην οποία γίνεται επαναφορά.',
  'config.key.release.previous_image':
    'Το image της στο NAS, αν δεν είναι εκείνο του ίδιου repository με την προηγούμενη έκδοση ως tag.',
  'config.key.release.previous_schema':
    'Η αναθεώρηση του σχήματος της βάσης που γνωρίζει η προηγούμενη έκδοση, όπως την ανέφερε το /health της.',
  'config.key.release.repository': 'Ιδιοκτήτης/όνομα στο GitHub.',
  'config.key.login.email': 'Το e-mail του λογαριασμού.',
  'config.key.login.password_env':
    'Το όνομα της μεταβλητής περιβάλλοντος που έχει τον κωδικό. Ο ίδιος ο κωδικός δεν γράφεται ποτέ σε αυτό το αρχείο.',
  'config.key.watch.owner': 'Ποιος έχει τη βάρδια.',
  'config.key.watch.every': 'Πόσο συχνά μετριέται κάθε πηγή ανάμεσα στους ελέγχους.',
  'config.key.watch.jitter_percent':
    'Πόσο μετατοπίζεται τυχαία κάθε γύρος, σε ποσοστό του διαστήματος, ώστε να μη μετριούνται όλες οι πηγές μαζί.',
  'config.key.watch.timeout': 'Πόσο επιτρέπεται να διαρκέσει ένα αίτημα.',
  'config.key.watch.plan':
    'Το αρχείο του σχεδίου, σχετικό με αυτό. Χωρίς αυτό ισχύει το τυπικό σχέδιο των 24 ωρών.',
  'config.key.actions.restart':
    'Ποιος αποφασίζει για επανεκκίνηση: ask ένας άνθρωπος, auto το ίδιο το πρόγραμμα, never κανείς.',
  'config.key.actions.roll_back':
    'Ποιος αποφασίζει για επαναφορά στην προηγούμενη έκδοση: ask ένας άνθρωπος, auto το ίδιο το πρόγραμμα, never κανείς.',
  'config.key.actions.restart_after':
    'Πόσο διαρκεί ένα κρίσιμο συμβάν πριν το πρόγραμμα επανεκκινήσει μόνο του το container. Προηγούνται η πολιτική επανεκκίνησης του Docker και όποιος δηλώσει ότι το είδε.',
  'config.key.actions.roll_back_after': 'Πόσο διαρκεί πριν το πρόγραμμα κάνει μόνο του επαναφορά.',
  'config.key.actions.restarts_per_hour': 'Πόσες αυτόματες επανεκκινήσεις επιτρέπονται μέσα σε μία ώρα.',
  'config.key.rules.failures': 'Συνεχόμενες αποτυχίες ώσπου μια πηγή να θεωρηθεί ότι αποτυγχάνει.',
  'config.key.rules.successes': 'Συνεχόμενες επιτυχίες ώσπου να θεωρηθεί ότι αποκαταστάθηκε.',
  'config.key.rules.late_after': 'Ένας έλεγχος που καθυστερεί περισσότερο από αυτό θεωρείται χαμένος.',
  'config.key.rules.coverage_percent':
    'Το ελάχιστο μέρος της συνεδρίας που πρέπει να έχει παρατηρηθεί για επιτυχία.',
  'config.key.rules.targets.api_p95_ms': 'Χρόνος απόκρισης του API, 95ο εκατοστημόριο: κάτω από αυτό.',
  'config.key.rules.targets.database_p95_ms': 'Χρόνος ερωτήματος στη βάση, 95ο εκατοστημόριο: κάτω από αυτό.',
  'config.key.rules.targets.cpu_percent':
    'CPU ως ποσοστό όλων των πυρήνων, 95ο εκατοστημόριο: κάτω από αυτό.',
  'config.key.rules.targets.error_rate_percent':
    'Αποτυχημένα αιτήματα ως ποσοστό όλων: κάτω από αυτό, με βεβαιότητα 95 %.',
  'config.key.rules.targets.memory_growth_percent_per_day':
    'Αύξηση μνήμης, ως ποσοστό του ορίου την ημέρα, ως την οποία μια σημαντική τάση θεωρείται ακόμη σταθερή.',
  'config.key.rules.targets.log_errors':
    'Σφάλματα στο log σε όλη τη συνεδρία ως τα οποία θεωρούνται «ελάχιστα».',
  'config.key.rules.matrix.slow_query_ms': 'Ένα ερώτημα πιο αργό από αυτό θεωρείται αργό.',
  'config.key.rules.matrix.slow_queries':
    'Πόσα αργά ερωτήματα μέσα στο παράθυρό τους αποτελούν σοβαρό ζήτημα.',
  'config.key.rules.matrix.slow_query_window': 'Το χρονικό παράθυρο για τα αργά ερωτήματα.',
  'config.key.rules.matrix.memory_percent': 'Μνήμη ως ποσοστό του ορίου, πάνω από το οποίο είναι υψηλή.',
  'config.key.rules.matrix.cpu_percent': 'CPU ως ποσοστό όλων των πυρήνων, πάνω από το οποίο είναι υψηλή.',
  'config.key.rules.matrix.capacity_percent':
    'Μνήμη, CPU ή δίσκος: το ποσοστό πάνω από το οποίο η χρήση τους καταγράφεται.',
  'config.key.rules.matrix.hysteresis_percent':
    'Πόσο πρέπει να πέσει μια τιμή κάτω από το όριό της για να θεωρηθεί ότι αποκαταστάθηκε, σε ποσοστιαίες μονάδες.',
  'config.key.rules.matrix.log_errors':
    'Εγγραφές σφάλματος μέσα στο παράθυρό τους που θεωρούνται συσσώρευση.',
  'config.key.rules.matrix.log_warnings':
    'Πόσες εγγραφές προειδοποίησης μέσα στο παράθυρό τους καταγράφονται ως ζήτημα.',
  'config.key.rules.matrix.log_window': 'Το χρονικό παράθυρο για τις εγγραφές του log.',
  'config.key.rules.matrix.intermittent_failures':
    'Αποτυχίες στα τελευταία είκοσι αιτήματα προς ένα endpoint που θεωρούνται διαλείπουσες.',
  'config.key.rules.matrix.dip_factor':
    'Μια απάντηση του API τόσες φορές πιο αργή από τη διάμεσο της συνεδρίας είναι πτώση, αν ξεπερνά και τον στόχο.',
  'config.key.rules.matrix.refused_logins':
    'Απορριφθείσες συνδέσεις μέσα σε πέντε λεπτά που μοιάζουν με επίθεση.',
  'config.key.rules.matrix.lost_rows_percent':
    'Γραμμές που χάθηκαν από κύριο πίνακα και θεωρούνται απώλεια δεδομένων.',
  'config.key.rules.escalation.restart_within': 'Μέσα σε αυτόν τον χρόνο δοκιμάζεται επανεκκίνηση.',
  'config.key.rules.escalation.roll_back_within': 'Μέσα σε αυτόν τον χρόνο εκτελείται η επαναφορά.',
  'config.key.rules.escalation.close_after':
    'Ένα σοβαρό ή ελάσσον συμβάν που αποκαταστάθηκε κλείνει μετά από αυτόν τον χρόνο χωρίς υποτροπή.',
  'config.key.rules.notify.from_severity': 'Συμβάντα κάτω από αυτή τη σοβαρότητα μόνο καταγράφονται.',
  'config.key.rules.notify.remind_every':
    'Κάθε πότε επαναλαμβάνεται η ειδοποίηση για κρίσιμο συμβάν που κανείς δεν έχει δηλώσει ότι είδε.',
  'config.key.rules.notify.warn_before': 'Πόσο πριν από την προθεσμία ενός βήματος έρχεται προειδοποίηση.',
  'config.key.retention.sessions':
    'Πόσες κλειστές συνεδρίες διατηρούνται· οι παλαιότερες διαγράφονται πρώτες.',
  'config.key.retention.max_size_mb':
    'Πόσο μεγάλες επιτρέπεται να γίνουν όλες μαζί, σε MB (1 000 000 bytes)· οι παλαιότερες κλειστές διαγράφονται πρώτες.',

  // What is wrong, by the row of the matrix and what it is about: the measured detail stands beside it in English.
  'problem.container_crash.container': 'Το container δεν τρέχει ή διακόπηκε χωρίς αναγγελία.',
  'problem.database_connection.database': 'Η εφαρμογή δεν μπορεί να συνδεθεί με τη βάση.',
  'problem.security_breach.image': 'Το image του container άλλαξε χωρίς αναγγελία: επιβεβαιώστε ή απορρίψτε.',
  'problem.security_breach.exec':
    'Κάποιος εκτέλεσε εντολή μέσα στο container χωρίς αναγγελία: επιβεβαιώστε ή απορρίψτε.',
  'problem.security_breach.copy':
    'Κάποιος αντέγραψε αρχεία από ή προς το container χωρίς αναγγελία: επιβεβαιώστε ή απορρίψτε.',
  'problem.security_breach.privileges':
    'Το container απέκτησε περισσότερα δικαιώματα, mounts ή ports χωρίς αναγγελία: επιβεβαιώστε ή απορρίψτε.',
  'problem.security_breach.redeploy':
    'Το container δημιουργήθηκε εκ νέου χωρίς αναγγελία: επιβεβαιώστε ή απορρίψτε.',
  'problem.security_breach.logins': 'Πολλές απορριφθείσες συνδέσεις: κάποιος δοκιμάζει κωδικούς.',
  'problem.data_corruption.log': 'Το log αναφέρει κατεστραμμένα δεδομένα.',
  'problem.data_corruption.rows': 'Χάθηκαν γραμμές από κύριους πίνακες.',
  'problem.feature_failure.nas': 'Το NAS δεν απαντά, αν και το δίκτυο λειτουργεί.',
  'problem.feature_failure.api': 'Το API δεν απαντά σωστά.',
  'problem.feature_failure.frontend': 'Το frontend δεν φορτώνει.',
  'problem.feature_failure.login': 'Η σύνδεση και η λίστα φοιτητών αποτυγχάνουν.',
  'problem.intermittent_failures.docker': 'Το Docker Engine αποτυγχάνει επανειλημμένα.',
  'problem.intermittent_failures.*': 'Μέρος των αιτημάτων προς αυτό το endpoint αποτυγχάνει.',
  'problem.slow_queries.database': 'Τα ερωτήματα στη βάση είναι πιο αργά από το όριο.',
  'problem.high_memory.memory': 'Η μνήμη μένει πάνω από το όριο προειδοποίησης.',
  'problem.high_cpu.cpu': 'Η CPU μένει πάνω από το όριο προειδοποίησης.',
  'problem.log_errors.log': 'Τα σφάλματα στο log ξεπερνούν το όριο.',
  'problem.occasional_timeout.requests': 'Λίγα αιτήματα απέτυχαν και μετά όλα συνεχίστηκαν κανονικά.',
  'problem.warning_logs.log': 'Το log γράφει προειδοποιήσεις που δεν εμποδίζουν τη λειτουργία.',
  'problem.performance_dip.api': 'Το API απαντά πιο αργά από το συνηθισμένο.',
  'problem.capacity_usage.capacity': 'Η χρήση μνήμης ή CPU είναι υψηλή.',
  'problem.capacity_usage.disk': 'Ο δίσκος του NAS γεμίζει.',

  // Why a check was missed.
  'missed.PC asleep or standing still': 'το PC ήταν σε αναστολή ή δεν ανταποκρινόταν',
  'missed.watch not running': 'η βάρδια δεν ήταν ενεργή',
  'missed.PC offline': 'το PC ήταν εκτός δικτύου',
  'missed.network down': 'υπήρχε διακοπή δικτύου',
  'missed.the watch was busy elsewhere': 'η βάρδια ήταν απασχολημένη αλλού',

  // What to do about what the program could not do.
  'help.configuration': 'Βάλτε το αρχείο πίσω στη θέση του ή ρυθμίστε την εγκατάσταση ξανά.',
  'help.configuration_lines':
    'Διορθώστε αυτές τις γραμμές σε έναν επεξεργαστή κειμένου ή αφαιρέστε το αρχείο και ρυθμίστε την εγκατάσταση ξανά.',
  'help.plan': 'Ανοίξτε το πλάνο στις ρυθμίσεις: αλλάξτε το εκεί ή επιστρέψτε στο ενσωματωμένο.',
  'help.password':
    'Ανοίξτε τη ρύθμιση της εγκατάστασης και γράψτε εκεί τον κωδικό ή παραλείψτε τον λογαριασμό: τότε ο έλεγχος σύνδεσης παραλείπεται. Χωρίς κλειδοθήκη, ορίστε τη μεταβλητή {name} πριν ξεκινήσει η εφαρμογή.',
  'help.keychain':
    'Ξεκλειδώστε την κλειδοθήκη και δοκιμάστε ξανά. Αν δεν υπάρχει, ορίστε τη μεταβλητή {name} πριν ξεκινήσει η εφαρμογή ή ανοίξτε τη ρύθμιση της εγκατάστασης και παραλείψτε τον λογαριασμό: τότε ο έλεγχος σύνδεσης παραλείπεται.',
  'help.keychain_ssh':
    'Ξεκλειδώστε την κλειδοθήκη και δοκιμάστε ξανά· αν δεν υπάρχει, ορίστε τη μεταβλητή {name} πριν ξεκινήσει η εφαρμογή ή χρησιμοποιήστε ιδιωτικό κλειδί χωρίς φράση ή κλειδί του SSH agent.',
  'help.simulated_ended': 'Ανοίξτε τη για να τη δείτε ή αρχίστε άλλη προσομοιωμένη ημέρα.',
  'help.simulated_anew': 'Αρχίστε άλλη προσομοιωμένη ημέρα.',
  'help.real': 'Ρυθμίστε εδώ την εγκατάστασή της και μετά συνεχίστε την.',
  'help.elsewhere': 'Αφήστε τη σε εκείνο το πρόγραμμα· εδώ μπορείτε να την ανοίξετε για να τη δείτε.',
  'help.anew': 'Αρχίστε νέα βάρδια της εγκατάστασης.',
  'help.sign_off': 'Ανοίξτε τη και υπογράψτε τη ή αρχίστε νέα βάρδια.',
  'help.go_on': 'Συνεχίστε πρώτα τη βάρδια.',
  'help.took_effect': 'Δείτε στο ημερολόγιο αν εκτελέστηκε.',
  'help.hangs':
    'Δείτε το πρόγραμμα που την παρακολουθεί· αν έχει κολλήσει, τερματίστε το και συνεχίστε τη βάρδια εδώ.',
  'help.same_version': 'Χρησιμοποιήστε την ίδια έκδοση και στα δύο προγράμματα.',
  'help.sessions': 'Η πρώτη σελίδα δείχνει όσες υπάρχουν.',
  'help.status': 'Δείτε ξανά: ίσως άλλαξε στο μεταξύ.',
  'help.name': 'Γράψτε το όνομά σας στις ρυθμίσεις.',
  'help.journal':
    'Το ημερολόγιό της ίσως έχει υποστεί βλάβη: επαναφέρετε τον φάκελο δεδομένων από αντίγραφο.',
  'help.chain':
    'Κάποιος άλλαξε το ημερολόγιο αφού γράφτηκε, ή το έκανε ο δίσκος: επαναφέρετε τον φάκελο δεδομένων από αντίγραφο.',
  'help.folder': 'Δείτε τα δικαιώματα και τον ελεύθερο χώρο του φακέλου ή επιλέξτε άλλον.',

  // What to do about a rung of the ladder that is broken.
  'advice.other_system': 'Συνδεθείτε με το Docker Engine μέσω tcp:// με τα πιστοποιητικά του ή μέσω ssh://.',
  'advice.certificate_expired':
    'Ανανεώστε τα πιστοποιητικά στο NAS (Container Station → Preferences → Docker Certificate) και κατεβάστε ξανά και τα τρία αρχεία· δείτε και τα ρολόγια του NAS και του PC.',
  'advice.certificate_clock': 'Ρυθμίστε τα ρολόγια του PC και του NAS· το ένα από τα δύο πάει πίσω.',
  'advice.engine_name':
    'Γράψτε στο `deployment.docker` το όνομα που έχει το πιστοποιητικό ή αποθηκεύστε το πιστοποιητικό του Engine ως server.pem δίπλα στα άλλα.',
  'advice.engine_authority':
    'Κατεβάστε ξανά το ca.pem από το ίδιο το NAS· αν είναι ήδη καινούργιο, κάτι άλλο απαντά στη θέση του NAS.',
  'advice.engine_not_pinned':
    'Αν το NAS απέκτησε νέο πιστοποιητικό, αποθηκεύστε το ως server.pem· αν όχι, κάτι άλλο απαντά στη θέση του.',
  'advice.client_certificate':
    'Κατεβάστε ξανά μαζί τα cert.pem και key.pem από αυτό το NAS· άλλου NAS ή παλιότερα δεν γίνονται δεκτά.',
  'advice.not_tls': 'Διορθώστε τη θύρα στο `deployment.docker`: με πιστοποιητικά είναι συνήθως η 2376.',
  'advice.speak_tls':
    'Η θύρα αυτή ζητά πιστοποιητικά: ορίστε τον φάκελό τους ως `deployment.docker_certificates`.',
  'advice.local_socket':
    'Δώστε σε αυτόν τον λογαριασμό πρόσβαση στο Docker (`sudo usermod -aG docker NAME`) και συνδεθείτε ξανά· στα Windows ξεκινήστε το Docker Desktop.',
  'advice.local_docker':
    'Εγκαταστήστε ή ξεκινήστε το Docker σε αυτό το PC ή διορθώστε το socket στο `deployment.docker`.',
  'advice.engine_old': 'Ενημερώστε το Container Station (ή το Docker) στο NAS.',
  'advice.ssh_off':
    'Ενεργοποιήστε το SSH στο NAS (QNAP: Control Panel → Network & File Services → Telnet / SSH) και δείτε αν η θύρα του είναι αυτή στο `deployment.docker`.',
  'advice.not_ssh':
    'Διορθώστε τη θύρα στο `deployment.docker`· αν είναι σωστή, δείτε μήπως το NAS αποκλείει αυτό το PC (QNAP: Control Panel → Security → IP Access Protection).',
  'advice.ssh_old':
    'Ενημερώστε το firmware του NAS ή συνδεθείτε με το Engine μέσω tcp:// με τα πιστοποιητικά του.',
  'advice.host_key_unknown':
    'Συγκρίνετε το αποτύπωμα με αυτό του NAS (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` εκεί) και μετά εμπιστευθείτε το.',
  'advice.host_key_changed':
    'Ρωτήστε όποιον φροντίζει το NAS αν εγκαταστάθηκε από την αρχή. Μόνο τότε σβήστε τη γραμμή του αρχείου και εμπιστευθείτε το νέο κλειδί· αλλιώς μη συνδεθείτε από αυτό το δίκτυο.',
  'advice.known_hosts': 'Διορθώστε ή σβήστε αυτό το αρχείο· για ό,τι είχε, θα ερωτηθείτε ξανά.',
  'advice.key_file':
    'Διορθώστε το `deployment.ssh_key`: ορίζει το αρχείο ενός ιδιωτικού κλειδιού που διαβάζει αυτός ο λογαριασμός.',
  'advice.key_rights': 'Αφαιρέστε τα δικαιώματα των άλλων με `chmod 600 FILE`.',
  'advice.passphrase':
    'Ορίστε τη μεταβλητή περιβάλλοντος του `deployment.ssh_passphrase_env` (WATCHKEEPER_SSH_PASSPHRASE) ή προσθέστε το κλειδί στον SSH agent με `ssh-add`.',
  'advice.ssh_no_key':
    'Φτιάξτε κλειδί με `ssh-keygen -t ed25519` και βάλτε τη γραμμή του .pub στο ~/.ssh/authorized_keys του NAS· ή ορίστε τη μεταβλητή περιβάλλοντος του `deployment.ssh_password_env` (WATCHKEEPER_SSH_PASSWORD).',
  'advice.ssh_key_refused':
    'Βάλτε τη γραμμή του .pub στο ~/.ssh/authorized_keys του λογαριασμού στο NAS και δείτε αν ο λογαριασμός στο `deployment.docker` επιτρέπεται να χρησιμοποιεί SSH (QNAP: μόνο διαχειριστές).',
  'advice.ssh_password':
    'Διορθώστε τη μεταβλητή περιβάλλοντος του `deployment.ssh_password_env` (WATCHKEEPER_SSH_PASSWORD) ή χρησιμοποιήστε κλειδί.',
  'advice.ssh_more': 'Χρησιμοποιήστε κλειδί για λογαριασμό χωρίς επαλήθευση 2 βημάτων.',
  'advice.ssh_docker':
    'Επιτρέψτε την προώθηση στο NAS (`AllowStreamLocalForwarding yes` στο sshd_config) ή ορίστε το docker του ως `deployment.docker_path` (QNAP: /share/CACHEDEV1_DATA/.qpkg/container-station/bin/docker).',
  'advice.ssh_socket':
    'Χρησιμοποιήστε λογαριασμό που έχει πρόσβαση στο Docker: μέλος της ομάδας `docker`, σε QNAP της `administrators`.',
  'advice.ssh_commands':
    'Χρησιμοποιήστε λογαριασμό που μπορεί να εκτελεί εντολές ή επιτρέψτε την προώθηση στο NAS (`AllowStreamLocalForwarding yes`).',
  'advice.connect': 'Συνδέστε το καλώδιο ή το Wi-Fi και δείτε αν το PC έχει διεύθυνση IP.',
  'advice.use_address': 'Γράψτε στις ρυθμίσεις τη διεύθυνση IP του NAS ή ελέγξτε το DNS του router.',
  'advice.router': 'Ελέγξτε router, switch και καλώδια· ίσως είναι λάθος και μια διεύθυνση αναφοράς.',
  'advice.nas_silent':
    'Δείτε αν το NAS είναι αναμμένο και αν η διεύθυνση είναι σωστή· ίσως ένα firewall κόβει αυτό το PC.',
  'advice.nas_off': 'Δείτε αν το NAS είναι αναμμένο και στο ίδιο δίκτυο με αυτό το PC.',
  'advice.start_docker':
    'Ξεκινήστε το Container Station (ή το Docker) και δείτε αν ακούει στη θύρα που έχουν οι ρυθμίσεις.',
  'advice.certificates':
    'Κατεβάστε ξανά τα ca.pem, cert.pem και key.pem από το Container Station → Preferences → Docker Certificate.',
  'advice.overloaded':
    'Το NAS ίσως είναι υπερφορτωμένο· δείτε το φορτίο του και επανεκκινήστε το Container Station.',
  'advice.container_station': 'Ελέγξτε το Container Station στο NAS και επανεκκινήστε το.',
  'advice.container_name':
    'Βρείτε το όνομα του container με `docker ps --all` και διορθώστε το στις ρυθμίσεις.',
  'advice.publish':
    'Δείτε με `docker ps` αν το container τρέχει και αν εκθέτει τη θύρα που έχουν οι ρυθμίσεις.',
  'advice.container_log': 'Δείτε το `docker ps --all` και το log του container.',
  'advice.certificate_name':
    'Χρησιμοποιήστε το όνομα που γράφει το πιστοποιητικό ή ορίστε στις ρυθμίσεις το αρχείο PEM της αρχής του.',
  'advice.address': 'Δείτε αν η διεύθυνση στις ρυθμίσεις είναι όντως του SMS.',
  'advice.path': 'Δείτε αν η διεύθυνση στις ρυθμίσεις έχει τη σωστή διαδρομή.',
  'advice.watch_less': 'Το SMS περιορίζει τα αιτήματα: περιμένετε ένα λεπτό και αραιώστε τις μετρήσεις.',
  'advice.application_log': 'Δείτε το log του container· ίσως βοηθήσει μια επανεκκίνησή του.',
  'advice.database_log': 'Δείτε το log της βάσης και τον δίσκο του NAS.',
  'advice.unhealthy': 'Δείτε το log του container με `docker logs` και τις βαθμίδες παρακάτω.',
  'advice.start_container':
    'Δείτε το log του container με `docker logs` και μετά ξεκινήστε το με `docker start`.',
};
