import { toast } from '@yidu/ui/toast.tsx';
import { useEffect, useState } from 'preact/hooks';
import { differences, rebase } from '../../data/diff.ts';
import { put, read, type Stored } from '../../data/settings.ts';
import type { Settings, SettingsChanged } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import type { Params } from '../../router.ts';
import { mayWrite } from '../../session.ts';
import { Conflict } from './conflict.tsx';
import { Override } from './override.tsx';
import { PolicyForm } from './policy-form.tsx';
import { Review } from './review.tsx';
import { t } from './strings.ts';

export function Policy({ params }: { params: Params }) {
  const app = params['app'] ?? '';
  const loaded = useLoad(signal => read(app, signal), [app]);
  const [stored, setStored] = useState<Stored>();
  const [draft, setDraft] = useState<Settings>();
  const [change, setChange] = useState<SettingsChanged>();
  const [conflict, setConflict] = useState<Stored>();
  const [error, setError] = useState<Error>();

  const take = (next: Stored) => {
    setStored(next);
    setDraft(next.settings);
    setConflict(undefined);
  };
  useEffect(() => loaded.data && take(loaded.data), [loaded.data]);
  if (!stored || !draft) {
    return (
      <Page title={t('title')} lead={t('lead')}>
        <Refused error={loaded.error} retry={loaded.reload} />
      </Page>
    );
  }

  const changes = differences(stored.settings, draft).length;
  const wanted = { settings: draft, etag: stored.etag };
  const clash = async () => {
    setChange(undefined);
    setConflict(await read(app));
  };
  const review = async () => {
    setError(undefined);
    try {
      const found = await put(app, wanted, true);
      await (found ? setChange(found) : clash());
    } catch (refused) {
      setError(refused as Error);
    }
  };
  const save = async () => {
    if (!(await put(app, wanted, false))) {
      return clash();
    }
    take(await read(app));
    toast(t('saved'));
  };
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite.value && (
          <>
            <button
              type="button"
              class="button"
              disabled={changes === 0}
              onClick={() => setDraft(stored.settings)}
            >
              {t('reset')}
            </button>
            <button type="button" class="button primary" disabled={changes === 0} onClick={review}>
              {t('review', changes)}
            </button>
          </>
        )
      }
    >
      <Refused error={error} />
      {!mayWrite.value && <p class="note">{t('readOnly')}</p>}
      <PolicyForm settings={draft} disabled={!mayWrite.value} onChange={setDraft} />
      <Override app={app} />
      {change && (
        <Review before={stored.settings} change={change} onClose={() => setChange(undefined)} onSave={save} />
      )}
      {conflict && (
        <Conflict
          stored={conflict.settings}
          mine={draft}
          onTheirs={() => take(conflict)}
          onMine={() => {
            setDraft(rebase(stored.settings, draft, conflict.settings));
            setStored(conflict);
            setConflict(undefined);
          }}
        />
      )}
    </Page>
  );
}
