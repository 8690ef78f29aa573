import { expect, test } from 'vitest';
import { compareCommand } from './host_key';

test.each([
  ['ED25519', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'],
  ['ECDSA', 'ssh-keygen -lf /etc/ssh/ssh_host_ecdsa_key.pub'],
  ['RSA', 'ssh-keygen -lf /etc/ssh/ssh_host_rsa_key.pub'],
  ['SK-SSH-ED25519@OPENSSH.COM', 'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done'],
])('%s is compared by %s', (algorithm, command) => expect(compareCommand(algorithm)).toBe(command));
