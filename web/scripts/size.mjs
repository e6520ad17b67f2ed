// How large the SDK is in a browser, and whether that is within its budget.
//
// Each entry is bundled and minified as an app would do it; what counts is gzip at level 9.

import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

const BUDGETS = [
  { name: 'SDK', code: "export { default } from '@yidu/sdk';", gzip: 28 * 1024 },
  {
    name: 'SDK, tracker, outbox',
    code: "export { default } from '@yidu/sdk'; export * from '@yidu/sdk/dom'; export * from '@yidu/sdk/outbox';",
    gzip: 30.5 * 1024,
  },
];

async function bundle(code) {
  const entry = '\0entry';
  const result = await build({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: id => (id === 'entry' ? entry : null),
        load: id => (id === entry ? code : null),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: 'entry', preserveEntrySignatures: 'strict' },
      modulePreload: { polyfill: false },
    },
  });
  return result.output.map(part => part.code ?? '').join('');
}

const kib = bytes => `${(bytes / 1024).toFixed(1)} KiB`;
let over = false;
for (const { name, code, gzip } of BUDGETS) {
  const text = await bundle(code);
  const size = gzipSync(text, { level: 9 }).length;
  over ||= size > gzip;
  const brotli = brotliCompressSync(text).length;
  process.stdout.write(
    `size: ${name}: ${kib(size)} gz of ${kib(gzip)} (${kib(text.length)} raw, ${kib(brotli)} br)${size > gzip ? ' OVER' : ''}\n`,
  );
}
process.exit(over ? 1 : 0);
