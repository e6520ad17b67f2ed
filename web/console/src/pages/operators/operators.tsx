import { Table } from '@yidu/ui/table.tsx';
import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { at, get, send } from '../../api.ts';
import type { Operator } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import { isOwner } from '../../session.ts';
import { OperatorDialog } from './operator-dialog.tsx';
import { t } from './strings.ts';

export function Operators() {
  const owner = isOwner.value;
  const { data, error, reload } = useLoad(
    async signal => (owner ? get<{ operators: Operator[] }>('/operators', {}, signal) : undefined),
    [owner],
  );
  const [editing, setEditing] = useState<Operator | 'new'>();
  const [removing, setRemoving] = useState<Operator>();
  const done = () => {
    toast(t('saved'));
    reload();
  };
  if (!owner) {
    return (
      <Page title={t('title')}>
        <p class="note">{t('ownerOnly')}</p>
      </Page>
    );
  }
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <button type="button" class="button primary" onClick={() => setEditing('new')}>
          {t('add')}
        </button>
      }
    >
      <Refused error={error} retry={reload} />
      {data && (
        <section class="card flush">
          <Table
            caption={t('title')}
            rows={data.operators}
            keyOf={operator => operator.name}
            empty={t('none')}
            columns={[
              { id: 'name', title: t('name'), cell: operator => <bdi>{operator.name}</bdi> },
              {
                id: 'role',
                title: t('role'),
                cell: operator => (
                  <>
                    {t(`role.${operator.role}`)} <span class="muted">{t(`means.${operator.role}`)}</span>
                  </>
                ),
              },
              { id: 'created', title: t('created'), cell: operator => <Moment ms={operator.created_ms} /> },
              {
                id: 'act',
                title: t('change'),
                cell: operator => (
                  <span class="row">
                    <button type="button" class="button small" onClick={() => setEditing(operator)}>
                      {t('change')} <span class="sr-only">{operator.name}</span>
                    </button>
                    <button type="button" class="button small danger" onClick={() => setRemoving(operator)}>
                      {t('remove')} <span class="sr-only">{operator.name}</span>
                    </button>
                  </span>
                ),
              },
            ]}
          />
        </section>
      )}
      {editing && <OperatorDialog operator={editing} onClose={() => setEditing(undefined)} onDone={done} />}
      {removing && (
        <Confirm
          title={t('remove')}
          word={removing.name}
          act={t('remove')}
          onClose={() => setRemoving(undefined)}
          run={async () => {
            await send('DELETE', at`/operators/${removing.name}`);
            done();
          }}
        >
          <p>{t('removeText')}</p>
        </Confirm>
      )}
    </Page>
  );
}
