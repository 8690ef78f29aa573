import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  // Tauri serves the files from the program itself: paths are relative, and nothing is fetched from outside.
  base: './',
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: { target: ['es2022', 'chrome110', 'safari16'], assetsInlineLimit: 0, sourcemap: false },
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
