// The colours keep the contrasts of WCAG 2.2 AA, in both themes.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../src/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(([, name, light, dark]) => [
    name ?? '',
    { light: light ?? '', dark: dark ?? '' },
  ]),
);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ['bg', 'bg-sunken', 'bg-raised', 'bg-hover', 'bg-selected', 'bubble-in', 'bubble-out'];
const TEXT_ON: [string, string][] = [
  ...['text', 'muted', 'accent', 'read', 'danger'].flatMap(text =>
    SURFACES.map((surface): [string, string] => [text, surface]),
  ),
  ['on-accent', 'accent'],
  ['warn', 'warn-bg'],
  ['danger', 'danger-bg'],
  ['bg', 'text'],
];

test.each(['light', 'dark'] as const)('text can be read in the %s theme', theme => {
  for (const [text, surface] of TEXT_ON) {
    const [a, b] = [tokens.get(text)?.[theme], tokens.get(surface)?.[theme]];
    expect(a && b, `${text} and ${surface} are tokens`).toBeTruthy();
    const ratio = contrast(a ?? '', b ?? '');
    expect(ratio, `${text} on ${surface} is ${ratio.toFixed(2)}:1`).toBeGreaterThanOrEqual(4.5);
  }
});

test.each(['light', 'dark'] as const)('controls can be seen in the %s theme', theme => {
  for (const surface of ['bg', 'bg-sunken', 'bg-raised']) {
    const ratio = contrast(tokens.get('line-strong')?.[theme] ?? '', tokens.get(surface)?.[theme] ?? '');
    expect(ratio, `line-strong on ${surface} is ${ratio.toFixed(2)}:1`).toBeGreaterThanOrEqual(3);
  }
});
