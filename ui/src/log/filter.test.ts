import { describe, expect, it } from 'vitest';
import type { LogLine, Severity } from '../types';
import { EVERYTHING, filtered, isEverything, type Filter } from './filter';
import type { Doing } from './people';

const line = (seq: number, severity: Severity | null, incident: number | null, text: string): LogLine => ({
  moment: { utc: '', watch: seq },
  seq,
  severity,
  incident,
  text,
});
const log = [
  line(1, null, null, 'Watch began'),
  line(2, 'minor', 1, '#1 Warning logs'),
  line(3, 'major', 2, '#2 Slow queries'),
  line(4, 'critical', 3, '#3 Container crash'),
  line(5, null, 3, '#3 acknowledged by Anna'),
  line(6, null, null, 'Note by Anna: Έλεγξα τα logs'),
];
const doings = new Map<number, Doing>([
  [5, 'deed'],
  [6, 'note'],
]);

describe('the log', () => {
  it.each<[Partial<Filter>, number[]]>([
    [{}, [1, 2, 3, 4, 5, 6]],
    [{ severity: 'minor' }, [2, 3, 4]],
    [{ severity: 'major' }, [3, 4]],
    [{ severity: 'critical' }, [4]],
    [{ incident: 3 }, [4, 5]],
    [{ incident: 9 }, []],
    [{ who: 'people' }, [5, 6]],
    [{ who: 'notes' }, [6]],
    [{ search: 'slow' }, [3]],
    [{ search: '  LOGS ' }, [2, 6]],
    [{ search: 'ελεγξα' }, [6]],
    [{ search: '#3', severity: 'critical' }, [4]],
    [{ incident: 3, who: 'people' }, [5]],
  ])('by %j', (part, seqs) => {
    expect(filtered(log, { ...EVERYTHING, ...part }, doings).map((l) => l.seq)).toEqual(seqs);
  });

  it.each<[Partial<Filter>, boolean]>([
    [{}, true],
    [{ search: '  ' }, true],
    [{ search: 'x' }, false],
    [{ incident: 1 }, false],
    [{ severity: 'minor' }, false],
    [{ who: 'notes' }, false],
  ])('%j shows everything: %s', (part, all) => expect(isEverything({ ...EVERYTHING, ...part })).toBe(all));

  it('of ten thousand lines is searched without being felt', () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      line(i, null, null, `“Line” ${i} — of what the watch saw at the container`),
    );
    filtered(many, { ...EVERYTHING, search: 'first' }, doings);
    const began = performance.now();
    expect(filtered(many, { ...EVERYTHING, search: '999' }, doings)).toHaveLength(19);
    expect(performance.now() - began).toBeLessThan(250);
  });
});
