import type { Key } from '../i18n';
import type { Field } from './draft';

/** What each field is called. */
export const LABELS: Record<Field, Key> = {
  url: 'setup.url',
  ca_file: 'setup.ca_file',
  docker: 'setup.docker',
  ssh_user: 'setup.ssh_user',
  ssh_key: 'setup.ssh_key',
  docker_path: 'setup.docker_path',
  docker_certificates: 'setup.protection',
  docker_unprotected: 'setup.protection',
  container: 'setup.container',
  front_end_container: 'setup.front_end_container',
  database_container: 'setup.database_container',
  version: 'setup.version',
  previous: 'setup.previous',
  repository: 'setup.repository',
  email: 'setup.email',
  name: 'setup.name',
  environment: 'setup.environment',
  owner: 'setup.owner',
};
