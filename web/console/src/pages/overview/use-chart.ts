import { effect } from '@preact/signals';
import { theme } from '@yidu/ui/theme.ts';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { FigureName, Figures } from '../../data/figures.ts';

const HEIGHT = 220;

/** The points as columns; where two are further apart than the step there is an empty one between them. */
export function columns(
  points: readonly Figures[],
  stepMs: number,
  name: FigureName,
): [number[], (number | null)[]] {
  const times: number[] = [];
  const values: (number | null)[] = [];
  let before: number | undefined;
  for (const point of points) {
    if (before !== undefined && point.time_ms - before > stepMs * 1.5) {
      times.push((before + stepMs) / 1000);
      values.push(null);
    }
    times.push(point.time_ms / 1000);
    values.push(point[name]);
    before = point.time_ms;
  }
  return [times, values];
}

/** Draws a line chart into an element; the library is fetched when there is something to draw. */
export function useChart(
  field: RefObject<HTMLDivElement | null>,
  points: readonly Figures[],
  stepMs: number,
  name: FigureName,
): void {
  useEffect(() => {
    const element = field.current;
    if (!element || points.length < 2) {
      return;
    }
    let stop = () => {};
    let wanted = true;
    void import('./draw.ts').then(({ draw }) => {
      if (!wanted) {
        return;
      }
      // Canvases know nothing of style sheets: another theme is another drawing.
      let clear = () => {};
      const paint = () => {
        clear();
        clear = draw(element, columns(points, stepMs, name), HEIGHT);
      };
      const system = matchMedia('(prefers-color-scheme: dark)');
      system.addEventListener('change', paint);
      const dispose = effect(() => {
        theme.value;
        paint();
      });
      stop = () => {
        dispose();
        system.removeEventListener('change', paint);
        clear();
      };
    });
    return () => {
      wanted = false;
      stop();
    };
  }, [points, stepMs, name]);
}
