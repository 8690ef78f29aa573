import type { Key } from '../i18n';
import type { Field } from './draft';

/** What each field is called. */
export const LABELS: Record<Field, Key> = {
  url: 'setup.url',
  ca_file: 'setup.ca_file',
  docker: 'setup.docker',
  docker_certificates: 'setup.certificates',
  container: 'setup.container',
  version: 'setup.version',
  previous: 'setup.previous',
  repository: 'setup.repository',
  email: 'setup.email',
  name: 'setup.name',
  environment: 'setup.environment',
  owner: 'setup.owner',
};
