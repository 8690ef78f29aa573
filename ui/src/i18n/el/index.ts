// The Greek catalogue. A key that it lacks fails the build.
import type { en } from '../en';
import type { Text } from '../text';
import { actions } from './actions';
import { checks } from './checks';
import { common } from './common';
import { config } from './config';
import { core } from './core';
import { deed } from './deed';
import { docker } from './docker';
import { issues } from './issues';
import { log } from './log';
import { plan } from './plan';
import { report } from './report';
import { settings } from './settings';
import { setup } from './setup';
import { watch } from './watch';
import { welcome } from './welcome';

export const el: Record<keyof typeof en, Text> = {
  ...core,
  ...common,
  ...watch,
  ...actions,
  ...checks,
  ...deed,
  ...issues,
  ...log,
  ...plan,
  ...report,
  ...settings,
  ...config,
  ...welcome,
  ...setup,
  ...docker,
};
