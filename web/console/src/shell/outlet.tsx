import { useEffect, useState } from 'preact/hooks';
import { Page } from '../parts/page.tsx';
import { Refused } from '../parts/refused.tsx';
import { address, route } from '../router.ts';
import { PAGES, type PageComponent } from './pages.ts';
import { t } from './strings.ts';

/** The page that the address names. */
export function Outlet() {
  const at = route.value;
  const page = at?.page;
  const [shown, setShown] = useState<{ page: string; component: PageComponent }>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    let wanted = true;
    setError(undefined);
    if (page) {
      PAGES[page]().then(
        component => wanted && setShown({ page, component }),
        (failed: Error) => wanted && setError(failed),
      );
    }
    return () => {
      wanted = false;
    };
  }, [page]);
  if (!at) {
    return (
      <Page title={t('notFound')}>
        <p class="muted">{t('notFoundHint')}</p>
      </Page>
    );
  }
  if (error) {
    return <Refused error={error} retry={() => location.reload()} />;
  }
  if (shown?.page !== page || !shown) {
    return <p class="muted" aria-busy="true" />;
  }
  const Component = shown.component;
  // Another message or user is another page: nothing of the one before may stay.
  return <Component key={address.value.split('?')[0]} params={at.params} />;
}
