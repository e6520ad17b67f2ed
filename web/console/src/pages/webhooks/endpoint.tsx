import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { put, type Stored } from '../../data/settings.ts';
import type { Webhook } from '../../data/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Refused } from '../../parts/refused.tsx';
import { mayWrite } from '../../session.ts';
import { EndpointFields } from './endpoint-fields.tsx';
import { t } from './strings.ts';

const NEW: Webhook = { url: '', token: '', commands: [], on_timeout: 'allow' };

export interface EndpointProps {
  app: string;
  stored: Stored;
  onChange: () => void;
}

/** Where the back end listens: a part of the app's settings, saved with their ETag. */
export function Endpoint({ app, stored, onChange }: EndpointProps) {
  const { webhook } = stored.settings;
  const [draft, setDraft] = useState<Webhook>(webhook ?? NEW);
  const [stopping, setStopping] = useState(false);
  const [error, setError] = useState<Error>();
  const save = async (next: Webhook | null) => {
    const settings = { ...stored.settings, webhook: next };
    const changed = await put(app, { settings, etag: stored.etag }, false);
    toast(t(changed ? 'saved' : 'conflict'), changed ? 'note' : 'error');
    onChange();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    await save(draft).catch(setError);
  };
  return (
    <form class="card" onSubmit={submit}>
      <h2 class="card-title">{t('endpoint')}</h2>
      {!webhook && <p class="muted small">{t('none')}</p>}
      <EndpointFields webhook={draft} disabled={!mayWrite.value} onChange={setDraft} />
      <Refused error={error} />
      {mayWrite.value && (
        <div class="row">
          <button type="submit" class="button primary">
            {t('save')}
          </button>
          {webhook && (
            <button type="button" class="button danger" onClick={() => setStopping(true)}>
              {t('stop')}
            </button>
          )}
        </div>
      )}
      {stopping && (
        <Confirm
          title={t('stop')}
          word={app}
          act={t('stop')}
          onClose={() => setStopping(false)}
          run={() => save(null)}
        >
          <p>{t('stopText')}</p>
        </Confirm>
      )}
    </form>
  );
}
