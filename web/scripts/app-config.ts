// How chat and console are built: into the server's crate, under names that stay, without anything inline, so that the
// strict content security policy of the server holds and two builds of one commit are the same bytes.

import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';

export function appConfig(name: 'chat' | 'console', base: string): UserConfig {
  const root = fileURLToPath(new URL(`../${name}/`, import.meta.url));
  return {
    root,
    base,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: fileURLToPath(new URL(`../../crates/yidu-server/assets/${name}/`, import.meta.url)),
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        output: {
          entryFileNames: 'assets/[name].js',
          chunkFileNames: 'assets/[name].js',
          assetFileNames: 'assets/[name][extname]',
        },
      },
    },
  };
}
