// The address of the Docker Engine, as Docker's users write it: what kind it is, and the account in it.

export type DockerKind = 'tcp' | 'ssh' | 'unix' | 'npipe';

const LOCAL = { unix: 'unix:///var/run/docker.sock', npipe: 'npipe:////./pipe/docker_engine' };

/** How the Engine is reached; what has no scheme yet is an address on the network. */
export function kindOf(docker: string): DockerKind {
  const scheme = /^\s*(ssh|unix|npipe):/i.exec(docker)?.[1]?.toLowerCase();
  return scheme === 'ssh' || scheme === 'unix' || scheme === 'npipe' ? scheme : 'tcp';
}

/** The address to begin with: of a NAS, the host of the SMS. The account on it is never guessed. */
export function suggested(kind: DockerKind, url: string): string {
  if (kind === 'unix' || kind === 'npipe') return LOCAL[kind];
  const host = /^https?:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]+)/i.exec(url.trim())?.[1] ?? '';
  if (kind === 'ssh') return `ssh://${host}`;
  return host ? `tcp://${host}:2376` : '';
}

/** `ssh://`, the account with its @, and the rest. */
const SSH = /^(\s*ssh:(?:\/\/)?)(?:([^/]*)@)?(.*)$/is;

/** The account on the NAS that an address by SSH names. */
export const userOf = (docker: string): string => SSH.exec(docker)?.[2] ?? '';

/** The same address with another account. What no account has in its name is left out. */
export function withUser(docker: string, user: string): string {
  const [, scheme = 'ssh://', , rest = ''] = SSH.exec(docker) ?? [];
  const account = user.replace(/[\s/:]/g, '');
  return `${scheme}${account && `${account}@`}${rest}`;
}

/** An address that only this PC reaches: nothing on the way has to be protected. */
export function isLoopback(docker: string): boolean {
  const host = /^\s*tcp:\/\/(\[[^\]]*\]|[^:/]*)/i.exec(docker)?.[1]?.toLowerCase() ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The NAS is named once: its Engine's address goes along, until somebody has written another host or port. */
export function following(docker: string, before: string, url: string): string {
  const kind = kindOf(docker);
  const user = userOf(docker);
  const of = (sms: string) => (user ? withUser(suggested(kind, sms), user) : suggested(kind, sms));
  return docker === '' || docker === of(before) ? of(url) : docker;
}
