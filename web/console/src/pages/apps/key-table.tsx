import { Table } from '@yidu/ui/table.tsx';
import type { Key } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { Moment } from '../../parts/moment.tsx';
import { t } from './strings.ts';

export interface KeyTableProps {
  keys: readonly Key[];
  mayDelete: boolean;
  onDelete: (key: Key) => void;
}

function stateOf(key: Key, newest: boolean): string {
  if (!key.retires_ms) {
    return newest ? `${t('active')}, ${t('newest')}` : t('active');
  }
  return key.retires_ms <= Date.now() ? t('retired') : t('retires', key.retires_ms);
}

/** The keys of an app, newest first, without their secrets. */
export function KeyTable({ keys, mayDelete, onDelete }: KeyTableProps) {
  return (
    <Table
      caption={t('keys')}
      rows={keys}
      keyOf={key => key.fingerprint}
      empty={t('none')}
      columns={[
        {
          id: 'fingerprint',
          title: t('fingerprint'),
          cell: key => (
            <Explained schema="Key" field="fingerprint">
              <code>{key.fingerprint}</code>
            </Explained>
          ),
        },
        { id: 'created', title: t('created'), cell: key => <Moment ms={key.created_ms} /> },
        { id: 'state', title: t('state'), cell: key => stateOf(key, key === keys[0]) },
        ...(mayDelete
          ? [
              {
                id: 'act',
                title: t('remove'),
                cell: (key: Key) => (
                  <button type="button" class="button small danger" onClick={() => onDelete(key)}>
                    {t('remove')} <span class="sr-only">{key.fingerprint}</span>
                  </button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
