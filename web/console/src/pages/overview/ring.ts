// The last quarter of an hour, second by second.

import type { FigureName, Figures } from '../../data/figures.ts';

/** Points that are kept: 15 minutes. */
export const KEPT = 900;

/** Adds a point; the oldest goes when there are too many. A point of the same instant takes the place of its elder. */
export function push(points: readonly Figures[], next: Figures): readonly Figures[] {
  const last = points.at(-1);
  const before =
    last && last.time_ms >= next.time_ms ? points.filter(one => one.time_ms < next.time_ms) : points;
  return [...before, next].slice(-KEPT);
}

/** A line over the points as one SVG path in a field of `width` × `height`; a gap of more than `gapMs` stays a gap. */
export function spark(
  points: readonly Figures[],
  name: FigureName,
  width: number,
  height: number,
  gapMs = 3_000,
): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 2) {
    return '';
  }
  const span = Math.max(last.time_ms - first.time_ms, 1);
  const most = Math.max(...points.map(point => point[name]), Number.EPSILON);
  let before: Figures | undefined;
  return points
    .map(point => {
      const x = ((point.time_ms - first.time_ms) / span) * width;
      const y = height - (point[name] / most) * (height - 2) - 1;
      const step = before && point.time_ms - before.time_ms <= gapMs ? 'L' : 'M';
      before = point;
      return `${step}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
