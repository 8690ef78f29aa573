import { describe, expect, it } from 'vitest';
import type { IncidentView } from '../types';
import { factsOf } from './facts';
import { incident } from './fixture';

const at = (watch: number) => ({ utc: '', watch });
const told = (it: Partial<IncidentView>, now: number) =>
  factsOf(incident({ since: 100, opened: at(110), ...it }), now).map((f) =>
    'watch' in f
      ? `${f.kind} ${f.watch} +${f.after}`
      : f.kind === 'lasted'
        ? `lasted ${f.span}`
        : `relapses ${f.n}`,
  );

describe('the times of an incident', () => {
  it.each<[string, Partial<IncidentView>, number, string[]]>([
    ['while it lasts', {}, 250, ['began 100 +0', 'found 110 +10', 'lasted 150']],
    [
      'when it is over',
      {
        state: 'closed',
        lasted: 40,
        acknowledged: [at(120), 'a', 'b'],
        recovered: at(140),
        closed: [at(900), 'a', 'b'],
      },
      5000,
      [
        'began 100 +0',
        'found 110 +10',
        'acknowledged 120 +20',
        'recovered 140 +40',
        'closed 900 +800',
        'lasted 40',
      ],
    ],
    [
      'after a relapse',
      { reopened: at(300), recovered: at(200), relapses: 1 },
      350,
      [
        'began 100 +0',
        'found 110 +10',
        'recovered 200 +100',
        'came_back 300 +200',
        'lasted 250',
        'relapses 1',
      ],
    ],
    [
      'found before it is known to have begun',
      { since: 200 },
      210,
      ['began 110 +0', 'found 110 +0', 'lasted 100'],
    ],
  ])('%s', (_, it, now, expected) => expect(told(it, now)).toEqual(expected));
});
