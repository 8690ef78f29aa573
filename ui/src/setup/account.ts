import type { Mark } from '../parts/tone';
import type { AccountState, KeychainState } from '../types';

/** How the account stands, as a shape. Without one nothing is wrong: a person tests by hand. */
export const OF_ACCOUNT: Record<AccountState, Mark> = {
  none: { tone: 'idle', shape: 'ring' },
  in_keychain: { tone: 'ok', shape: 'disc' },
  in_environment: { tone: 'ok', shape: 'disc' },
  missing: { tone: 'warning', shape: 'diamond' },
  no_keychain: { tone: 'warning', shape: 'diamond' },
};

/** The watch does not start with such an account: nobody has its password. */
export const isPasswordless = (account: AccountState | undefined): boolean =>
  account === 'missing' || account === 'no_keychain';

/** Whether a password can be kept; without an account it is as it was when the keychain was asked last. */
export const canKeep = (account: AccountState | undefined, keychain: KeychainState): boolean =>
  account === undefined || account === 'none' ? keychain.available : account !== 'no_keychain';
