import { describe, expect, it } from 'vitest';
import day from '../../tests/recorded/day.json';
import { incident } from '../issues/fixture';
import type { View } from '../types';
import { action, moment, plan, readiness } from './fixture';
import { blockOf, readyOf, riskOf, shortDigest, unmet } from './readiness';

const base = { ...(day as unknown as View), actions: [] };
const newer = 'the schema’s revision is 8b, and 1.14.3 knows 7f';
const risky = readiness({ schema_fits: ['unknown', newer] });
const gone = readiness({ image_present: ['no', 'pull it'], disk_free: ['unknown', 'not told'] });
const unnamed = { ...base.opening, release: { ...base.opening.release, previous: null } };
const done = action({ state: 'over', ended: [moment(1), 'done', ''] });
const undone = action({ state: 'over', ended: [moment(1), 'undone', ''] });

it.each([
  ['everything is so', { readiness: readiness() }, { kind: 'ready' }],
  ['one thing is not known', { readiness: risky }, { kind: 'unsure', n: 1 }],
  ['something stands in the way', { readiness: gone }, { kind: 'not' }],
  ['nobody asked', {}, { kind: 'unasked' }],
  ['no version is named', { opening: unnamed }, { kind: 'unnamed' }],
  ['it is done', { actions: [done], readiness: gone }, { kind: 'done' }],
  ['it was undone', { actions: [undone], readiness: readiness() }, { kind: 'ready' }],
] as [string, Partial<View>, object][])('%s', (_, it, expected) =>
  expect(readyOf({ ...base, ...it })).toEqual(expected),
);

it('the risk is only what is not known to fit', () => {
  expect(riskOf({ readiness: readiness() })).toBeNull();
  expect(riskOf({ readiness: risky })?.detail).toBe(newer);
  expect(riskOf({})).toBeNull();
  expect(unmet({ readiness: gone }).map((c) => c.requirement)).toEqual(['image_present']);
});

describe('what keeps a person from it', () => {
  const other = { ...plan, digest: 'ff' };
  const fresh = incident({ severity: 'critical' });
  it.each([
    ['nothing', plan, null, { readiness: readiness() }, null],
    ['no plan', null, null, { readiness: gone }, 'no_plan'],
    ['it was ready when the plan was read', plan, null, { readiness: gone }, 'not_ready'],
    ['the plan is another one', other, null, { readiness: readiness() }, 'changed'],
    ['a risk that nobody accepted', plan, null, { readiness: risky }, 'risk'],
    ['a risk that somebody accepted', plan, newer, { readiness: risky }, null],
    ['another risk than the one accepted', plan, 'something else', { readiness: risky }, 'risk'],
    ['a restart is under way', plan, null, { readiness: readiness(), actions: [action({})] }, 'busy'],
    ['nobody watches', plan, null, { readiness: readiness(), stage: 'interrupted' }, 'over'],
  ] as [string, typeof plan | null, string | null, Partial<View>, string | null][])(
    '%s',
    (_, seen, accepted, it, expected) =>
      expect(blockOf(seen, accepted, { ...base, ...it }, null)).toBe(expected),
  );
  it('evidence comes first', () =>
    expect(blockOf(plan, null, { ...base, readiness: readiness() }, fresh)).toBe('evidence'));
});

it.each([
  ['sha256:0ff428b25743d3711918', '0ff428b25743'],
  ['0ff4', '0ff4'],
])('%s for short', (id, short) => expect(shortDigest(id)).toBe(short));
