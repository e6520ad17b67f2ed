import { Link } from '../../parts/link.tsx';
import type { Listed } from './request.ts';
import { t } from './strings.ts';

export interface OperationListProps {
  operations: readonly Listed[];
  chosen: string;
}

/** The requests that fit; each is a link. */
export function OperationList({ operations, chosen }: OperationListProps) {
  if (operations.length === 0) {
    return <p class="table-empty muted">{t('none')}</p>;
  }
  return (
    <nav aria-label={t('operations')} class="operations">
      {operations.map(({ id, method, path, operation }) => (
        <Link key={id} to="explorer" query={{ request: id }} class="operation" current={id === chosen}>
          <span class={`method ${method.toLowerCase()}`}>{method}</span>
          <span class="operation-text">
            {operation.summary}
            <span class="muted mono small">{path.replace('/api/v1', '')}</span>
          </span>
        </Link>
      ))}
    </nav>
  );
}
