import type { Mark } from '../parts/tone';
import type { AccountState, KeychainState, SshSecret } from '../types';

/** How the account stands, as a shape. Without one nothing is wrong: a person tests by hand. */
export const OF_ACCOUNT: Record<AccountState, Mark> = {
  none: { tone: 'idle', shape: 'ring' },
  in_keychain: { tone: 'ok', shape: 'disc' },
  in_environment: { tone: 'ok', shape: 'disc' },
  missing: { tone: 'warning', shape: 'diamond' },
  no_keychain: { tone: 'warning', shape: 'diamond' },
  unknown: { tone: 'idle', shape: 'ring' },
};

/** How it is with what opens a NAS by SSH: a key as a rule has no passphrase, and what is missing is no warning then. */
export const ofSsh = (which: SshSecret, state: AccountState): Mark =>
  which === 'passphrase' && state === 'missing' ? OF_ACCOUNT.none : OF_ACCOUNT[state];

/** Why a watch does not start with an account: nobody has its password, or the keychain does not say. */
export type Lack = 'missing' | 'no_keychain';

export const lackOf = (account: AccountState | undefined): Lack | null =>
  account === 'missing' || account === 'no_keychain' ? account : null;

/** Whether a password can be kept; without an answer it is as it was when the keychain was asked last. */
export const canKeep = (account: AccountState | undefined, keychain: KeychainState): boolean =>
  account === undefined || account === 'none' || account === 'unknown'
    ? keychain.available
    : account !== 'no_keychain';
