import type { report as english } from '../en/report';
import type { Text } from '../text';

export const report: Record<keyof typeof english, Text> = {
  'report.tabs': 'Μέρη της αναφοράς',
  'report.tab.verdict': 'Πόρισμα και υπογραφή',
  'report.tab.text': 'Ολόκληρη η αναφορά',
  'report.export_markdown': 'Εξαγωγή ως Markdown…',
  'report.export_json': 'Εξαγωγή ως JSON…',
  'report.export_hint':
    'Το Markdown είναι για ανθρώπους. Το JSON περιέχει κάθε γεγονός με το hash του και επαληθεύεται αυτοτελώς.',
  'report.exported': 'Αποθηκεύτηκε: {path}',
  'report.open_folder': 'Άνοιγμα του φακέλου',

  'report.verdict': 'Πόρισμα',
  'report.verdict_so_far': 'Πόρισμα ως τώρα',
  'report.incomplete':
    'Το σχέδιο δεν έχει ολοκληρωθεί (απομένουν {left})· ως τότε τίποτα δεν έχει αποδειχθεί οριστικά.',
  'report.left_open': 'Η βάρδια διακόπηκε πριν ολοκληρωθεί το σχέδιο. Ο χρόνος χωρίς βάρδια μετρά ως κενό.',
  'report.coverage': 'Κάλυψη',
  'report.coverage_text': 'παρατηρήθηκε το {percent} % του χρόνου· για επιτυχία απαιτείται {need} %',
  'report.confidence': 'Βεβαιότητα',
  'report.criteria': 'Τα δέκα κριτήρια',
  'report.criteria_count': '{pass} πληρούνται, {open} αναπόδεικτα, {fail} δεν πληρούνται',
  'report.criterion.pass': 'πληρούται',
  'report.criterion.inconclusive': 'αναπόδεικτο',
  'report.criterion.fail': 'δεν πληρούται',

  'report.owed': 'Πριν από την υπογραφή',
  'report.owed_none': 'Δεν απομένει τίποτα πριν από την υπογραφή.',
  'report.owed_text': 'Δεν εμποδίζουν την υπογραφή· αν μείνουν, εμφανίζονται ως ανοιχτά στην αναφορά.',
  'report.next': 'Επόμενα βήματα',

  'report.sign': 'Υπογραφή',
  'report.sign_early': 'Το σχέδιο διαρκεί ως τις {end} UTC. Μπορείτε να υπογράψετε νωρίτερα, με αιτιολογία.',
  'report.sign_simulated':
    'Αυτή η ημέρα είναι προσομοίωση: η υπογραφή της δεν λέει τίποτα για μια πραγματική έκδοση, και αυτό αναγράφεται στην αναφορά.',
  'report.sign_name': 'Το όνομά σας',
  'report.sign_decision': 'Η απόφασή σας',
  'report.sign_approve': 'Έγκριση',
  'report.sign_approve_text': 'Η έκδοση μένει στην παραγωγή.',
  'report.sign_reject': 'Απόρριψη',
  'report.sign_reject_text': 'Η έκδοση δεν μένει στην παραγωγή.',
  'report.sign_remark': 'Παρατήρηση',
  'report.sign_reason': 'Αιτιολογία (απαραίτητη)',
  'report.sign_against.approved':
    'Το πόρισμα είναι: {verdict}. Για να εγκριθεί παρ’ όλα αυτά, απαιτείται αιτιολογία.',
  'report.sign_against.rejected':
    'Το πόρισμα είναι: {verdict}. Για να απορριφθεί παρ’ όλα αυτά, απαιτείται αιτιολογία.',
  'report.sign_before_end': 'Το σχέδιο δεν έχει ολοκληρωθεί. Για υπογραφή τώρα απαιτείται αιτιολογία.',
  'report.sign_do': 'Υπογραφή…',
  'report.need.name': 'Γράψτε το όνομά σας.',
  'report.need.decision': 'Επιλέξτε ένα από τα δύο.',
  'report.need.reason': 'Γράψτε την αιτιολογία.',
  'report.need.long': 'Το πολύ {n} χαρακτήρες.',

  'report.confirm_title': 'Υπογραφή και οριστικό κλείσιμο της συνεδρίας;',
  'report.confirm_approve': '{name}: εγκρίνει την v{version} σε {deployment}.',
  'report.confirm_reject': '{name}: απορρίπτει την v{version} σε {deployment}.',
  'report.confirm_verdict': 'Το πόρισμα είναι: {verdict}, με το {percent} % του χρόνου να έχει παρατηρηθεί.',
  'report.confirm_against': 'Η απόφαση είναι αντίθετη με το πόρισμα· η αιτιολογία γράφεται στην αναφορά.',
  'report.confirm_early': 'Το σχέδιο δεν έχει ολοκληρωθεί (απομένουν {left}).',
  'report.confirm_owed': {
    one: '{n} εκκρεμότητα μένει ανοιχτή.',
    other: '{n} εκκρεμότητες μένουν ανοιχτές.',
  },
  'report.confirm_closes':
    'Έτσι η συνεδρία κλείνει οριστικά. Η βάρδιά της τελειώνει· κανείς δεν μπορεί πια να προσθέσει έλεγχο, σημείωση ή απάντηση.',
  'report.confirm_do_approve': 'Έγκριση και κλείσιμο',
  'report.confirm_do_reject': 'Απόρριψη και κλείσιμο',
  'report.signed': 'Υπογράφηκε· η συνεδρία έκλεισε',
  'report.record_by': 'από: {name}, {time} UTC',
  'report.record_verdict': 'Το πόρισμα κατά την υπογραφή: {verdict}, παρατηρήθηκε το {percent} %',
  'report.record_early': 'Υπογράφηκε πριν ολοκληρωθεί το σχέδιο',
  'report.record_remark': 'Παρατήρηση',
  'report.record_no_remark': 'Χωρίς παρατήρηση.',
  'report.record_closed': 'Η συνεδρία έχει κλείσει: δεν καταγράφεται πια τίποτα.',

  'report.contents': 'Περιεχόμενα',
  'report.text_label': 'Η αναφορά όπως εξάγεται',
  'report.as_of': 'Όπως ήταν στις {time} UTC, εγγραφή {seq}',
  'report.refresh': 'Ανανέωση',
  'report.newer': {
    one: 'Υπάρχει {n} νεότερη εγγραφή στο ημερολόγιο.',
    other: 'Υπάρχουν {n} νεότερες εγγραφές στο ημερολόγιο.',
  },
  'report.english': 'Η αναφορά είναι γραμμένη στα αγγλικά.',
  'report.ticked': 'επιλεγμένο',
  'report.unticked': 'μη επιλεγμένο',
  'report.table': 'Πίνακας',
  'report.code': 'Κείμενο',
};
