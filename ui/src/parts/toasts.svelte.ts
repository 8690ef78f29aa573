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
}

const STAYS_MS = 6000;

class Toasts {
  all = $state.raw<Toast[]>([]);
  #next = 1;

  done(title: string, action?: Toast['action']): void {
    this.#add({ tone: 'ok', title, body: '', journal: 'none', ...(action && { action }) }, true);
  }

  failed(failure: Failure): void {
    const body = [failure.message, failure.help].filter(Boolean).join(' — ');
    this.#add({ tone: 'critical', title: t(`failure.${failure.code}`), body, journal: 'body' }, false);
  }

  told({ title, body, urgency }: Told): void {
    const tone = urgency === 'critical' ? 'critical' : urgency === 'normal' ? 'warning' : 'idle';
    this.#add({ tone, title, body, journal: 'all' }, urgency !== 'critical');
  }

  dismiss(id: number): void {
    this.all = this.all.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>, goes: boolean): void {
    const id = this.#next++;
    // The same message twice says nothing new.
    const others = this.all.filter((t) => t.title !== toast.title || t.body !== toast.body);
    this.all = [...others, { ...toast, id }].slice(-4);
    if (goes) setTimeout(() => this.dismiss(id), STAYS_MS);
  }
}

export const toasts = new Toasts();
