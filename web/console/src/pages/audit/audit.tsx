import { Table } from '@yidu/ui/table.tsx';
import { at, get } from '../../api.ts';
import type { AuditEntry } from '../../data/types.ts';
import { usePages } from '../../data/use-pages.ts';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Page } from '../../parts/page.tsx';
import type { Params } from '../../router.ts';
import { Change } from './change.tsx';
import { t } from './strings.ts';

const LIMIT = 50;

export function Audit({ params }: { params: Params }) {
  const app = params['app'] ?? '';
  const pages = usePages<AuditEntry>(
    async (below, signal) => {
      const asked = { below, limit: LIMIT };
      const page = await get<{ entries: AuditEntry[]; next_below: number }>(
        at`/apps/${app}/audit`,
        asked,
        signal,
      );
      return { rows: page.entries, next: page.next_below > 0 ? String(page.next_below) : undefined };
    },
    [app],
  );
  return (
    <Page title={t('title')} lead={t('lead')}>
      <section class="card flush" aria-busy={pages.loading}>
        <Table
          caption={t('title')}
          rows={pages.rows}
          keyOf={entry => entry.number}
          empty={t('none')}
          columns={[
            { id: 'at', title: t('at'), cell: entry => <Moment ms={entry.time_ms} /> },
            { id: 'by', title: t('by'), cell: entry => <bdi>{entry.by}</bdi> },
            { id: 'what', title: t('what'), cell: entry => <code>{entry.what}</code> },
            { id: 'whom', title: t('whom'), cell: entry => <bdi class="mono">{entry.whom || '–'}</bdi> },
            { id: 'change', title: t('change'), cell: entry => <Change entry={entry} /> },
          ]}
        />
        <More pages={pages} />
      </section>
    </Page>
  );
}
