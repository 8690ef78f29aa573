// Short messages at the edge. What went wrong stays until it is dismissed.
import { t } from '../i18n';
import type { Failure } from '../ipc';
import type { Told, Tone } from '../types';

export interface Toast {
  id: number;
  tone: Tone;
  title: string;
  body: string;
  /** Which of the two comes from the program, in English. */
  journal: 'none' | 'body' | 'all';
  action?: { title: string; run: () => void };
  /** The incident that it tells of: what comes later about it takes its place. */
  incident?: number;
}

const STAYS_MS = 6000;
/** What was told of an incident stays longer; the page and the desktop show it as long as it lasts. */
const TOLD_STAYS_MS = 15000;

class Toasts {
  all = $state.raw<Toast[]>([]);
  #next = 1;

  done(title: string, action?: Toast['action']): void {
    this.#add({ tone: 'ok', title, body: '', journal: 'none', ...(action && { action }) }, STAYS_MS);
  }

  failed(failure: Failure): void {
    const body = [failure.message, failure.help].filter(Boolean).join(' — ');
    this.#add({ tone: 'critical', title: t(`failure.${failure.code}`), body, journal: 'body' }, null);
  }

  told({ title, body, urgency, incident }: Told): void {
    const tone = urgency === 'critical' ? 'critical' : urgency === 'normal' ? 'warning' : 'idle';
    const about = incident === null ? {} : { incident };
    this.#add({ tone, title, body, journal: 'all', ...about }, TOLD_STAYS_MS);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>, staysMs: number | null): void {
    const id = this.#next++;
    // The same message twice says nothing new, and of an incident only the latest does.
    const others = this.all.filter(
      (t) =>
        (t.title !== toast.title || t.body !== toast.body) &&
        (toast.incident === undefined || t.incident !== toast.incident),
    );
    this.all = [...others, { ...toast, id }].slice(-3);
    if (staysMs !== null) setTimeout(() => this.dismiss(id), staysMs);
  }
}

export const toasts = new Toasts();
