import { format } from '@yidu/ui/i18n/language.ts';
import { Table } from '@yidu/ui/table.tsx';
import type { Group } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { Link } from '../../parts/link.tsx';
import { t } from './strings.ts';

export function GroupTable({
  app,
  groups,
  caption,
}: {
  app: string;
  groups: readonly Group[];
  caption: string;
}) {
  return (
    <Table
      caption={caption}
      rows={groups}
      keyOf={group => group.group_id}
      empty={t('noneGroups')}
      columns={[
        {
          id: 'name',
          title: t('group'),
          cell: group => (
            <>
              <Link to="group" params={{ app, group: group.group_id }}>
                <bdi>{group.name || group.group_id}</bdi>
              </Link>{' '}
              {group.name && <bdi class="muted small mono">{group.group_id}</bdi>}
            </>
          ),
        },
        { id: 'type', title: t('type'), cell: group => group.type },
        {
          id: 'owner',
          title: t('owner'),
          cell: group =>
            group.owner && (
              <Link to="user" params={{ app, user: group.owner }}>
                <bdi>{group.owner}</bdi>
              </Link>
            ),
        },
        {
          id: 'members',
          title: t('members'),
          numeric: true,
          cell: group => format.value.number(group.member_count),
        },
        {
          id: 'seq',
          title: t('messages'),
          numeric: true,
          cell: group => format.value.number(group.last_seq),
        },
        {
          id: 'receipts',
          title: t('receipts'),
          cell: group => (
            <Explained schema="Group" field="receipts_work">
              <span class={group.receipts_work ? 'state good' : 'state'}>
                {t(group.receipts_work ? 'works' : 'worksNot')}
              </span>
            </Explained>
          ),
        },
      ]}
    />
  );
}
