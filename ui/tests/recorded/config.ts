// The configuration of a recorded deployment: every key that the README has, with a few of them changed.
import readme from '../../../README.md?raw';
import type { ConfigKey, ConfigPage } from '../../src/types';

const VALUES: Record<string, string> = {
  'deployment.name': 'QNAP Cyprus',
  'deployment.url': 'https://nas.example:8443',
  'deployment.container': 'sms-app',
  'deployment.docker': 'tcp://nas.example:2376',
  'deployment.docker_certificates': '/home/operator/certs',
  'release.version': '1.15.1',
  'release.previous': '1.14.3',
  'release.repository': 'bs1gr/AUT_MIEEK_SMS',
  'login.email': 'watch@example.org',
  'login.password_env': 'WATCHKEEPER_PASSWORD',
  'watch.owner': 'Operator',
  'rules.targets.api_p95_ms': '400',
  'rules.matrix.memory_percent': '85',
  'rules.notify.from_severity': 'minor',
};

const MEANINGS: Record<string, string> = {
  deployment: 'What is watched.',
  release: 'What was released.',
  login: 'An account of the SMS for the basic functionality test. A reader’s account is enough.',
  watch: 'Who watches, and how often.',
  rules: 'The thresholds. Their defaults are those of the written session log.',
  'rules.targets': 'The baselines’ targets.',
  'rules.matrix': 'The matrix’ thresholds.',
  'rules.escalation': 'The escalation’s times.',
  'rules.notify': 'Who is told what.',
  retention: 'What is kept on this PC.',
};

function keys(): ConfigKey[] {
  return [...readme.matchAll(/^\| `([a-z0-9_.]+)` \| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(
    ([, key = '', kind = '', usual = '', meaning = '']) => ({
      key,
      meaning,
      kind,
      choices: kind.startsWith('`') ? [...kind.matchAll(/`"?(\w+)"?`/g)].map((m) => m[1] ?? '') : [],
      default: /^`/.test(usual) ? usual.replace(/^`"?|"?`$/g, '').replace('[]', '') : null,
      required: usual === 'required',
      value: VALUES[key] ?? null,
    }),
  );
}

export function configOf(deployment: string): ConfigPage {
  const all = keys();
  const names = [...new Set(all.map(({ key }) => key.replace(/\.[^.]*$/, '')))];
  return {
    deployment,
    path: `/home/operator/.local/share/sms-watchkeeper/deployments/${deployment}.toml`,
    sections: names.map((name) => ({
      name,
      meaning: MEANINGS[name] ?? '',
      keys: all.filter(({ key }) => key.replace(/\.[^.]*$/, '') === name),
    })),
    faults: [],
  };
}

/** A number out of its bounds is refused; everything else is taken. */
export function changeConfig(deployment: string, key: string, value: string | null): ConfigPage {
  const page = configOf(deployment);
  const it = page.sections.flatMap((section) => section.keys).find((k) => k.key === key);
  const [, least, most] = /number, (\S+) to (\S+)/.exec(it?.kind ?? '') ?? [];
  if (
    value !== null &&
    most !== undefined &&
    (Number(value) < Number(least) || Number(value) > Number(most))
  ) {
    page.faults = [
      { field: key, message: `${value} is out of bounds: write a number from ${least} to ${most}` },
    ];
    return page;
  }
  if (value === null) delete VALUES[key];
  else VALUES[key] = value;
  return configOf(deployment);
}
