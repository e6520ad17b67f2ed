import { format } from '@yidu/ui/i18n/language.ts';
import { Table } from '@yidu/ui/table.tsx';
import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import { apps, loadApps } from '../../data/apps.ts';
import type { AppWithKey } from '../../data/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Explained } from '../../parts/explained.tsx';
import { Link } from '../../parts/link.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { isOwner } from '../../session.ts';
import { Secret } from './secret.tsx';
import { t } from './strings.ts';

export function Apps() {
  const [making, setMaking] = useState(false);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const make = async () => {
    const made = await send<AppWithKey>('POST', '/apps', { name });
    setName('');
    setSecret(made.secret_key);
    await loadApps();
  };
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        isOwner.value && (
          <button type="button" class="button primary" onClick={() => setMaking(true)}>
            {t('create')}
          </button>
        )
      }
    >
      {!isOwner.value && <p class="note">{t('ownerOnly')}</p>}
      <section class="card flush">
        <Table
          caption={t('title')}
          rows={apps.value}
          keyOf={app => app.app_id}
          empty={t('none')}
          columns={[
            {
              id: 'id',
              title: t('id'),
              cell: app => (
                <Link to="policy" params={{ app: String(app.app_id) }}>
                  <span class="numeric">{app.app_id}</span>
                </Link>
              ),
            },
            { id: 'name', title: t('name'), cell: app => <bdi>{app.name || '–'}</bdi> },
            { id: 'created', title: t('created'), cell: app => <Moment ms={app.created_ms} /> },
            {
              id: 'keys',
              title: t('keys'),
              numeric: true,
              cell: app => (
                <Link to="keys" params={{ app: String(app.app_id) }}>
                  <Explained schema="App" field="keys">
                    {format.value.number(app.keys.length)}
                  </Explained>
                </Link>
              ),
            },
          ]}
        />
      </section>
      {making && (
        <Confirm
          title={t('create')}
          word=""
          act={t('createAct')}
          danger={false}
          onClose={() => setMaking(false)}
          run={make}
        >
          <p>{t('createText')}</p>
          <label class="field">
            <span class="label">{t('name')}</span>
            <input
              class="input"
              value={name}
              maxLength={100}
              onInput={event => setName(event.currentTarget.value)}
            />
          </label>
        </Confirm>
      )}
      {secret && <Secret secret={secret} onClose={() => setSecret('')} />}
    </Page>
  );
}
