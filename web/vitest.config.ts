import { defineConfig } from 'vitest/config';

const project = (name: string, seconds: number, more: object = {}) => ({
  test: {
    name,
    include: [`sdk/test/${name}/**/*.test.ts`],
    testTimeout: seconds * 1000,
    hookTimeout: 60_000,
    ...more,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 30),
      // One file at a time: each starts a server, and browsers are heavy.
      project('server', 60, { fileParallelism: false }),
      project('browser', 90, { fileParallelism: false }),
    ],
  },
});
