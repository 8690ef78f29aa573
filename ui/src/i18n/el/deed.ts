import type { deed as english } from '../en/deed';
import type { Text } from '../text';

export const deed: Record<keyof typeof english, Text> = {
  'deed.by': 'Το όνομά σας',
  'deed.missing': 'Συμπληρώστε το· μια-δυο λέξεις αρκούν.',
  'deed.will_write': 'Θα γραφτεί:',
  'deed.by_with': 'Από {by}: {words}',
  'deed.stays': 'Στο ημερολόγιο μόνο προστίθενται εγγραφές: ό,τι γραφτεί μένει, μαζί με την ώρα.',
  'deed.closed': 'Η συνεδρία υπογράφηκε: δεν γράφεται πια τίποτα.',
};
