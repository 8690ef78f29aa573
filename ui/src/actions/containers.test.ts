import { expect, test } from 'vitest';
import type { Deployment } from '../types';
import { containersOf, partOf } from './containers';

const one: Deployment = {
  name: 'NAS',
  environment: 'production',
  url: 'http://nas:8080/',
  docker: 'tcp://nas:2376',
  container: 'sms-app',
};
const three: Deployment = {
  ...one,
  container: 'sms-backend-qnap',
  front_end_container: 'sms-frontend-qnap',
  database_container: 'sms-postgres-qnap',
};

test('the containers are named, the application first', () => {
  const names = (d: Deployment) => containersOf(d).map((c) => c.name);
  expect(names(one)).toEqual(['sms-app']);
  expect(names(three)).toEqual(['sms-backend-qnap', 'sms-frontend-qnap', 'sms-postgres-qnap']);
  expect(names({ ...three, front_end_container: undefined })).toEqual([
    'sms-backend-qnap',
    'sms-postgres-qnap',
  ]);
});

test.each([
  [three, 'sms-postgres-qnap', 'database'],
  [three, 'sms-frontend-qnap', 'front_end'],
  [three, 'sms-backend-qnap', 'application'],
  [three, null, 'application'],
  [one, undefined, 'application'],
  [one, 'another', 'application'],
] as const)('a name leads to its part', (deployment, name, part) => {
  expect(partOf(deployment, name)).toBe(part);
});
