import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  id: string;
  title: string;
  /** Numbers stand at the end of their cell, under each other. */
  numeric?: boolean;
  cell: (row: Row) => ComponentChildren;
}

export interface TableProps<Row> {
  /** What the table shows; read to those who cannot see it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  /** In place of rows when there are none. */
  empty: ComponentChildren;
}

/** A table that scrolls sideways by itself where it is wider than the page. */
export function Table<Row>({ caption, columns, rows, keyOf, empty }: TableProps<Row>) {
  const classOf = ({ numeric }: Column<Row>) => (numeric ? 'numeric end' : undefined);
  return (
    <section
      class="table-frame"
      aria-label={caption}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it
      tabIndex={0}
    >
      <table class="table">
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.id} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={keyOf(row)}>
              {columns.map(column => (
                <td key={column.id} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="table-empty muted">{empty}</p>}
    </section>
  );
}
