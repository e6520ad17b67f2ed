import type { ComponentChildren } from 'preact';
import type { FigureName, Figures } from '../../data/figures.ts';
import { Explained } from '../../parts/explained.tsx';
import { spark } from './ring.ts';

const WIDTH = 240;
const HEIGHT = 36;

export interface TileProps {
  label: string;
  name: FigureName;
  points: readonly Figures[];
  children: ComponentChildren;
}

/** One of the numbers that are looked at first, with its last minutes. */
export function Tile({ label, name, points, children }: TileProps) {
  return (
    <section class="card tile">
      <h2 class="tile-title">
        <Explained schema="Figures" field={name}>
          {label}
        </Explained>
      </h2>
      <p class="tile-value numeric">{children}</p>
      <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={spark(points, name, WIDTH, HEIGHT)} />
      </svg>
    </section>
  );
}
