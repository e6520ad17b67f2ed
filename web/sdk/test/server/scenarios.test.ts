// The scenarios that every SDK plays.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { type Scenario, Stage } from '../scenarios.ts';
import { Server } from '../server.ts';

const folder = fileURLToPath(new URL('../../../../examples/scenarios/', import.meta.url));
const files = existsSync(folder) ? readdirSync(folder).filter(file => file.endsWith('.json')) : [];

if (files.length === 0) {
  test.skip('there is no examples/scenarios to play', () => undefined);
}

test.each(files)('%s', { timeout: 180_000 }, async file => {
  // The same people meet in all of them, so each has a server of its own.
  const server = await Server.start();
  const stage = new Stage(server);
  try {
    await stage.play(JSON.parse(readFileSync(folder + file, 'utf8')) as Scenario);
  } finally {
    await stage.close();
    await server.close();
  }
});
