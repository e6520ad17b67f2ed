import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { at, get, send } from '../../api.ts';
import { loadApps } from '../../data/apps.ts';
import type { AppInfo, AppWithKey, Key } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import type { Params } from '../../router.ts';
import { isOwner } from '../../session.ts';
import { KeyTable } from './key-table.tsx';
import { Secret } from './secret.tsx';
import { t } from './strings.ts';
import { UserSigTool } from './user-sig-tool.tsx';

const GRACE_HOURS = 72;

export function Keys({ params }: { params: Params }) {
  const app = params['app'] ?? '';
  const { data, error, reload } = useLoad(signal => get<AppInfo>(at`/apps/${app}`, {}, signal), [app]);
  const [rotating, setRotating] = useState(false);
  const [hours, setHours] = useState(GRACE_HOURS);
  const [secret, setSecret] = useState('');
  const [deleting, setDeleting] = useState<Key>();
  const changed = async () => {
    reload();
    await loadApps();
  };
  const rotate = async () => {
    const made = await send<AppWithKey>('POST', at`/apps/${app}/keys`, { grace_seconds: hours * 3600 });
    setSecret(made.secret_key);
    await changed();
  };
  return (
    <Page
      title={t('keysTitle')}
      lead={t('keysLead')}
      actions={
        isOwner.value && (
          <button type="button" class="button primary" onClick={() => setRotating(true)}>
            {t('rotate')}
          </button>
        )
      }
    >
      <Refused error={error} retry={reload} />
      {data && (
        <section class="card flush">
          <KeyTable
            keys={data.keys}
            mayDelete={isOwner.value && data.keys.length > 1}
            onDelete={setDeleting}
          />
        </section>
      )}
      {isOwner.value ? <UserSigTool app={app} /> : <p class="note">{t('ownerOnly')}</p>}
      {rotating && (
        <Confirm
          title={t('rotate')}
          word={app}
          act={t('rotateAct')}
          onClose={() => setRotating(false)}
          run={rotate}
        >
          <p>{t('rotateText')}</p>
          <label class="number-row">
            <span>{t('grace')}</span>
            <input
              class="input compact numeric"
              type="number"
              min={0}
              value={hours}
              onInput={event => setHours(Number(event.currentTarget.value))}
            />
            <span class="small">{t('hours')}</span>
          </label>
        </Confirm>
      )}
      {deleting && (
        <Confirm
          title={t('removeTitle')}
          word={deleting.fingerprint}
          act={t('remove')}
          onClose={() => setDeleting(undefined)}
          run={async () => {
            await send('DELETE', at`/apps/${app}/keys/${deleting.fingerprint}`);
            toast(t('removed'));
            await changed();
          }}
        >
          <p>{t('removeText', deleting.fingerprint)}</p>
        </Confirm>
      )}
      {secret && <Secret secret={secret} onClose={() => setSecret('')} />}
    </Page>
  );
}
