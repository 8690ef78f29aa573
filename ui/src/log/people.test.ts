import { describe, expect, it } from 'vitest';
import { incident } from '../issues/fixture';
import type { CheckView, LogLine, View } from '../types';
import { doings } from './people';

const at = (watch: number) => ({ utc: '', watch });
const line = (seq: number, watch: number, text: string, about: number | null = null): LogLine => ({
  moment: at(watch),
  seq,
  severity: null,
  incident: about,
  text,
});
const nothing = { notes: [], announcements: [], checks: [], incidents: [], sign_off: null };

describe('what a person did', () => {
  it.each<[string, Partial<View>, LogLine, string | undefined]>([
    [
      'a note',
      { notes: [{ moment: at(5), by: 'Anna', text: 'all quiet' }] },
      line(1, 5, 'Note by Anna: all quiet'),
      'note',
    ],
    [
      'not what the watch saw at the same instant',
      { notes: [{ moment: at(5), by: 'Anna', text: 'all quiet' }] },
      line(1, 5, 'Container started'),
      undefined,
    ],
    [
      'not the same words at another instant',
      { notes: [{ moment: at(5), by: 'Anna', text: 'all quiet' }] },
      line(1, 6, 'Note by Anna: all quiet'),
      undefined,
    ],
    [
      'an announcement',
      { announcements: [{ what: 'restart', by: 'Anna', from: 7, until: 9 }] },
      line(1, 7, 'Anna announced until 10:00:00 UTC: restart'),
      'deed',
    ],
    [
      'a tick',
      {
        checks: [
          {
            ticks: [{ item: 'git_tag', outcome: 'passed', by: 'Anna', remark: 'seen', moment: at(3) }],
          } as unknown as CheckView,
        ],
      },
      line(1, 3, 'Hour 0: “Git tag exists” ticked by Anna: seen'),
      'deed',
    ],
    [
      'an acknowledgement',
      { incidents: [incident({ acknowledged: [at(4), 'Anna', 'on it'] })] },
      line(1, 4, '#1 Slow (db) acknowledged by Anna: on it', 1),
      'deed',
    ],
    [
      'an acknowledgement before a relapse',
      { incidents: [incident({})] },
      line(1, 2, '#1 Slow (db) acknowledged by Anna: on it', 1),
      'deed',
    ],
    [
      'a step',
      { incidents: [incident({ steps: [{ step: 'restart', moment: at(8), by: 'Anna', remark: 'done' }] })] },
      line(1, 8, '#1 Crash (c): restart the container (Anna): done', 1),
      'deed',
    ],
    [
      'not a step of the watch',
      { incidents: [incident({ steps: [{ step: 'notify', moment: at(8), by: 'watch', remark: 'told' }] })] },
      line(1, 8, '#1 Crash (c): notify (watch): told', 1),
      undefined,
    ],
    ['a dry run', {}, line(1, 2, 'Anna asked for a dry run of the roll back'), 'deed'],
    ['a restart', {}, line(1, 2, 'Restart began, decided by Anna: it hangs', 3), 'deed'],
    ['not one by the watch', {}, line(1, 2, 'Restart began, decided by watch: #3 for 1 min', 3), undefined],
    ['a roll back', {}, line(1, 2, 'Roll back to sms:1.14.3 began, decided by Anna: it crashes', 3), 'deed'],
    ['not its stages', {}, line(1, 2, 'Roll back to sms:1.14.3: stopped the container', 3), undefined],
    ['what goes on', {}, line(1, 2, 'Roll back to sms:1.14.3 is gone on with, decided by Anna', 3), 'deed'],
    ['an undoing', {}, line(1, 2, 'Roll back to sms:1.14.3 is being undone, decided by Anna: no', 3), 'deed'],
    [
      'not by itself',
      {},
      line(1, 2, 'Roll back to sms:1.14.3 is being undone, decided by watch: no', 3),
      undefined,
    ],
    [
      'by hand',
      {},
      line(1, 2, 'Roll back to sms:1.14.3 taken over by hand: Anna mends it by hand: so', 3),
      'deed',
    ],
    [
      'not a closing by the watch',
      { incidents: [incident({ closed: [at(9), 'watch', 'no relapse'] })] },
      line(1, 9, '#1 Slow (db) closed by watch: no relapse', 1),
      undefined,
    ],
  ])('%s', (_, part, it, doing) => {
    expect(doings({ ...nothing, ...part }, [it]).get(1)).toBe(doing);
  });
});
