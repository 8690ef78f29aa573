import { expect, test } from 'vitest';
import { following, isLoopback, kindOf, suggested, userOf, withUser } from './address';

test.each([
  ['', 'tcp'],
  ['nas.local', 'tcp'],
  ['tcp://nas.local:2376', 'tcp'],
  ['ssh://admin@nas.local', 'ssh'],
  [' SSH:', 'ssh'],
  ['unix:///var/run/docker.sock', 'unix'],
  ['UNIX:', 'unix'],
  ['npipe:////./pipe/docker_engine', 'npipe'],
] as const)('%s is reached by %s', (docker, kind) => expect(kindOf(docker)).toBe(kind));

test.each([
  ['tcp', 'http://nas.local:8080', 'tcp://nas.local:2376'],
  ['tcp', 'https://192.168.1.20/sms', 'tcp://192.168.1.20:2376'],
  ['tcp', 'http://[fd00::5]:8080', 'tcp://[fd00::5]:2376'],
  ['tcp', 'http://user:secret@nas.local', 'tcp://nas.local:2376'],
  ['tcp', 'nas.local', ''],
  ['tcp', '', ''],
  ['ssh', 'http://nas.local:8080', 'ssh://nas.local'],
  ['ssh', 'http://user:secret@nas.local', 'ssh://nas.local'],
  ['ssh', '', 'ssh://'],
  ['unix', 'http://nas.local', 'unix:///var/run/docker.sock'],
  ['npipe', '', 'npipe:////./pipe/docker_engine'],
] as const)('%s beside %s begins with %s', (kind, url, address) =>
  expect(suggested(kind, url)).toBe(address),
);

test.each([
  ['ssh://nas.local', '', 'admin', 'ssh://admin@nas.local'],
  ['ssh://old@nas.local:2222/run/docker.sock', 'old', 'admin', 'ssh://admin@nas.local:2222/run/docker.sock'],
  ['ssh://watch@school.example@nas.local', 'watch@school.example', 'admin', 'ssh://admin@nas.local'],
  ['ssh://nas.local/run/a@b.sock', '', 'admin', 'ssh://admin@nas.local/run/a@b.sock'],
  ['ssh://admin@[fd00::5]', 'admin', 'DOMAIN\\me', 'ssh://DOMAIN\\me@[fd00::5]'],
  ['ssh://admin@nas.local', 'admin', '', 'ssh://nas.local'],
  ['ssh://admin@nas.local', 'admin', 'a d/m:in', 'ssh://admin@nas.local'],
  ['ssh://', '', 'admin', 'ssh://admin@'],
  ['tcp://nas.local:2376', '', 'admin', 'ssh://admin@'],
])('the account of %s is “%s”; with “%s” it is %s', (docker, before, user, after) => {
  expect(userOf(docker)).toBe(before);
  expect(withUser(docker, user)).toBe(after);
});

test.each([
  ['tcp://localhost:2375', true],
  ['tcp://127.0.0.1:2375', true],
  ['tcp://127.1.2.3', true],
  ['tcp://[::1]:2375', true],
  [' TCP://LOCALHOST:2375', true],
  ['tcp://localhost.example:2375', false],
  ['tcp://127.0.0.1.example:2375', false],
  ['tcp://192.168.1.20:2375', false],
  ['tcp://[fd00::5]:2375', false],
  ['ssh://admin@localhost', false],
  ['', false],
])('only this PC reaches %s: %j', (docker, is) => expect(isLoopback(docker)).toBe(is));

test.each([
  ['', '', 'http://nas', 'tcp://nas:2376'],
  ['tcp://nas:2376', 'http://nas', 'http://nas.local', 'tcp://nas.local:2376'],
  ['tcp://nas:2377', 'http://nas', 'http://nas.local', 'tcp://nas:2377'],
  ['ssh://nas', 'http://nas', 'http://nas.local', 'ssh://nas.local'],
  ['ssh://admin@nas', 'http://nas', 'http://nas.local', 'ssh://admin@nas.local'],
  ['ssh://admin@nas:2222', 'http://nas', 'http://nas.local', 'ssh://admin@nas:2222'],
  ['ssh://', '', 'http://nas', 'ssh://nas'],
  ['unix:///var/run/docker.sock', 'http://nas', 'http://nas.local', 'unix:///var/run/docker.sock'],
])('%s follows from “%s” to %s as %s', (docker, before, url, after) =>
  expect(following(docker, before, url)).toBe(after),
);
