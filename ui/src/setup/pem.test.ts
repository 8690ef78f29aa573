import { expect, test } from 'vitest';
import { fits, understood, type Pem } from './pem';

const block = (word: string, inside = 'AAAA') =>
  `-----BEGIN ${word}-----\n${inside}\n-----END ${word}-----\n`;
const chain = block('CERTIFICATE') + block('CERTIFICATE');

const TABLE: [what: string, text: string, pem: Pem, ca: boolean | null, key: boolean | null][] = [
  ['nothing', ' \n', { is: 'empty' }, null, null],
  ['a certificate', block('CERTIFICATE'), { is: 'certificates', several: 1 }, true, false],
  [
    'a certificate among words',
    `subject=\r\n  ${block('CERTIFICATE')}`,
    { is: 'certificates', several: 1 },
    true,
    false,
  ],
  ['a chain', chain, { is: 'certificates', several: 2 }, true, false],
  ['a key', block('PRIVATE KEY'), { is: 'private_key' }, false, true],
  ['an RSA key', block('RSA PRIVATE KEY'), { is: 'private_key' }, false, true],
  [
    'a key with its parameters',
    block('EC PARAMETERS') + block('EC PRIVATE KEY'),
    { is: 'private_key' },
    false,
    true,
  ],
  ['a key with its certificate', chain + block('PRIVATE KEY'), { is: 'private_key' }, false, true],
  ['a locked key', block('ENCRYPTED PRIVATE KEY'), { is: 'locked_key' }, false, false],
  [
    'an old locked key',
    block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\n\nAAAA'),
    { is: 'locked_key' },
    false,
    false,
  ],
  ['a public key', block('PUBLIC KEY'), { is: 'other', word: 'PUBLIC KEY' }, false, false],
  ['a block without its end', '-----BEGIN CERTIFICATE-----\nAAAA', { is: 'cut' }, false, false],
  ['a block without its beginning', 'AAAA\n-----END CERTIFICATE-----', { is: 'cut' }, false, false],
  ['a block with a torn line', '----BEGIN CERTIFICATE-----\nAAAA', { is: 'cut' }, false, false],
  [
    'a block that ends as another',
    '-----BEGIN PRIVATE KEY-----\n-----END CERTIFICATE-----',
    { is: 'cut' },
    false,
    false,
  ],
  ['something else', 'ssh-ed25519 AAAA me@pc', { is: 'no_pem' }, false, false],
];

test.each(TABLE)('%s', (_, text, pem, ca, key) => {
  expect(understood(text)).toEqual(pem);
  expect([fits('ca', pem), fits('cert', pem), fits('key', pem)]).toEqual([ca, ca, key]);
});
