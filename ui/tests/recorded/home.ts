// The home page of a recorded person, with all that can stand on it.
import { LONG_NAME } from './long';
import type { Home, Language, Theme, View } from '../../src/types';

const H = 3_600_000;

export function homeOf(view: View | null, asked: URLSearchParams): Home {
  const showing = view?.opening.session ?? null;
  const ago = (hours: number) => new Date(Date.UTC(2026, 10, 24, 21) - hours * H).toISOString();
  const variable = 'WATCHKEEPER_PASSWORD';
  return {
    program_version: '0.1.0',
    showing,
    deployments: asked.has('bare')
      ? []
      : [
          {
            id: 'qnap-cyprus',
            name: asked.has('long') ? LONG_NAME : 'QNAP Cyprus',
            url: 'https://nas.example:8443/',
            version: '1.15.1',
            account: 'watch@example.org',
            watched: null,
          },
          {
            id: 'staging',
            name: 'Staging',
            url: 'http://staging.example:8080/',
            version: '1.16.0-rc.1',
            account: null,
            watched: null,
          },
        ],
    sessions: asked.has('bare')
      ? []
      : [
          {
            id: showing ?? '2026-11-24-0835-v1.15.1-demo',
            deployment: 'Simulated NAS',
            version: '1.15.1',
            owner: 'operator',
            opened: ago(12),
            last_event: ago(0),
            simulated: 'An ordinary first day (seed 1)',
            speed: 1440,
            state: 'open',
            finding: null,
            decision: null,
            watched: view ? 'here' : 'nobody',
          },
          {
            id: '2026-11-20-1630-v1.15.0-qnap-cyprus',
            deployment: asked.has('long') ? LONG_NAME : 'QNAP Cyprus',
            version: '1.15.0',
            owner: 'Operator',
            opened: ago(100),
            last_event: ago(76),
            simulated: null,
            speed: 1,
            state: 'signed_off',
            finding: 'pass',
            decision: 'approved',
            watched: 'nobody',
          },
          {
            id: '2026-11-18-0900-v1.15.0-staging',
            deployment: 'Staging',
            version: '1.15.0',
            owner: 'Operator',
            opened: ago(156),
            last_event: ago(131),
            simulated: null,
            speed: 1,
            state: 'concluded',
            finding: 'inconclusive',
            decision: null,
            watched: 'elsewhere',
          },
        ],
    draft: asked.has('draft'),
    keychain: asked.has('keyless')
      ? { available: false, word: 'the Secret Service does not answer: no such name on the bus', variable }
      : { available: true, word: 'Secret Service', variable },
    settings: {
      owner: 'Operator',
      language: (asked.get('lang') ?? 'system') as Language,
      theme: (asked.get('theme') ?? 'system') as Theme,
      autostart: false,
      notify_desktop: true,
    },
    data_folder: '/home/operator/.local/share/sms-watchkeeper',
    unreadable: asked.has('unreadable')
      ? ['/home/operator/.local/share/sms-watchkeeper/deployments/old.toml is not TOML: expected `=`']
      : [],
    begun_anew: asked.has('unreadable')
      ? [
          '/home/operator/.local/share/sms-watchkeeper/settings.json is not understood (EOF while parsing a value at line 1 column 0); it is kept as /home/operator/.local/share/sms-watchkeeper/settings.json.unreadable',
        ]
      : [],
  };
}
