// What keys and sections of the configuration are called. One that is not known yet is called by its own name.
import { t, type Key } from '../i18n';
import { en } from '../i18n/en';

const word = (id: string, otherwise: string): string => (id in en ? t(id as Key) : otherwise);

export const keyName = (key: string): string => word(`config.key.${key}`, key);
export const sectionName = (section: string): string => word(`config.section.${section}`, section);
export const choiceName = (choice: string): string => word(`settings.choice.${choice}`, choice);
