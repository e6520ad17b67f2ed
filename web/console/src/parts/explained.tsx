import type { ComponentChildren } from 'preact';
import { explain } from '../data/explain.ts';

export interface ExplainedProps {
  schema: string;
  field?: string;
  /** More than the server's document says. */
  more?: string;
  children: ComponentChildren;
}

/** A label that says what it means when it is pointed at: in the words of the server's OpenAPI document. */
export function Explained({ schema, field, more, children }: ExplainedProps) {
  const text = [explain(schema, field), more].filter(part => part).join('\n');
  return (
    <span class="explained" title={text || undefined}>
      {children}
    </span>
  );
}
