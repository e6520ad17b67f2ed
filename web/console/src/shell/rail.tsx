import { currentApp } from '../data/apps.ts';
import { Link } from '../parts/link.tsx';
import { route } from '../router.ts';
import { isOwner } from '../session.ts';
import { type Entry, OF_APP, OF_SERVER } from './menu.ts';
import { t } from './strings.ts';

/** The pages of the server and of the app that is looked at. */
export function Rail() {
  const app = currentApp.value;
  const item = (entry: Entry) => {
    const page = route.value?.page;
    const current = page !== undefined && (page === entry.page || entry.also?.includes(page));
    return (
      <li key={entry.page}>
        <Link to={entry.page} params={{ app }} class="rail-link" current={current ?? false}>
          {t(entry.label) as string}
        </Link>
      </li>
    );
  };
  return (
    <nav class="rail" aria-label={t('navigation')}>
      <ul>{OF_SERVER.filter(entry => !entry.owner || isOwner.value).map(item)}</ul>
      {app && (
        <>
          <h2 class="rail-title">
            {t('app')} <span class="numeric">{app}</span>
          </h2>
          <ul>{OF_APP.map(item)}</ul>
        </>
      )}
    </nav>
  );
}
