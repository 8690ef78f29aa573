import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { PlanCheck, PlanDraft, PlanPage } from '../../types';
import { PlanWork, type PlanCalls } from './work.svelte';

const GOOD: PlanCheck = { plan: null, fault: null };
const pageOf = (text: string, mark: string, draft: PlanDraft | null = null): PlanPage => ({
  ...{ deployment: 'nas', file: null, path: null, own: 'nas.plan.toml', text, unreadable: null },
  ...{ check: GOOD, mark, built_in: 'built in\r\n', items: [], draft, running: null },
});

/** A program with one plan, which another program may change. */
function program(first: PlanPage) {
  let page = first;
  const kept: (PlanDraft | null)[] = [];
  const checked: string[] = [];
  const calls: PlanCalls = {
    plan: async () => page,
    checkPlan: async (text) => {
      checked.push(text);
      return text.includes('bad') ? { plan: null, fault: { line: 1, message: text } } : GOOD;
    },
    savePlan: async (_, text, mark) => {
      if (mark === page.mark) page = pageOf(text, `${mark}+`);
      return { saved: page.mark === `${mark}+`, page };
    },
    dropPlan: async (_, mark) => {
      if (mark === page.mark) page = pageOf('built in', `${mark}+`);
      return { saved: page.mark === `${mark}+`, page };
    },
    keepPlanDraft: async (_, draft) => void kept.push(draft),
  };
  return { calls, kept, checked, change: (to: PlanPage) => (page = to) };
}

const rest = () => vi.advanceTimersByTimeAsync(1000);

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('what was typed', () => {
  test('is checked after a pause, the newest alone, and kept', async () => {
    const it = program(pageOf('old', '1'));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    work.edit();
    expect([work.text, work.dirty]).toEqual(['old', false]);
    for (const text of ['b', 'ba', 'bad']) work.type(text);
    expect([work.checking, work.dirty]).toEqual([true, true]);
    await rest();
    expect(it.checked).toEqual(['bad']);
    expect([work.checking, work.check?.fault?.line]).toEqual([false, 1]);
    expect(it.kept).toEqual([{ text: 'bad', mark: '1' }]);
    // As it was: there is nothing to keep.
    work.type('old');
    await rest();
    expect(it.kept.at(-1)).toBeNull();
  });

  test('is kept at once when somebody leaves, and there again afterwards', async () => {
    const it = program(pageOf('old', '1'));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    work.edit();
    work.type('mine');
    await work.leave();
    await rest();
    expect(it.kept).toEqual([{ text: 'mine', mark: '1' }]);
    it.change(pageOf('old', '1', { text: 'mine', mark: '1' }));
    const again = new PlanWork('nas', it.calls);
    await again.look();
    expect([again.text, again.resumed, again.overtaken]).toEqual(['mine', true, false]);
  });

  test('is begun anew with the built-in plan', async () => {
    const it = program(pageOf('old', '1'));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    work.edit();
    work.begin();
    expect(work.text).toBe('built in\n');
  });
});

describe('a change by another program', () => {
  const CASES: [string, (work: PlanWork) => void, { text: string | null; overtaken: boolean }][] = [
    ['is shown to who only looks', () => undefined, { text: null, overtaken: false }],
    [
      'comes into an editor in which nothing was typed',
      (w) => w.edit(),
      { text: 'theirs', overtaken: false },
    ],
    [
      'is told to who has typed',
      (w) => {
        w.edit();
        w.type('mine');
      },
      { text: 'mine', overtaken: true },
    ],
  ];
  test.each(CASES)('%s', async (_, act, { text, overtaken }) => {
    const it = program(pageOf('old', '1'));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    act(work);
    it.change(pageOf('theirs', '2'));
    await work.look();
    expect([work.page?.text, work.text, work.overtaken]).toEqual(['theirs', text, overtaken]);
  });

  test('is not overwritten unasked', async () => {
    const it = program(pageOf('old', '1'));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    work.edit();
    work.type('mine');
    it.change(pageOf('theirs', '2'));
    expect(await work.save()).toBe(false);
    expect([work.text, work.overtaken, work.page?.text]).toEqual(['mine', true, 'theirs']);
    work.keepMine();
    expect(await work.save()).toBe(true);
    expect([work.text, work.page?.text]).toEqual([null, 'mine']);
  });

  test.each([
    ['nobody writes', () => undefined, null],
    ['somebody writes', (w: PlanWork) => w.edit(), 'old'],
  ] as const)('is not dropped unasked, and that is told: %s', async (_, act, text) => {
    const it = program(pageOf('old', '1'));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    act(work);
    it.change(pageOf('theirs', '2'));
    expect(await work.drop()).toBe(false);
    expect([work.overtaken, work.failure]).toEqual([true, null]);
    expect([work.text, work.page?.text]).toEqual([text, 'theirs']);
    // It was looked at now.
    expect(await work.drop()).toBe(true);
    expect([work.overtaken, work.page?.text]).toEqual([false, 'built in']);
  });

  test('is taken over when that is wanted', async () => {
    const it = program(pageOf('theirs', '2', { text: 'mine', mark: '1' }));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    expect(work.overtaken).toBe(true);
    work.takeTheirs();
    await rest();
    expect([work.text, work.dirty, work.overtaken, it.kept]).toEqual(['theirs', false, false, [null]]);
  });
});

test('what cannot be carried out is said, and the text stays', async () => {
  const it = program(pageOf('old', '1'));
  it.calls.savePlan = () => Promise.reject({ code: 'could_not', message: 'the disk is full', help: null });
  const work = new PlanWork('nas', it.calls);
  await work.look();
  work.edit();
  work.type('mine');
  expect(await work.save()).toBe(false);
  expect([work.text, work.failure?.code, work.busy]).toEqual(['mine', 'could_not', false]);
});

describe('a look that failed', () => {
  const fails = (code: string) => () => Promise.reject({ code, message: code, help: null });

  test.each([
    ['alone', false, ['silent', undefined]],
    ['after a deed that failed', true, ['could_not', 'could_not']],
  ] as const)('is told until one does not fail: %s', async (_, deed, [during, afterwards]) => {
    const it = program(pageOf('old', '1'));
    const work = new PlanWork('nas', it.calls);
    await work.look();
    if (deed) {
      it.calls.dropPlan = fails('could_not');
      await work.drop();
    }
    const { plan } = it.calls;
    it.calls.plan = fails('silent');
    await work.look();
    expect(work.failure?.code).toBe(during);
    it.calls.plan = plan;
    await work.look();
    expect(work.failure?.code).toBe(afterwards);
  });
});
