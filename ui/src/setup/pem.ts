// What a pasted text is, before anybody is asked: a mix-up of the three is the usual mistake. Nothing of it is kept here.

export type PemName = 'ca' | 'cert' | 'key';

/** `several` is how many certificates; a chain may be one file. */
export type Pem =
  | { is: 'empty' }
  | { is: 'certificates'; several: number }
  | { is: 'private_key' }
  | { is: 'locked_key' }
  /** A public key, a request and the like: its own word for itself. */
  | { is: 'other'; word: string }
  /** A block that begins and does not end, or the other way round. */
  | { is: 'cut' }
  | { is: 'no_pem' };

const LINE = /-----(BEGIN|END) ([A-Z0-9 ]+)-----/g;

export function understood(text: string): Pem {
  if (text.trim() === '') return { is: 'empty' };
  const lines = [...text.matchAll(LINE)].map(([, side, word]) => ({ side, word: word! }));
  if (lines.length === 0) return { is: /-----|BEGIN|END/.test(text) ? 'cut' : 'no_pem' };
  const words = lines.filter(({ side }) => side === 'BEGIN').map(({ word }) => word);
  const whole = lines.every(
    ({ side, word }, i) => side === (i % 2 === 0 ? 'BEGIN' : 'END') && word === words[Math.floor(i / 2)],
  );
  if (!whole || lines.length % 2 !== 0) return { is: 'cut' };
  const certificates = words.filter((word) => word.endsWith('CERTIFICATE')).length;
  if (words.some((word) => word === 'ENCRYPTED PRIVATE KEY') || /^Proc-Type:.*ENCRYPTED/m.test(text)) {
    return { is: 'locked_key' };
  }
  if (words.some((word) => word.endsWith('PRIVATE KEY'))) return { is: 'private_key' };
  return certificates > 0 ? { is: 'certificates', several: certificates } : { is: 'other', word: words[0]! };
}

/** Whether it is what belongs there; nothing yet is neither right nor wrong. */
export function fits(name: PemName, pem: Pem): boolean | null {
  if (pem.is === 'empty') return null;
  return pem.is === (name === 'key' ? 'private_key' : 'certificates');
}
