// Every page: by its address, after a reload, in both themes, without a complaint of the policy or of axe.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Chat from '@yidu/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Place, placesOf } from './places.ts';
import { type Opened, Site, seed } from './site.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let site: Site;
let opened: Opened;
let places: Place[];

beforeAll(async () => {
  site = await Site.open();
  const names = ['wang', 'zhaoqiang', 'chen', 'anna', 'li'];
  const { sender } = await seed(site.server, { group: 'team', name: '研发一组', names, readers: 2 });
  const direct = sender.createTextMessage({
    to: 'chen',
    conversationType: Chat.TYPES.CONV_C2C,
    payload: { text: '好的' },
    needReadReceipt: true,
  });
  await sender.sendMessage(direct);
  opened = await site.owner();
  places = placesOf(site.server.app, { group: 'team', user: 'wang', peer: 'chen', seq: 1 });
});
afterAll(() => site.close());

/** The page is there and nothing is being loaded any more. */
async function settled(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
}

test('every page is reached by its address and survives a reload', async () => {
  const { page, faults } = opened;
  for (const { path, heading } of places) {
    await page.goto(site.address(path));
    await settled(page, heading);
    const address = page.url();
    await page.reload();
    await settled(page, heading);
    expect(page.url()).toBe(address);
    expect(await page.getByRole('alert').allInnerTexts(), path).toEqual([]);
  }
  expect(faults).toEqual([]);
});

describe.each(['light', 'dark'] as const)('in %s', theme => {
  test('axe finds nothing on any page', async () => {
    const { page } = opened;
    await page.emulateMedia({ colorScheme: theme });
    for (const { name, path, heading } of places) {
      await page.goto(site.address(path));
      await settled(page, heading);
      expect({ [name]: await violations(page) }).toEqual({ [name]: [] });
    }
  });
});

/** By CDP: a script tag would be against the page's policy. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (
          what: Document,
          how: object,
        ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await axe.run(document, { runOnly: tags });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`),
    );
  });
}
