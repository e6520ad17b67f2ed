import { at, get } from '../../api.ts';
import type { Group } from '../../data/types.ts';
import { usePages } from '../../data/use-pages.ts';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { type Params, query, setQuery } from '../../router.ts';
import { GroupTable } from './group-table.tsx';
import { t } from './strings.ts';

const LIMIT = 50;

export function Groups({ params }: { params: Params }) {
  const app = params['app'] ?? '';
  const q = query.value.get('q') ?? '';
  const pages = usePages<Group>(
    async (cursor, signal) => {
      const asked = { q, cursor, limit: LIMIT };
      const page = await get<{ groups: Group[]; next_cursor?: string }>(
        at`/apps/${app}/groups`,
        asked,
        signal,
      );
      return { rows: page.groups, next: page.next_cursor };
    },
    [app, q],
  );
  return (
    <Page
      title={t('groups')}
      lead={t('groupsLead')}
      actions={
        <SearchField label={t('searchGroups')} value={q} onSearch={text => setQuery('q', text.trim())} />
      }
    >
      <section class="card flush" aria-busy={pages.loading}>
        <GroupTable app={app} groups={pages.rows} caption={t('groups')} />
        <More pages={pages} />
      </section>
    </Page>
  );
}
