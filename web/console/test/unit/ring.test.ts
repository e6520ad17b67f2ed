import { expect, test } from 'vitest';
import { FIGURES, type Figures } from '../../src/data/figures.ts';
import { KEPT, push, spark } from '../../src/pages/overview/ring.ts';
import { columns } from '../../src/pages/overview/use-chart.ts';

const at = (time_ms: number, connections = 0): Figures => ({
  ...(Object.fromEntries(FIGURES.map(name => [name, 0])) as Omit<Figures, 'time_ms'>),
  time_ms,
  connections,
});

test('a quarter of an hour is kept, the oldest goes, an instant is there once', () => {
  let points: readonly Figures[] = [];
  for (let n = 0; n < KEPT + 50; n += 1) {
    points = push(points, at(n * 1000));
  }
  expect(points).toHaveLength(KEPT);
  expect(points[0]?.time_ms).toBe(50_000);
  expect(push(points, at((KEPT + 49) * 1000, 7))).toHaveLength(KEPT);
});

test('a line is one path, and a gap stays a gap', () => {
  expect(spark([at(0)], 'connections', 100, 10)).toBe('');
  const path = spark([at(0, 1), at(1000, 2), at(9000, 4)], 'connections', 90, 10);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path.match(/L/g)).toHaveLength(1);
  expect(path).not.toContain('NaN');
});

test('a chart has an empty column where the server did not run', () => {
  const [times, values] = columns([at(0, 1), at(10_000, 2), at(90_000, 3)], 10_000, 'connections');
  expect(times).toEqual([0, 10, 20, 90]);
  expect(values).toEqual([1, 2, null, 3]);
});
