// In what way the Docker Engine is reached, from its address. It holds no credentials; a user's name is none.
export interface Connection {
  kind: 'ssh' | 'tls' | 'plain' | 'tcp' | 'loopback' | 'socket' | 'pipe';
  /** Where to; empty for what is on this PC anyway. */
  host: string;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;
/** The ports that are registered for an Engine with TLS, and for one without. Of another one the address says nothing. */
const PORTS: Record<string, Connection['kind']> = { 2376: 'tls', 2375: 'plain' };

/** Nothing for an address of a kind that is not known here. */
export function connectionOf(docker: string): Connection | null {
  const [, scheme, rest] = /^(\w+):\/\/(.*)$/.exec(docker) ?? [];
  switch (scheme) {
    case 'unix':
      return { kind: 'socket', host: '' };
    case 'npipe':
      return { kind: 'pipe', host: '' };
    case 'ssh':
      return { kind: 'ssh', host: rest!.replace(/\/.*$/, '') };
    case 'tcp': {
      const host = rest!.replace(/\/.*$/, '');
      if (LOOPBACK.test(host)) return { kind: 'loopback', host };
      return { kind: PORTS[host.replace(/^.*:/, '')] ?? 'tcp', host };
    }
    default:
      return null;
  }
}
