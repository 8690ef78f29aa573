// Serves the recorded window on loopback, and opens Debian's Chromium on it.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const built =
  process.env.RECORDED ?? fileURLToPath(new URL('../node_modules/.cache/recorded', import.meta.url));
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** Answers with the browser, the address of the window, and what ends both. */
export async function open() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    try {
      const body = readFileSync(join(built, path === '/' ? 'index.html' : path));
      // Kept by the browser, with what it made of it: the same pages are opened hundreds of times.
      const kept = { 'cache-control': 'max-age=3600' };
      const type = { 'content-type': TYPES[extname(path)] ?? 'text/html' };
      response.writeHead(200, { ...type, ...kept }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const close = async () => {
    await browser.close();
    server.close();
  };
  return { browser, address: `http://127.0.0.1:${server.address().port}/`, close };
}
