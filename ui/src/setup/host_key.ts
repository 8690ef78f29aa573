// How a person compares the host key of a NAS: with the tool that every NAS with SSH has.

const FILES: Record<string, string> = { ED25519: 'ed25519', ECDSA: 'ecdsa', RSA: 'rsa', DSA: 'dsa' };

/** To be run on the NAS itself. A kind that is not known is looked for among all of them. */
export const compareCommand = (algorithm: string): string => {
  const file = FILES[algorithm.toUpperCase()];
  return file
    ? `ssh-keygen -lf /etc/ssh/ssh_host_${file}_key.pub`
    : 'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done';
};
