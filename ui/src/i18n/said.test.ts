// What is said in Greek, held against what the program said of the same recorded sessions in English.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import day from '../../tests/recorded/day.json';
import evening from '../../tests/recorded/evening.json';
import morning from '../../tests/recorded/morning.json';
import { shown } from '../../tests/recorded/shown';
import type { FailureKind, NextStep, Rung, View } from '../types';
import { language } from './language.svelte';
import { checkName, phaseName } from './plan';
import {
  confidenceReasons,
  lineLabel,
  missedText,
  nextText,
  problemText,
  rungText,
  targetText,
  verdictReason,
} from './said';

const views = [day, evening, morning].map((it) => shown(it as unknown as View));
const [view] = views as [View, ...View[]];
/** A word in Latin letters that no Greek operator would miss: what was left in English. */
const ENGLISH = /\b(the|of|is|are|not|was|for|and|with|within|observed)\b/i;

beforeEach(() => void (language.shown = 'el'));
afterEach(() => void (language.shown = 'en'));

describe('in Greek', () => {
  test('each line of the log has a label, and none twice the same words as another kind', () => {
    for (const it of views)
      for (const line of it.log) {
        const label = lineLabel(it, line);
        expect(label, line.text).toMatch(/[α-ω]/);
        expect(label).not.toMatch(ENGLISH);
        if (line.incident !== null) expect(label).toContain(`#${line.incident} `);
      }
  });

  test('each rung, reason and next step leaves nothing in English', () => {
    for (const it of views) {
      const rungs = it.ladder.map((rung, i) => rungText(rung, it.rung_kinds[i] ?? null, it.container));
      expect(rungs.map((r) => r.english)).toEqual(rungs.map(() => ''));
      const said = [
        verdictReason(it.verdict, it.opening.rules.coverage_percent),
        ...confidenceReasons(it),
        ...it.next.map((step) => nextText(step, it)),
        ...it.baselines.map(targetText),
      ];
      for (const text of said) expect(text).not.toMatch(ENGLISH);
    }
  });

  test.each([
    ['nas', 'bad', '3 failures in a row', null, 'συνεχόμενες αποτυχίες: 3', ''],
    ['application', 'bad', 'it failed', 'timeout', 'δεν απάντησε εγκαίρως', 'it failed'],
    ['application', 'bad', 'it failed', { status: 502 }, 'HTTP 502', 'it failed'],
    ['application', 'good', '12 ms', null, '12 ms', ''],
    ['database', 'bad', 'disk full', null, 'η εφαρμογή αναφέρει βλάβη', 'disk full'],
    ['docker_engine', 'good', '20.10.24, API 1.41', null, '20.10.24, API 1.41', ''],
    ['network', 'unknown', 'something new', null, '', 'something new'],
  ] as const)('of %s, %s: %s', (place, state, detail, kind, text, english) => {
    const rung: Rung = { place, state, detail };
    expect(rungText(rung, kind as FailureKind | null, null)).toEqual({ text, english });
  });

  test('an incident says what is wrong, also where its subject is not known', () => {
    expect(problemText({ issue: 'feature_failure', subject: 'nas' })).toContain('NAS');
    expect(problemText({ issue: 'intermittent_failures', subject: 'health' })).toContain('endpoint');
    expect(problemText({ issue: 'feature_failure', subject: 'new' })).toBeNull();
  });

  test.each([
    [{ kind: 'acknowledge', incident: 3 }, 'Δηλώστε ότι είδατε το #3 Κατάρρευση/επανεκκίνηση container'],
    [
      { kind: 'escalate', incident: 3, step: 'restart', by: 84_000, overdue: false },
      '#3 Κατάρρευση/επανεκκίνηση container: Επανεκκίνηση του container, μέσα σε 1 λ. 24 δ.',
    ],
    [
      { kind: 'escalate', incident: 3, step: 'roll_back', by: 60_000, overdue: true },
      '#3 Κατάρρευση/επανεκκίνηση container: Επαναφορά στην v1.14.3, εκπρόθεσμο κατά 1 λ.',
    ],
    [
      { kind: 'check', check: 'check-4', title: 'Check 4', due: '2026-11-25T00:35:00Z', due_in: 3_600_000 },
      'Έλεγχος 4 στις 2026-11-25 00:35 UTC, σε 1 ώ.',
    ],
    [{ kind: 'half_done', action: 4 }, '#4: έμεινε στη μέση. Ολοκληρώστε ή αναιρέστε'],
    [
      { kind: 'make_ready', requirement: 'image_present', detail: 'load it' },
      'Η επαναφορά δεν είναι δυνατή. Δεν ισχύει: Το image της βρίσκεται στο NAS',
    ],
  ] as [NextStep, string][])('%j', (step, is) => expect(nextText(step, view)).toBe(is));

  test('a cause that is not known stays English, and says so', () => {
    expect(missedText('PC offline').lang).toBeUndefined();
    expect(missedText('something new')).toEqual({ text: 'something new', lang: 'en' });
  });

  test.each([
    [true, 'hour-2', 'Hour 2', 'Ώρα 2'],
    [true, 'check-5', 'Check 5', 'Έλεγχος 5'],
    [true, 'final', 'Final', 'Τελικός έλεγχος'],
    // A person's own plan stays as it was written; what is taken beside it is the program's.
    [false, 'hour-2', 'Hour 2', 'Hour 2'],
    [false, 'extra-1', 'Extra check 1', 'Έκτακτος έλεγχος 1'],
  ])('built in: %s, %s', (builtIn, id, title, is) => expect(checkName(builtIn, { id, title })).toBe(is));

  test('phases of a person’s own plan stay as they were written', () => {
    const phase = { title: 'Phase 1: First 4 Hours', focus: 'mine' };
    expect(phaseName(false, 1, phase)).toEqual(phase);
    expect(phaseName(true, 1, phase).title).toBe('Φάση 1: Πρώτες 4 ώρες');
    expect(phaseName(true, 9, phase)).toEqual(phase);
  });
});

test('English has the program’s own words', () => {
  language.shown = 'en';
  expect(lineLabel(view, view.log[0]!)).toBeNull();
  expect(verdictReason(view.verdict, 90)).toBe(view.verdict.reason);
  expect(confidenceReasons(view)).toBe(view.confidence.reasons);
  expect(rungText(view.ladder[0]!, null, null)).toEqual({ text: 'online', english: '' });
});
