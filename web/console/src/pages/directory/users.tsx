import { Table } from '@yidu/ui/table.tsx';
import { at, get } from '../../api.ts';
import type { UserItem } from '../../data/types.ts';
import { usePages } from '../../data/use-pages.ts';
import { Link } from '../../parts/link.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { type Params, query, setQuery } from '../../router.ts';
import { t } from './strings.ts';

const LIMIT = 50;

export function Users({ params }: { params: Params }) {
  const app = params['app'] ?? '';
  const q = query.value.get('q') ?? '';
  const pages = usePages<UserItem>(
    async (cursor, signal) => {
      const asked = { q, cursor, limit: LIMIT };
      const page = await get<{ users: UserItem[]; next_cursor?: string }>(
        at`/apps/${app}/users`,
        asked,
        signal,
      );
      return { rows: page.users, next: page.next_cursor };
    },
    [app, q],
  );
  return (
    <Page
      title={t('users')}
      lead={t('usersLead')}
      actions={
        <SearchField label={t('searchUsers')} value={q} onSearch={text => setQuery('q', text.trim())} />
      }
    >
      <section class="card flush" aria-busy={pages.loading}>
        <Table
          caption={t('users')}
          rows={pages.rows}
          keyOf={user => user.user_id}
          empty={t('noneUsers')}
          columns={[
            {
              id: 'user',
              title: t('user'),
              cell: user => (
                <>
                  <Link to="user" params={{ app, user: user.user_id }}>
                    <bdi>{user.nick || user.user_id}</bdi>
                  </Link>{' '}
                  {user.nick && <bdi class="muted small mono">{user.user_id}</bdi>}
                </>
              ),
            },
            {
              id: 'online',
              title: t('online'),
              cell: user => (
                <span class={user.online ? 'state good' : 'state'}>{t(user.online ? 'yes' : 'no')}</span>
              ),
            },
            {
              id: 'devices',
              title: t('devices'),
              cell: user => user.devices.map(device => device.platform).join(', ') || '–',
            },
            { id: 'last', title: t('lastOnline'), cell: user => <Moment ms={user.last_online_ms} /> },
            { id: 'created', title: t('created'), cell: user => <Moment ms={user.created_ms} /> },
          ]}
        />
        <More pages={pages} />
      </section>
    </Page>
  );
}
