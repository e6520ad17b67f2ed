import { get } from '../../api.ts';
import type { Group } from '../../data/types.ts';
import { usePages } from '../../data/use-pages.ts';
import { More } from '../../parts/more.tsx';
import { GroupTable } from './group-table.tsx';
import { t } from './strings.ts';

/** The groups that a user is in. */
export function UserGroups({ app, path }: { app: string; path: string }) {
  const pages = usePages<Group>(
    async (cursor, signal) => {
      const page = await get<{ groups: Group[]; next_cursor: number }>(`${path}/groups`, { cursor }, signal);
      return { rows: page.groups, next: page.next_cursor > 0 ? String(page.next_cursor) : undefined };
    },
    [path],
  );
  return (
    <section class="card flush" aria-busy={pages.loading}>
      <h2 class="card-title padded">{t('groupsOf')}</h2>
      <GroupTable app={app} groups={pages.rows} caption={t('groupsOf')} />
      <More pages={pages} />
    </section>
  );
}
