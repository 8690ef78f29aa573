import type { docker as english } from '../en/docker';
import type { Text } from '../text';

export const docker: Record<keyof typeof english, Text> = {
  'setup.docker_ssh': 'Στο NAS, μέσω SSH',
  'setup.docker_ssh_text':
    'Με λογαριασμό του NAS, όπως το docker -H ssh://… Δεν χρειάζεται ανοιχτή θύρα του Docker.',
  'setup.docker_hint.ssh':
    'Το NAS όπως το ξέρει το ssh: ssh://admin@nas.local, με :θύρα αν δεν είναι η 22 και τη διαδρομή του docker.sock αν δεν είναι /var/run/docker.sock',
  'setup.docker_forms': 'Ποιες μορφές υπάρχουν;',
  'setup.docker_forms_text':
    'Γράφεται όπως στο DOCKER_HOST, στο docker -H και στη στήλη DOCKER ENDPOINT του docker context ls.',
  'setup.docker_form.tcp': 'tcp://nas.local:2376',
  'setup.docker_form.ssh': 'ssh://admin@nas.local[:port][/path/of/docker.sock]',
  'setup.docker_form.unix': 'unix:///var/run/docker.sock',
  'setup.docker_form.npipe': 'npipe:////./pipe/docker_engine',
  'setup.docker_means.tcp':
    'Το Engine ακούει σε θύρα του NAS. Στη 2376 ζητά πιστοποιητικά (docker --tlsverify)· στη 2375 κατά κανόνα δεν ζητά τίποτα.',
  'setup.docker_means.ssh':
    'Μέσω SSH στο NAS και εκεί στο socket του· αν το NAS δεν επιτρέπει προώθηση, εκτελείται το δικό του docker.',
  'setup.docker_means.unix': 'Το socket ενός Engine σε αυτό το PC, σε Linux.',
  'setup.docker_means.npipe': 'Το named pipe του Docker Desktop σε αυτό το PC, σε Windows.',

  'setup.protection': 'Τη θύρα προστατεύουν',
  'setup.protection_folder': 'Πιστοποιητικά σε φάκελο',
  'setup.protection_folder_text':
    'Τα ca.pem, cert.pem και key.pem βρίσκονται ήδη σε αυτό το PC, όπως στο DOCKER_CERT_PATH.',
  'setup.protection_pasted': 'Πιστοποιητικά που θα επικολλήσω',
  'setup.protection_pasted_text':
    'Τα κείμενά τους ελέγχονται εδώ και φυλάσσονται σε φάκελο που διαβάζετε μόνο εσείς.',
  'setup.protection_none': 'Τίποτα',
  'setup.protection_none_text': 'Η θύρα δέχεται εντολές από οποιονδήποτε. Μόνο με τη συγκατάθεσή σας.',
  'setup.certificates_how_paste':
    'Αποσυμπιέστε το αρχείο, ανοίξτε καθένα από τα τρία σε επεξεργαστή κειμένου και επικολλήστε το εδώ.',
  'setup.paste_intro':
    'Επικολλήστε και τα τρία από το ίδιο NAS, το καθένα από τη γραμμή BEGIN ως τη γραμμή END. Φυλάσσονται στον φάκελο δεδομένων, μόνο για τον λογαριασμό σας.',
  'setup.pem_name.ca': 'το πιστοποιητικό της αρχής',
  'setup.pem_name.cert': 'το πιστοποιητικό αυτού του PC',
  'setup.pem_name.key': 'το ιδιωτικό κλειδί του',
  'setup.pem.certificates': { one: '{n} πιστοποιητικό', other: '{n} πιστοποιητικά' },
  'setup.pem.private_key': 'Ένα ιδιωτικό κλειδί',
  'setup.pem.locked_key':
    'Ιδιωτικό κλειδί με φράση: τα κλειδιά του Docker δεν έχουν. Πάρτε το key.pem όπως το δίνει το NAS.',
  'setup.pem.other': 'Αυτό είναι κάτι άλλο: {word}.',
  'setup.pem.cut': 'Μια γραμμή BEGIN ή END λείπει ή είναι κομμένη: επικολλήστε ολόκληρο το αρχείο.',
  'setup.pem.no_pem': 'Αυτό δεν είναι κείμενο PEM: δεν έχει γραμμή BEGIN.',
  'setup.pem_want.key': 'Εδώ μπαίνει το ιδιωτικό κλειδί: το κείμενο του key.pem.',
  'setup.pem_want.cert': 'Εδώ μπαίνει πιστοποιητικό· το κλειδί μπαίνει πιο κάτω, στο key.pem.',
  'setup.paste_keep': 'Έλεγχος και φύλαξη',
  'setup.paste_kept': 'Τα τρία ταιριάζουν μεταξύ τους και φυλάχθηκαν.',
  'setup.paste_kept_until':
    'Τα τρία ταιριάζουν μεταξύ τους και φυλάχθηκαν. Το πιστοποιητικό αυτού του PC ισχύει ως {day}.',

  'setup.consent_title': 'Όποιος φτάνει σε αυτή τη θύρα είναι root στο NAS',
  'setup.consent_root':
    'Ένα Engine χωρίς πιστοποιητικά δέχεται εντολές από όποιον φτάνει στη θύρα του: κάθε PC, τηλέφωνο και επισκέπτης του δικτύου μπορεί να ξεκινήσει, να αλλάξει και να σβήσει κάθε container, να διαβάσει κάθε αρχείο του NAS και να το καταλάβει.',
  'setup.consent_read':
    'Και ό,τι περνά στη διαδρομή μπορεί να το διαβάσει και να το αλλάξει όποιος βρίσκεται σε αυτήν.',
  'setup.consent_instead':
    'Καλύτερα: πιστοποιητικά ή SSH. Συγκατατεθείτε μόνο αν το δίκτυο είναι αποκλειστικά δικό σας.',
  'setup.consent': 'Συγκατατίθεμαι: όποιος φτάνει σε αυτή τη θύρα είναι root σε αυτό το NAS',
  'setup.consent_hint':
    'Ισχύει μόνο για αυτή τη διεύθυνση και γράφεται στις ρυθμίσεις ως docker_unprotected.',
  'setup.consent_loopback': 'Σε αυτή τη διεύθυνση φτάνει μόνο αυτό το PC: δεν χρειάζεται πιστοποιητικά.',

  'setup.ssh_user': 'Λογαριασμός στο NAS',
  'setup.ssh_user_hint':
    'Αυτός που γράφεται πριν από το @. Πρέπει να επιτρέπεται να χρησιμοποιεί SSH και Docker: σε QNAP, διαχειριστής.',
  'setup.ssh_way': 'Αυτό το PC δείχνει στο NAS',
  'setup.ssh_agent': 'Κλειδί του SSH agent ή κάποιο στο ~/.ssh',
  'setup.ssh_agent_text':
    'Όπως το ίδιο το ssh: πρώτα ο agent (στα Windows του OpenSSH ή ο Pageant), μετά id_ed25519, id_ecdsa, id_rsa.',
  'setup.ssh_key_way': 'Το κλειδί σε αρχείο',
  'setup.ssh_key_way_text': 'Όπως το ssh -i.',
  'setup.ssh_password_way': 'Τον κωδικό του λογαριασμού',
  'setup.ssh_password_way_text': 'Δοκιμάζεται μόνο όπου δεν γίνεται δεκτό κανένα κλειδί.',
  'setup.ssh_key': 'Αρχείο του ιδιωτικού κλειδιού',
  'setup.ssh_key_hint': 'Π.χ. ~/.ssh/id_ed25519: το αρχείο χωρίς .pub, που το διαβάζετε μόνο εσείς.',
  'setup.ssh_secret.password': 'Κωδικός του λογαριασμού στο NAS',
  'setup.ssh_hint.password':
    'Πηγαίνει κατευθείαν στην κλειδοθήκη αυτού του PC και σε κανένα αρχείο· δεν δείχνεται ποτέ σε άλλο NAS. Προσέξτε να είναι σωστός: ένα NAS ίσως αποκλείσει αυτό το PC μετά από λίγες αποτυχίες.',
  'setup.ssh_forget.password':
    'Διαγράφεται από την κλειδοθήκη. Αν το NAS δεν δέχεται κανένα κλειδί, η βάρδια δεν φτάνει πια στο Docker του.',
  'setup.ssh_state.password.in_keychain': 'Ο κωδικός είναι στην κλειδοθήκη',
  'setup.ssh_state.password.in_environment': 'Ο κωδικός είναι στη μεταβλητή {name}',
  'setup.ssh_state.password.missing': 'Δεν υπάρχει κωδικός ακόμη',
  'setup.ssh_state.password.no_keychain': 'Η κλειδοθήκη δεν απαντά',
  'setup.ssh_state.password.unknown': 'Αναζήτηση στην κλειδοθήκη…',
  'setup.ssh_secret.passphrase': 'Φράση του κλειδιού',
  'setup.ssh_hint.passphrase':
    'Μόνο αν το κλειδί έχει φράση. Πηγαίνει κατευθείαν στην κλειδοθήκη αυτού του PC και σε κανένα αρχείο.',
  'setup.ssh_forget.passphrase':
    'Διαγράφεται από την κλειδοθήκη. Ένα κλειδί με φράση δεν διαβάζεται χωρίς αυτήν.',
  'setup.ssh_state.passphrase.in_keychain': 'Η φράση είναι στην κλειδοθήκη',
  'setup.ssh_state.passphrase.in_environment': 'Η φράση είναι στη μεταβλητή {name}',
  'setup.ssh_state.passphrase.missing': 'Δεν φυλάσσεται φράση',
  'setup.ssh_state.passphrase.no_keychain': 'Η κλειδοθήκη δεν απαντά',
  'setup.ssh_state.passphrase.unknown': 'Αναζήτηση στην κλειδοθήκη…',
  'setup.ssh_needs_user': 'Γράψτε πρώτα τον λογαριασμό στο NAS.',
  'setup.ssh_no_keychain':
    'Ξεκλειδώστε την κλειδοθήκη και δοκιμάστε ξανά· αν δεν υπάρχει, ορίστε τη μεταβλητή περιβάλλοντος {name} πριν ξεκινήσει αυτό το πρόγραμμα.',
  'setup.ssh_secret_here': 'Ή γράψτε το εδώ, στη ρύθμιση: πηγαίνει στην κλειδοθήκη.',
  'setup.docker_path': 'Διαδρομή του docker στο NAS',
  'setup.docker_path_hint':
    'Μπορεί να μείνει κενή: χρειάζεται μόνο αν το NAS δεν επιτρέπει προώθηση στο socket και το docker του βρίσκεται σε ασυνήθιστη θέση.',
  'setup.ssh_how': 'Πώς ετοιμάζω το NAS;',
  'setup.ssh_how_1':
    'Ενεργοποιήστε το SSH: σε QNAP στο Control Panel → Network & File Services → Telnet / SSH. Εκεί φαίνεται και η θύρα.',
  'setup.ssh_how_2': 'Φτιάξτε κλειδί σε αυτό το PC, αν δεν υπάρχει: ssh-keygen -t ed25519',
  'setup.ssh_how_3': 'Βάλτε τη γραμμή του αρχείου .pub στο ~/.ssh/authorized_keys του λογαριασμού στο NAS.',
  'setup.ssh_how_why':
    'Το κλειδί είναι καλύτερο από τον κωδικό: δεν στέλνεται ποτέ και ανακαλείται σβήνοντας εκείνη τη γραμμή.',

  'setup.host_new': 'Είναι αυτό το NAS σας;',
  'setup.host_new_text':
    'Αυτό το PC δεν το έχει συναντήσει ξανά μέσω SSH. Δεν του στέλνεται τίποτα, ώσπου να συγκρίνετε το κλειδί του και να το εμπιστευθείτε: ενδιάμεσα θα μπορούσε να απαντά κάποιος άλλος στη θέση του.',
  'setup.host_shown': 'Δείχνει τώρα',
  'setup.host_compare':
    'Εκτελέστε αυτό στο ίδιο το NAS και συγκρίνετε ό,τι τυπώνει, χαρακτήρα προς χαρακτήρα:',
  'setup.host_else': 'Αν διαφέρει ή δεν μπορείτε να το δείτε: αφήστε το και ρωτήστε όποιον ρύθμισε το NAS.',
  'setup.host_trust': 'Τα αποτυπώματα είναι ίδια: εμπιστεύομαι το NAS',
  'setup.host_changed': 'Κίνδυνος: το NAS δείχνει άλλο κλειδί από πριν',
  'setup.host_changed_text':
    'Δεν είναι το κλειδί που εμπιστευθήκατε: ίσως κάποιος απαντά στη θέση του NAS σας, για να διαβάσει ό,τι στέλνετε και να το καταλάβει. Δεν στάλθηκε τίποτα, και η ρύθμιση δεν μπορεί να ολοκληρωθεί έτσι.',
  'setup.host_known': 'Το εμπιστευθήκατε με',
  'setup.host_changed_do': 'Μόνο αν ξέρετε ότι το NAS στήθηκε από την αρχή ή πήρε άλλο κλειδί:',
  'setup.host_changed_1': 'Ρωτήστε όποιον φροντίζει το NAS αν έγινε αυτό και πότε.',
  'setup.host_changed_2': 'Σβήστε τη γραμμή {line} του {file}.',
  'setup.host_changed_3': 'Δοκιμάστε ξανά: τότε εμφανίζεται το νέο κλειδί, για να συγκριθεί όπως σε νέο NAS.',
  'setup.host_changed_else': 'Αλλιώς μη συνδεθείτε από αυτό το δίκτυο.',
  'setup.host_refused': 'Άρνηση:',

  'setup.need.consent': 'Επιλέξτε πιστοποιητικά ή SSH, ή συγκατατεθείτε.',
  'setup.need.ssh_user': 'Γράψτε τον λογαριασμό στο NAS: δεν τον μαντεύει κανείς.',
  'setup.need.ssh_key': 'Επιλέξτε το αρχείο του ιδιωτικού κλειδιού.',
  'setup.nameless_ssh':
    'Γράψατε ό,τι ανοίγει το NAS μέσω SSH, αλλά όχι για ποιον: λείπει από τη διεύθυνση ο λογαριασμός στο NAS. Χωρίς αυτόν δεν φυλάσσεται τίποτα.',
  'setup.nameless_stay_ssh': 'Μετάβαση στον λογαριασμό',
};
