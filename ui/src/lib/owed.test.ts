import { describe, expect, it } from 'vitest';
import day from '../../tests/recorded/day.json';
import { action } from '../actions/fixture';
import type { View } from '../types';
import { owedNow } from './owed';

const view = day as unknown as View;
const crash = view.incidents.find((i) => i.severity === 'critical')!;
const withCrash = (change: Partial<typeof crash>): View => ({
  ...view,
  incidents: [{ ...crash, ...change }],
});
const kinds = (v: View) => owedNow(v).map((o) => o.kind);

describe('what waits for a person', () => {
  it('on the recorded day: a root cause, and the lines of Hour 0', () =>
    expect(owedNow(view)).toEqual([
      { kind: 'post_mortem', incident: 3 },
      { kind: 'tick', check: 'hour-0', title: 'Hour 0', lines: 11 },
    ]));

  it.each([
    ['an open one wants to be acknowledged', withCrash({ state: 'open' }), ['acknowledge', 'tick']],
    [
      'once it is, nothing but its steps',
      withCrash({ state: 'open', acknowledged: [view.now, 'me', 'restarting'] }),
      ['tick'],
    ],
    [
      'what is half done comes first',
      { ...withCrash({ state: 'open' }), actions: [action({ state: 'interrupted' })] },
      ['half_done', 'acknowledge', 'tick'],
    ],
    [
      'what is under way wants nothing',
      { ...withCrash({ state: 'closed' }), actions: [action({})] },
      ['tick'],
    ],
    ['a symptom wants nothing', withCrash({ explained_by: 9 }), ['tick']],
    ['one that is closed neither', withCrash({ state: 'closed' }), ['tick']],
    [
      'a watch that ended early',
      { ...withCrash({ state: 'closed' }), stage: 'interrupted' },
      ['resume', 'tick'],
    ],
    [
      'a plan that ran to its end',
      {
        ...withCrash({ state: 'closed' }),
        stage: 'concluded',
        verdict: { ...view.verdict, complete: true },
      },
      ['tick', 'sign_off'],
    ],
    ['nothing once it is signed off', { ...view, stage: 'signed_off' }, []],
  ] satisfies [string, View, string[]][])('%s', (_, v, expected) => expect(kinds(v)).toEqual(expected));
});
