import { Toasts } from '@yidu/ui/toast.tsx';
import { useEffect, useState } from 'preact/hooks';
import { busy } from '../api.ts';
import { loadApps } from '../data/apps.ts';
import { loadOpenApi } from '../data/explain.ts';
import { Refused } from '../parts/refused.tsx';
import { Finder } from './finder.tsx';
import { Outlet } from './outlet.tsx';
import { Rail } from './rail.tsx';
import { t } from './strings.ts';
import { TopBar } from './top-bar.tsx';

/** What surrounds every page once somebody is signed in. */
export function Shell() {
  const [finding, setFinding] = useState(false);
  const [ready, setReady] = useState(false);
  const [error, setError] = useState<Error>();
  const start = () => {
    setError(undefined);
    loadApps().then(() => setReady(true), setError);
  };
  useEffect(() => {
    start();
    loadOpenApi();
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        setFinding(true);
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="shell">
      <a class="skip" href="#content">
        {t('skip')}
      </a>
      <TopBar onFind={() => setFinding(true)} />
      <Rail />
      <main id="content" class="content" tabIndex={-1} aria-busy={busy}>
        <Refused error={error} retry={start} />
        {ready && <Outlet />}
      </main>
      {finding && <Finder onClose={() => setFinding(false)} />}
      <Toasts />
    </div>
  );
}
