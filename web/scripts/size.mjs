// How large the SDK and the console are in a browser, and whether that is within their budgets.
//
// The SDK is bundled and minified as an app would do it, the console is measured as it was built; what counts is gzip at
// level 9.

import { readdirSync, readFileSync } from 'node:fs';
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

/** What the built console loads: at first everything that its index and the overview import, in all every file. */
function consoleParts() {
  const folder = fileURLToPath(new URL('../../crates/yidu-server/assets/console/assets/', import.meta.url));
  const files = readdirSync(folder);
  const read = names => names.map(name => readFileSync(folder + name));
  const first = new Set(['index.js', 'overview.js']);
  for (const name of first) {
    for (const [, found] of readFileSync(folder + name, 'utf8').matchAll(
      /from\s*["']\.\/([^"']+\.js)["']/g,
    )) {
      first.add(found);
    }
  }
  return [
    { name: 'console, first load', parts: read([...first]), gzip: 50 * 1024 },
    { name: 'console, all JS', parts: read(files.filter(name => name.endsWith('.js'))), gzip: 90 * 1024 },
    { name: 'console, CSS', parts: read(files.filter(name => name.endsWith('.css'))), gzip: 10 * 1024 },
  ];
}

const kib = bytes => `${(bytes / 1024).toFixed(1)} KiB`;
const sdk = await Promise.all(
  BUDGETS.map(async ({ name, code, gzip }) => ({ name, parts: [Buffer.from(await bundle(code))], gzip })),
);
let over = false;
for (const { name, parts, gzip } of [...sdk, ...consoleParts()]) {
  const sum = measure => parts.reduce((bytes, part) => bytes + measure(part).length, 0);
  const size = sum(part => gzipSync(part, { level: 9 }));
  over ||= size > gzip;
  const [raw, brotli] = [sum(part => part), sum(part => brotliCompressSync(part))];
  process.stdout.write(
    `size: ${name}: ${kib(size)} gz of ${kib(gzip)} (${kib(raw)} raw, ${kib(brotli)} br)${size > gzip ? ' OVER' : ''}\n`,
  );
}
process.exit(over ? 1 : 0);
