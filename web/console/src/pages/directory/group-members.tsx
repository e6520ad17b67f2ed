import { Table } from '@yidu/ui/table.tsx';
import { get } from '../../api.ts';
import type { Member } from '../../data/types.ts';
import { usePages } from '../../data/use-pages.ts';
import { Link } from '../../parts/link.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { t } from './strings.ts';

/** The members of a group, page by page. */
export function GroupMembers({ app, path }: { app: string; path: string }) {
  const pages = usePages<Member>(
    async (cursor, signal) => {
      const page = await get<{ members: Member[]; next_cursor: number }>(
        `${path}/members`,
        { cursor },
        signal,
      );
      return { rows: page.members, next: page.next_cursor > 0 ? String(page.next_cursor) : undefined };
    },
    [path],
  );
  return (
    <section class="card flush" aria-busy={pages.loading}>
      <Table
        caption={t('members')}
        rows={pages.rows}
        keyOf={member => member.user_id}
        empty={t('noneUsers')}
        columns={[
          {
            id: 'user',
            title: t('members'),
            cell: member => (
              <>
                <Link to="user" params={{ app, user: member.user_id }}>
                  <bdi>{member.name_card || member.nick || member.user_id}</bdi>
                </Link>{' '}
                <bdi class="muted small mono">{member.user_id}</bdi>
              </>
            ),
          },
          { id: 'role', title: t('role'), cell: member => t(`role.${member.role}`) },
          { id: 'joined', title: t('joined'), cell: member => <Moment ms={member.joined_ms} /> },
        ]}
      />
      <More pages={pages} />
    </section>
  );
}
