// What the compilers do not see: forbidden ways of writing, and texts that nobody shows.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && /\.(svelte|ts)$/.test(e.name))
  .map((e) => join(e.parentPath ?? e.path, e.name))
  .filter((path) => !path.includes('/src/generated/'));
const read = (path) => readFileSync(path, 'utf8');
const findings = [];
const find = (path, line, what) => findings.push(`${path.slice(root.length)}:${line}: ${what}`);

const forbidden = [
  [/\{@html\b/, 'text from outside is shown as text: no {@html}'],
  [
    /\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML/,
    'text from outside is shown as text: no HTML from strings',
  ],
  [
    /<[a-z][^>]*\sstyle="/i,
    'the content security policy drops style attributes: use a class, or style:property',
  ],
  [
    /(?<![#.\w])(localStorage|sessionStorage|fetch\(|XMLHttpRequest)/,
    'the program keeps and fetches, not the window',
  ],
  [/@tauri-apps\//, 'only ipc.ts talks to the program'],
];
for (const path of files) {
  read(path)
    .split('\n')
    .forEach((text, i) => {
      for (const [pattern, what] of forbidden) {
        const allowed = pattern.source.startsWith('@tauri') && path.endsWith('/src/ipc.ts');
        if (pattern.test(text) && !allowed) find(path, i + 1, what);
      }
    });
}

// A key is used when it stands somewhere in quotes, or begins like a template such as `issue.${issue}`.
const code = files.filter((path) => !path.includes('/src/i18n/e')).map(read);
const all = code.join('\n');
const beginnings = [...all.matchAll(/`([a-z_]+(?:\.[a-z_]+)*\.)\$\{/g)].map((m) => m[1]);
for (const path of files.filter((p) => p.includes('/src/i18n/en/'))) {
  // Keys of tables that show every member of a type are written by the core, not here.
  const table = path.endsWith('/core.ts');
  read(path)
    .split('\n')
    .forEach((text, i) => {
      const key = /^ {2}'([^']+)':/.exec(text)?.[1];
      if (!key) return;
      const used = all.includes(`'${key}'`) || beginnings.some((b) => key.startsWith(b));
      if (!used && !table) find(path, i + 1, `nobody shows '${key}'`);
    });
}

if (findings.length > 0) {
  console.error(findings.join('\n'));
  process.exit(1);
}
console.log(`${files.length} source files: nothing forbidden, no text unused`);
