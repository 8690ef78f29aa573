// What the phases and checks of the built-in plan are called. Those of a person's own plan stay as they were written.
import type { Checkpoint, Phase } from '../types';
import { t, type Key } from '.';
import { en } from './en';
import { language } from './language.svelte';

const english = () => language.shown === 'en';

/** The phase at its place in the plan. */
export function phaseName(
  builtIn: boolean,
  place: number,
  { title, focus }: Pick<Phase, 'title' | 'focus'>,
): { title: string; focus: string } {
  const key = `phase.${place}.title`;
  if (!builtIn || english() || !(key in en)) return { title, focus };
  return { title: t(key as Key), focus: t(`phase.${place}.focus` as Key) };
}

/** A check: `hour-1`, `check-5`, `final`, or one beside the plan, `extra-2`. */
export function checkName(builtIn: boolean, { id, title }: Pick<Checkpoint, 'id' | 'title'>): string {
  if (english()) return title;
  const [, series, n] = /^(hour|check|extra)-(\d+)$/.exec(id) ?? [];
  if (series === 'extra' && n) return t('check_name.extra', { n });
  if (!builtIn) return title;
  if (series && n) return t(series === 'hour' ? 'check_name.hour' : 'check_name.check', { n });
  return id === 'final' ? t('check_name.final') : title;
}
