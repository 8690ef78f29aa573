import { describe, expect, test } from 'vitest';
import type { DeploymentCard, SessionCard } from '../types';
import { canResume, markOf, openOf, stateOf } from './sessions';

const card = (over: Partial<SessionCard>): SessionCard => ({
  id: 's',
  deployment: 'QNAP Cyprus',
  version: '1.15.1',
  owner: 'operator',
  opened: '2026-01-10T16:30:00Z',
  last_event: '2026-01-10T20:00:00Z',
  simulated: null,
  speed: 1,
  state: 'open',
  finding: null,
  decision: null,
  watched: 'nobody',
  ...over,
});

describe('a recorded session', () => {
  test.each([
    [{}, 'open', 'dashes', true],
    [{ watched: 'here' }, 'open', 'ring', false],
    [{ watched: 'elsewhere' }, 'open', 'ring', false],
    [{ state: 'concluded', finding: 'pass' }, 'concluded', 'diamond', false],
    [{ state: 'signed_off', decision: 'approved' }, 'approved', 'disc', false],
    [{ state: 'signed_off', decision: 'rejected' }, 'rejected', 'cross', false],
  ] as const)('%j is %s, a %s, resumable %s', (over, state, shape, resumable) => {
    const it = card(over);
    expect([stateOf(it), markOf(it).shape, canResume(it)]).toEqual([state, shape, resumable]);
  });
});

describe('the session to go on with', () => {
  const deployment: DeploymentCard = {
    id: 'nas',
    name: 'QNAP Cyprus',
    url: 'http://nas.local:8080',
    version: '1.15.1',
    account: null,
    watched: null,
  };
  test.each([
    ['none recorded', [], undefined],
    ['another version', [{ version: '1.15.0' }], undefined],
    ['another deployment', [{ deployment: 'Staging' }], undefined],
    ['a simulated one of the same name', [{ simulated: 'Nothing goes wrong' }], undefined],
    ['a rehearsal', [{ speed: 60 }], undefined],
    ['one that is over', [{ state: 'concluded' }], undefined],
    ['one that another program watches', [{ watched: 'elsewhere' }], undefined],
    ['the newer of two', [{ id: 'old' }, { id: 'new', opened: '2026-01-11T16:30:00Z' }], 'new'],
  ] as const)('%s', (_, all, id) => {
    expect(
      openOf(
        deployment,
        all.map((over) => card(over)),
      )?.id,
    ).toBe(id);
  });
});
