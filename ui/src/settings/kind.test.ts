import { describe, expect, test } from 'vitest';
import { kindOf, readable, sent, type Kind } from './kind';

test.each([
  ['deployment.name', 'text', [], { input: 'text' }],
  ['deployment.url', 'URL', [], { input: 'text' }],
  ['deployment.docker_certificates', 'path', [], { input: 'path', pick: 'certificate_folder' }],
  ['watch.plan', 'path', [], { input: 'path', pick: 'plan_file' }],
  ['deployment.references', 'list of host:port', [], { input: 'list' }],
  ['watch.every', 'time, 1s to 15m', [], { input: 'time', min: '1s', max: '15m' }],
  ['rules.failures', 'whole number, 1 to 20', [], { input: 'number', whole: true, min: 1, max: 20 }],
  [
    'rules.matrix.dip_factor',
    'number, 1.01 to 100',
    [],
    { input: 'number', whole: false, min: 1.01, max: 100 },
  ],
  ['rules.notify.from_severity', '`"minor"`, `"major"`', ['minor', 'major'], { input: 'choice' }],
  ['a.b', 'something new', [], { input: 'text' }],
])('%s, %s', (key, kind, choices, is) => expect(kindOf({ key, kind, choices })).toEqual(is));

const whole: Kind = { input: 'number', whole: true, min: 1, max: 20 };
const number: Kind = { input: 'number', whole: false, min: 0, max: 1 };
const time: Kind = { input: 'time', min: '1s', max: '15m' };

describe('what is typed', () => {
  test.each([
    [whole, '3', true],
    [whole, '3.5', false],
    [whole, 'three', false],
    [whole, '', false],
    // Out of its bounds is for the program to say, in its own words.
    [whole, '500', true],
    [number, '0,1', true],
    [number, '1e3', true],
    [number, 'Infinity', false],
    [time, '30s', true],
    [time, '1h 30 min', true],
    [time, '30', false],
    [time, 'soon', false],
    [{ input: 'text' } as Kind, '', true],
  ])('%j %s can be sent: %s', (kind, typed, is) => expect(readable(kind, typed)).toBe(is));

  test.each([
    [number, ' 0,1 ', '0.1'],
    [time, ' 5m ', '5m'],
    [{ input: 'list' } as Kind, 'a:1, b:2', 'a:1, b:2'],
    [{ input: 'text' } as Kind, '  ', null],
  ])('%j %s is sent as %s', (kind, typed, is) => expect(sent(kind, typed)).toBe(is));
});
