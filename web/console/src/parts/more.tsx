import type { Pages } from '../data/use-pages.ts';
import { t } from '../shell/strings.ts';
import { Refused } from './refused.tsx';

/** Below a list: what went wrong, and the next page. */
export function More<Row>({ pages }: { pages: Pages<Row> }) {
  return (
    <>
      <Refused error={pages.error} retry={pages.reload} />
      {pages.more && (
        <button type="button" class="button small centre-self" onClick={pages.loadMore}>
          {t('more')}
        </button>
      )}
    </>
  );
}
