// Times and spans as people read them. UTC and 24 hours everywhere: that is what the log says.
import { t } from '../i18n';

const two = (n: number): string => String(n).padStart(2, '0');
const date = (utc: string | number): Date => new Date(utc);

/** `04:30`. */
export function hm(utc: string | number): string {
  const d = date(utc);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** `04:30:07`. */
export function hms(utc: string | number): string {
  return `${hm(utc)}:${two(date(utc).getUTCSeconds())}`;
}

/** `2026-01-10`. */
export const day = (utc: string | number): string =>
  // As the program writes it; a log of ten thousand lines asks for the day of each.
  typeof utc === 'string' && UTC.test(utc) ? utc.slice(0, 10) : date(utc).toISOString().slice(0, 10);
const UTC = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** `2026-01-10 04:30`. */
export const dayHm = (utc: string | number): string => `${day(utc)} ${hm(utc)}`;

/** `2026-01-10 04:30:07`. */
export const dayHms = (utc: string | number): string => `${day(utc)} ${hms(utc)}`;

const DAY_MS = 86_400_000;

/** How the times of a watch are told. */
export interface Times {
  /** It takes longer than a day: a time of day alone would not say which day. */
  days: boolean;
  /** To the minute. */
  hm: (utc: string | number) => string;
  /** To the second. */
  hms: (utc: string | number) => string;
}
const OF_A_DAY: Times = { days: false, hm, hms };
const OF_DAYS: Times = { days: true, hm: dayHm, hms: dayHms };

/** The times of a watch whose plan takes `ms`. */
export const timesOf = (ms: number): Times => (ms > DAY_MS ? OF_DAYS : OF_A_DAY);

/** `07:12:33`: a clock that counts up. */
export function clock(ms: number): string {
  const s = Math.floor(Math.max(0, ms) / 1000);
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** `4:07`, or `1:04:07`: a clock that counts down. What is left is rounded up, so that 0:00 means over. */
export function countdown(ms: number): string {
  const s = Math.ceil(Math.abs(ms) / 1000);
  const h = Math.floor(s / 3600);
  const m = Math.floor(s / 60) % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** With two units at most, as the log writes spans: `3 min 12 s`, `1 h 30 min`. */
export function span(ms: number): string {
  const s = Math.floor(Math.max(0, ms) / 1000);
  const m = Math.floor(s / 60);
  const h = Math.floor(m / 60);
  if (ms > 0 && ms < 1000) return t('span.millis', { ms: Math.round(ms) });
  const d = Math.floor(h / 24);
  if (h >= 48) return h % 24 ? t('span.days_hours', { d, h: h % 24 }) : t('span.days', { d });
  if (h > 0) return m % 60 ? t('span.hours_minutes', { h, m: m % 60 }) : t('span.hours', { h });
  if (m > 0) return s % 60 && m < 10 ? t('span.minutes_seconds', { m, s: s % 60 }) : t('span.minutes', { m });
  return t('span.seconds', { s });
}
