import { expect, it } from 'vitest';
import { connectionOf } from './connection';

it.each([
  ['ssh://admin@nas.local', 'ssh', 'admin@nas.local'],
  ['ssh://admin@[fd00::5]:2222/run/docker.sock', 'ssh', 'admin@[fd00::5]:2222'],
  ['tcp://nas.local:2376', 'tls', 'nas.local:2376'],
  ['tcp://[fd00::5]:2376', 'tls', '[fd00::5]:2376'],
  ['tcp://nas.local:12376', 'tcp', 'nas.local:12376'],
  ['tcp://192.168.1.20:2375', 'plain', '192.168.1.20:2375'],
  ['tcp://127.0.0.1:41267', 'loopback', '127.0.0.1:41267'],
  ['tcp://localhost:2375', 'loopback', 'localhost:2375'],
  ['tcp://[::1]:2375', 'loopback', '[::1]:2375'],
  ['unix:///var/run/docker.sock', 'socket', ''],
  ['npipe:////./pipe/docker_engine', 'pipe', ''],
])('%s', (docker, kind, host) => expect(connectionOf(docker)).toEqual({ kind, host }));

it.each(['', 'in memory', 'quic://nas.local'])('nothing is said of %j', (docker) =>
  expect(connectionOf(docker)).toBeNull(),
);
