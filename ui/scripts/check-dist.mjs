// What is shipped holds no recording, and fetches nothing from outside.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const files = readdirSync(dist, { recursive: true })
  .map((name) => join(dist, name))
  .filter((path) => statSync(path).isFile());
const findings = [];
for (const path of files) {
  const text = readFileSync(path, 'utf8');
  if (text.includes('recordedBackend') || /recorded\b.*\.js$/.test(path))
    findings.push(`${path}: holds a recording`);
  if (/(?:src|href)="https?:/.test(text)) findings.push(`${path}: fetches from outside`);
}
if (findings.length > 0) {
  console.error(findings.join('\n'));
  process.exit(1);
}
const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${files.length} files, ${Math.round(bytes / 1024)} KiB: no recording, nothing from outside`);
