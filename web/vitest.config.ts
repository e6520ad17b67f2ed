import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], seconds: number, more: object = {}) => ({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } } as const,
  test: { name, include, testTimeout: seconds * 1000, hookTimeout: 60_000, ...more },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', ['*/test/unit/**/*.test.{ts,tsx}'], 30),
      // One file at a time: each starts a server, and browsers are heavy.
      project('server', ['sdk/test/server/**/*.test.ts'], 60, { fileParallelism: false }),
      project('browser', ['*/test/browser/**/*.test.ts'], 120, { fileParallelism: false }),
      project('screenshots', ['*/test/screenshots/**/*.test.ts'], 300, { fileParallelism: false }),
    ],
  },
});
