import { Table } from '@yidu/ui/table.tsx';
import { at, get } from '../../api.ts';
import type { Delivery } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Moment } from '../../parts/moment.tsx';
import { Refused } from '../../parts/refused.tsx';
import { t } from './strings.ts';

const LIMIT = 100;

/** The newest calls and what became of them. */
export function Deliveries({ app }: { app: string }) {
  const { data, error, reload } = useLoad(
    signal => get<{ deliveries: Delivery[] }>(at`/apps/${app}/webhooks/deliveries`, { limit: LIMIT }, signal),
    [app],
  );
  return (
    <section class="card flush">
      <header class="padded">
        <h2 class="card-title">{t('deliveries')}</h2>
        <p class="muted small">{t('deliveriesLead')}</p>
      </header>
      <Refused error={error} retry={reload} />
      {data && (
        <Table
          caption={t('deliveries')}
          rows={data.deliveries}
          keyOf={call => `${call.at_ms}/${call.numbers.join()}`}
          empty={t('noDeliveries')}
          columns={[
            { id: 'at', title: t('at'), cell: call => <Moment ms={call.at_ms} /> },
            { id: 'command', title: t('command'), cell: call => <code>{call.command}</code> },
            { id: 'url', title: t('url'), cell: call => <span class="mono small">{call.url}</span> },
            { id: 'took', title: t('took'), numeric: true, cell: call => `${call.took_ms} ms` },
            { id: 'hooks', title: t('hooks'), numeric: true, cell: call => call.hooks },
            {
              id: 'outcome',
              title: t('outcome'),
              cell: call => (
                <>
                  <span class={call.reason === undefined ? 'state good' : 'state bad'}>
                    {t(call.reason === undefined ? 'accepted' : 'failed')}
                  </span>{' '}
                  {call.reason}
                </>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}
