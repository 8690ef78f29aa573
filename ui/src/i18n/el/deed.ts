import type { deed as english } from '../en/deed';
import type { Text } from '../text';

export const deed: Record<keyof typeof english, Text> = {
  'deed.by': 'Το όνομά σας',
  'deed.missing': 'Συμπληρώστε το· μία-δύο λέξεις αρκούν.',
  'deed.will_write': 'Θα καταγραφεί:',
  'deed.by_with': 'Από {by}: {words}',
  'deed.by_alone': 'Από {by}.',
  'deed.stays': 'Στο ημερολόγιο οι εγγραφές μόνο προστίθενται: ό,τι καταγραφεί μένει, μαζί με την ώρα του.',
  'deed.closed': 'Η συνεδρία υπογράφηκε: δεν καταγράφεται πια τίποτα.',
};
