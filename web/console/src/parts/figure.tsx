import type { ComponentChildren } from 'preact';
import { Explained } from './explained.tsx';

export interface FigureProps {
  label: string;
  schema: string;
  field: string;
  value: ComponentChildren;
  unit?: string;
  children?: ComponentChildren;
}

/** A number with its name; the name explains it. */
export function Figure({ label, schema, field, value, unit, children }: FigureProps) {
  return (
    <div class="figure">
      <dt>
        <Explained schema={schema} field={field}>
          {label}
        </Explained>
      </dt>
      <dd>
        <span class="value numeric">{value}</span>
        {unit && <span class="muted small"> {unit}</span>}
        {children}
      </dd>
    </div>
  );
}
