// The live numbers: they move, they say when they are stale, they come back with the server, they rest while hidden.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Opened, Site } from './site.ts';

let site: Site;
let opened: Opened;
beforeAll(async () => {
  site = await Site.open();
  opened = await site.owner();
});
afterAll(() => site.close());

const beat = () => opened.page.locator('[data-beat]').getAttribute('data-beat');

test('numbers come once a second and a sparkline grows as one path', async () => {
  const { page, faults } = opened;
  await page.goto(site.address('/'));
  await expect.poll(beat).toBe('live');
  const path = page.locator('.spark path').first();
  const length = async () => (await path.getAttribute('d'))?.length ?? 0;
  await expect.poll(length, { timeout: 10_000 }).toBeGreaterThan(10);
  const before = await length();
  await expect.poll(length, { timeout: 10_000 }).toBeGreaterThan(before);
  expect(await page.locator('.spark').first().locator('*').count()).toBe(1);
  expect(faults).toEqual([]);
});

test('a hidden page listens to nothing and goes on when it is looked at', async () => {
  const { page } = opened;
  const show = (state: string) =>
    page.evaluate(visibility => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await show('hidden');
  await expect.poll(beat).toBe('paused');
  await show('visible');
  await expect.poll(beat, { timeout: 10_000 }).toBe('live');
});

test('a server that is gone leaves a stale label, one that is back a sign-in or live numbers', async () => {
  const { page } = opened;
  await site.server.kill('SIGKILL');
  await expect.poll(beat, { timeout: 15_000 }).toBe('stale');
  expect(await page.locator('[data-beat]').textContent()).toMatch(/stale \d+ s/);
  await site.server.restart();
  // Sessions are in memory: whoever was signed in signs in again.
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor({ timeout: 20_000 });
});

test('a broken connection is made anew within the session', async () => {
  const again = await site.owner();
  const { page } = again;
  await page.goto(site.address('/'));
  const state = () => page.locator('[data-beat]').getAttribute('data-beat');
  await expect.poll(state, { timeout: 10_000 }).toBe('live');
  let refused = 0;
  await page.route('**/stats/stream', route => {
    refused += 1;
    return refused > 2 ? route.continue() : route.abort('connectionreset');
  });
  await page.reload();
  await expect.poll(() => refused, { timeout: 20_000 }).toBeGreaterThan(2);
  await expect.poll(state, { timeout: 20_000 }).toBe('live');
});

test('the history is drawn once there are two points, by a library that is fetched only then', async () => {
  const { page, faults } = await site.owner();
  const fetched: string[] = [];
  page.on('request', request => fetched.push(request.url()));
  await page.goto(site.address('/?span=15m&number=connections'));
  const drawn = () => page.locator('.chart canvas').count();
  await expect
    .poll(
      async () => {
        const before = fetched.some(url => url.endsWith('/draw.js'));
        const points = await page.evaluate(() =>
          fetch('/api/v1/stats/history?step_ms=10000')
            .then(answer => answer.json())
            .then((history: { points: object[] }) => history.points.length),
        );
        if (points < 2) {
          expect(before).toBe(false);
          return 0;
        }
        await page.reload();
        await page.locator('.chart canvas').waitFor();
        return drawn();
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(1);
  await page.locator('.chart').scrollIntoViewIfNeeded();
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(faults).toEqual([]);
});
