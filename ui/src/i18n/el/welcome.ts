import type { welcome as english } from '../en/welcome';
import type { Text } from '../text';

export const welcome: Record<keyof typeof english, Text> = {
  'welcome.title': 'SMS Watchkeeper',
  'welcome.what':
    'Κρατά την 24ωρη βάρδια μετά από μια έκδοση του Student Management System: προγραμματισμένοι έλεγχοι, μετρήσεις ενδιάμεσα, οι προθεσμίες ενός κρίσιμου συμβάντος. Στο τέλος έχετε ένα πόρισμα με τα τεκμήριά του και μια αναφορά με την οποία υπογράφεται η έκδοση.',
  'welcome.settings': 'Ρυθμίσεις',
  'welcome.unseen': 'Η συνεδρία δεν μπορεί να εμφανιστεί',
  'welcome.back': 'Πίσω: {deployment}, v{version}',

  'welcome.demo': 'Δοκιμή με προσομοίωση',
  'welcome.demo_text':
    'Ένα εικονικό NAS με εικονικό SMS, που παρακολουθείται με τους ίδιους ελέγχους όπως ένα πραγματικό. Τίποτα δεν φεύγει από αυτό το PC και όλα επισημαίνονται ως προσομοίωση.',
  'welcome.demo_day': 'Τι συμβαίνει',
  'welcome.demo_speed': 'Η ημέρα διαρκεί',
  'welcome.speed_2': '2 λεπτά',
  'welcome.speed_10': '10 λεπτά',
  'welcome.speed_60': '1 ώρα',
  'welcome.speed_real': '24 ώρες (πραγματικός χρόνος)',
  'welcome.demo_start': 'Έναρξη προσομοίωσης',

  'welcome.deployments': 'Βάρδια στην εγκατάστασή μου',
  'welcome.deployments_none':
    'Δηλώστε πού τρέχει το SMS και πώς γίνεται η σύνδεση με το Docker Engine του. Όσο πληκτρολογείτε, δοκιμάζεται κάθε βήμα της διαδρομής και επισημαίνεται τι χρειάζεται διόρθωση.',
  'welcome.set_up': 'Ρύθμιση εγκατάστασης',
  'welcome.set_up_another': 'Ρύθμιση άλλης εγκατάστασης',
  'welcome.draft': 'Μια ρύθμιση έμεινε στη μέση.',
  'welcome.draft_resume': 'Συνέχιση της ρύθμισης',
  'welcome.account': 'Έλεγχος σύνδεσης ως {account}',
  'welcome.no_account': 'Χωρίς έλεγχο σύνδεσης',
  'welcome.watch': 'Έναρξη βάρδιας',
  'welcome.watch_label': 'Έναρξη βάρδιας: {name}',
  'welcome.watching': 'Σε βάρδια τώρα',
  'welcome.show': 'Άνοιγμα της βάρδιας',
  'welcome.show_label': 'Άνοιγμα της βάρδιας: {name}',
  'welcome.change': 'Αλλαγή',
  'welcome.change_label': 'Αλλαγή: {name}',
  'welcome.remove': 'Αφαίρεση',
  'welcome.remove_label': 'Αφαίρεση: {name}',

  'welcome.remove_title': 'Να αφαιρεθεί η εγκατάσταση {name};',
  'welcome.remove_text':
    'Διαγράφονται οι ρυθμίσεις της, μαζί με όσα όρια έχουν αλλάξει. Οι καταγεγραμμένες συνεδρίες της μένουν.',
  'welcome.remove_do': 'Αφαίρεση της εγκατάστασης',
  'welcome.removed': 'Αφαιρέθηκε: {name}',

  'welcome.replace_title': 'Να χαθεί η ρύθμιση που έμεινε στη μέση;',
  'welcome.replace_text':
    'Διατηρείται μία ημιτελής ρύθμιση τη φορά. Αν αρχίσετε άλλη τώρα, εκείνη που έμεινε χάνεται.',
  'welcome.replace_do': 'Απόρριψη και νέα αρχή',
  'welcome.replace_resume': 'Συνέχιση εκείνης που έμεινε',

  'welcome.again_title': 'Υπάρχει ανοιχτή συνεδρία της v{version}',
  'welcome.again_text':
    'Άρχισε στις {opened} UTC. Αν τη συνεχίσετε, μένουν όσα έχουν καταγραφεί· ο χρόνος από τις {last} UTC, χωρίς βάρδια, καταγράφεται ως κενό. Μια νέα συνεδρία αρχίζει νέο 24ωρο και η ανοιχτή μένει όπως είναι.',
  'welcome.again_on': 'Συνέχιση της ανοιχτής',
  'welcome.again_new': 'Νέα συνεδρία',

  'welcome.sessions': 'Καταγεγραμμένες συνεδρίες',
  'welcome.sessions_none': 'Δεν έχει καταγραφεί τίποτα ακόμη.',
  'welcome.sessions_real': 'Χωρίς τις προσομοιώσεις',
  'welcome.session_of': 'v{version} σε {deployment}',
  'welcome.session_opened': 'αρχή {time} UTC, τελευταία εγγραφή {last} UTC',
  'welcome.session_by': 'από: {owner}',
  'welcome.session_simulated': 'Προσομοίωση: {scenario}',
  'welcome.session_speed': '{n} φορές ταχύτερα',
  'welcome.session_verdict': 'πόρισμα: {verdict}',
  'welcome.session_shown': 'εμφανίζεται τώρα',
  'welcome.open': 'Άνοιγμα',
  'welcome.open_label': 'Άνοιγμα: v{version} σε {deployment}, αρχή {time} UTC',
  'welcome.resume': 'Συνέχιση',
  'welcome.resume_label': 'Συνέχιση: v{version} σε {deployment}, αρχή {time} UTC',
  'welcome.more': { one: 'Εμφάνιση {n} ακόμη', other: 'Εμφάνιση {n} ακόμη' },
  'welcome.state.open': 'Δεν ολοκληρώθηκε',
  'welcome.state.concluded': 'Εκκρεμεί υπογραφή',
  'welcome.state.approved': 'Εγκρίθηκε',
  'welcome.state.rejected': 'Απορρίφθηκε',
  'welcome.watched.here': 'σε βάρδια εδώ',
  'welcome.watched.elsewhere': 'τη βάρδια έχει άλλο πρόγραμμα',
  'welcome.watched.nobody': 'χωρίς βάρδια',

  'welcome.unreadable': 'Ρυθμίσεις που δεν διαβάζονται',
  'welcome.unreadable_text':
    'Αυτά τα αρχεία μένουν όπως είναι. Διορθώστε τα με έναν επεξεργαστή κειμένου ή διαγράψτε τα και ρυθμίστε ξανά την εγκατάσταση.',
  'welcome.anew': 'Αρχεία του προγράμματος ξεκίνησαν από την αρχή',
  'welcome.anew_text':
    'Όσα ήταν σε αυτά τα αρχεία δεν διαβάζονται. Ελέγξτε τις ρυθμίσεις και αν παρακολουθείται ό,τι πρέπει. Τίποτα από όσα καταγράφηκαν δεν χάθηκε.',
  'welcome.reveal': 'Άνοιγμα του φακέλου',
};
