// The plan's text and its times, as the editor and the preview need them.

/** With the line ends that a field has: it would be another text otherwise before anybody has typed. */
export const plain = (text: string): string => text.replace(/\r\n?/g, '\n');

export const countLines = (text: string): number => text.split('\n').length;

/** Where line `line` begins and ends; of a line that is not there, the last one. */
export function lineAt(text: string, line: number): [number, number] {
  const lines = text.split('\n');
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const from = lines.slice(0, at).reduce((sum, l) => sum + l.length + 1, 0);
  return [from, from + lines[at]!.length];
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `+4:00`, from the session's start; seconds where there are any. */
export function offset(ms: number): string {
  const s = Math.round(ms / 1000);
  const rest = s % 60 ? `:${two(s % 60)}` : '';
  return `+${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}${rest}`;
}
