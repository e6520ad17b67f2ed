import { differences, shown } from '../../data/diff.ts';
import type { AuditEntry } from '../../data/types.ts';
import { t } from './strings.ts';

/** What an entry changed, field by field: small enough for a cell. */
export function Change({ entry }: { entry: AuditEntry }) {
  const fields = differences(entry.before, entry.after);
  if (fields.length === 0) {
    return <span class="muted">{t('same')}</span>;
  }
  return (
    <ul class="changes">
      {fields.map(({ field, before, after }) => (
        <li key={field}>
          {field && <code>{field}</code>}{' '}
          {before !== undefined && before !== null && <del class="before">{shown(before)}</del>}{' '}
          {after !== undefined && after !== null && <ins class="after">{shown(after)}</ins>}
        </li>
      ))}
    </ul>
  );
}
