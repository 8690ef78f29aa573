import type { Mark } from '../parts/tone';
import type { AccountState } from '../types';

/** How the account stands, as a shape. Without one nothing is wrong: a person tests by hand. */
export const OF_ACCOUNT: Record<AccountState, Mark> = {
  none: { tone: 'idle', shape: 'ring' },
  in_keychain: { tone: 'ok', shape: 'disc' },
  in_environment: { tone: 'ok', shape: 'disc' },
  missing: { tone: 'warning', shape: 'diamond' },
};
