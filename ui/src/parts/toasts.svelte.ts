// Short messages at the edge. What went wrong stays until it is dismissed.
import { t } from '../i18n';
import { el } from '../i18n/el';
import { helpOf, type Worded } from '../i18n/outside';
import type { Failure } from '../ipc';
import type { Told, Tone } from '../types';

export interface Toast {
  id: number;
  tone: Tone;
  title: string;
  body: string;
  /** Why, in the program's English words, where the rest is in another language. */
  cause?: string;
  /** What to do about it. */
  help?: Worded;
  /** Which of the two comes from the program, in English. */
  journal: 'none' | 'body' | 'all';
  action?: { title: string; run: () => void };
  /** The incident that it tells of: what comes later about it takes its place. */
  incident?: number;
  /** The session of that incident: every session counts its incidents from 1. */
  session?: string;
  /** It stays until it is dismissed. */
  stays: boolean;
}

const MOST = 3;
const STAYS_MS = 6000;
/** What was told of an incident stays longer; the page and the desktop show it as long as it lasts. */
const TOLD_STAYS_MS = 15000;

type Said = Pick<Toast, 'title' | 'body' | 'cause' | 'incident' | 'session'>;

/** What the program puts between Greek words and the cause that it knows in English only: a line of its own. */
const CAUSE = `\n${el['toast.cause']}: `;

/** The words of a message, and apart from them the cause: another language is spoken in another voice. */
export function apart(words: string): { body: string; cause?: string } {
  const at = words.indexOf(CAUSE);
  return at < 0 ? { body: words } : { body: words.slice(0, at), cause: words.slice(at + CAUSE.length) };
}

/** Whether the newer one says again, or anew, what the older one says. */
export function replaces(newer: Said, older: Said): boolean {
  if (newer.session !== older.session) return false;
  if (newer.incident !== undefined && newer.incident === older.incident) return true;
  return newer.title === older.title && newer.body === older.body && newer.cause === older.cause;
}

/** As many as there is room for. What passes by itself never takes the place of a failure, but the newest is shown. */
export function inRoom<T extends { stays: boolean }>(all: T[]): T[] {
  const failures = all.filter((toast) => toast.stays).slice(-MOST);
  const passing = all.filter((toast) => !toast.stays).slice(-Math.max(MOST - failures.length, 1));
  return all.filter((toast) => failures.includes(toast) || passing.includes(toast));
}

class Toasts {
  all = $state.raw<Toast[]>([]);
  #next = 1;

  done(title: string, action?: Toast['action']): void {
    this.#add({ tone: 'ok', title, body: '', journal: 'none', ...(action && { action }) }, STAYS_MS);
  }

  failed(failure: Failure): void {
    const help = helpOf(failure);
    const said = { title: t(`failure.${failure.code}`), body: failure.message, ...(help && { help }) };
    this.#add({ tone: 'critical', ...said, journal: 'body' }, null);
  }

  told({ session, title, body: words, urgency, incident, english }: Told): void {
    const tone = urgency === 'critical' ? 'critical' : urgency === 'normal' ? 'warning' : 'idle';
    const about = incident === null ? { session } : { session, incident };
    const said = { title, ...apart(words) };
    this.#add({ tone, ...said, journal: english ? 'all' : 'none', ...about }, TOLD_STAYS_MS);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id' | 'stays'>, staysMs: number | null): void {
    const id = this.#next++;
    // The same message twice says nothing new, and of an incident only the latest does.
    const others = this.all.filter((t) => !replaces(toast, t));
    this.all = inRoom([...others, { ...toast, id, stays: staysMs === null }]);
    if (staysMs !== null) setTimeout(() => this.dismiss(id), staysMs);
  }
}

export const toasts = new Toasts();
