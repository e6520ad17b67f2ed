import { Table } from '@yidu/ui/table.tsx';
import { shown } from '../data/diff.ts';
import type { Difference } from '../data/types.ts';
import { Explained } from './explained.tsx';

export interface DiffTableProps {
  caption: string;
  titles: { field: string; before: string; after: string };
  differences: readonly Difference[];
  empty: string;
  /** Whose fields they are, for explanations. */
  schema?: string;
}

/** What was and what is, field by field. */
export function DiffTable({ caption, titles, differences, empty, schema = '' }: DiffTableProps) {
  return (
    <Table
      caption={caption}
      rows={differences}
      keyOf={row => row.field}
      empty={empty}
      columns={[
        {
          id: 'field',
          title: titles.field,
          cell: row => (
            <Explained schema={schema} field={row.field.split('.')[0] ?? ''}>
              <code>{row.field || '–'}</code>
            </Explained>
          ),
        },
        { id: 'before', title: titles.before, cell: row => <del class="before">{shown(row.before)}</del> },
        { id: 'after', title: titles.after, cell: row => <ins class="after">{shown(row.after)}</ins> },
      ]}
    />
  );
}
