// What people write into the journal.
import type { Text } from '../text';

export const deed = {
  'deed.by': 'Your name',
  'deed.missing': 'Please fill this in; a word or two are enough.',
  'deed.will_write': 'This will be written:',
  'deed.by_with': 'By {by}: {words}',
  'deed.by_alone': 'By {by}.',
  'deed.stays': 'The journal is only ever added to: what is written stays, with the time.',
  'deed.closed': 'The session is signed off: nothing can be written any more.',
} satisfies Record<string, Text>;
