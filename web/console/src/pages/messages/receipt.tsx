import { Icon } from '@yidu/ui/icon.tsx';
import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { apiPath, at, get, send } from '../../api.ts';
import type { MemberPage, Message, Timeline } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import type { Params } from '../../router.ts';
import { mayWrite } from '../../session.ts';
import { Counts } from './counts.tsx';
import { Facts } from './facts.tsx';
import { membersPath } from './members.ts';
import { ReceiptLists } from './receipt-lists.tsx';
import { t } from './strings.ts';
import { TimelineChart } from './timeline.tsx';

const BUCKETS = 24;

export function Receipt({ params }: { params: Params }) {
  const place = { app: params['app'] ?? '', group: params['group'] ?? '', seq: params['seq'] ?? '' };
  const [reminding, setReminding] = useState(false);
  const message = at`/apps/${place.app}/groups/${place.group}/messages/${place.seq}`;
  const loaded = useLoad(
    async signal => {
      const [facts, timeline, page] = await Promise.all([
        get<Message>(message, {}, signal),
        get<Timeline>(`${message}/receipt/timeline`, { buckets: BUCKETS }, signal),
        get<MemberPage>(membersPath(place), { list: 'read', limit: 1 }, signal),
      ]);
      return { facts, timeline, receipt: page.receipt, version: page.version };
    },
    [message],
  );
  const { data } = loaded;
  const remind = async () => {
    const { reminded } = await send<{ reminded: number }>('POST', `${message}/receipt/remind`, {});
    toast(t('reminded', reminded));
  };
  const file = (kind: string) =>
    apiPath(`${message}/receipt/export`, { format: kind, version: data?.version });
  const unread = data?.receipt.unread_count ?? 0;
  return (
    <Page
      title={t('receiptTitle')}
      lead={`${place.group} · seq ${place.seq}`}
      actions={
        data && (
          <>
            <span class="muted small">{t('frozen', data.version)}</span>
            <button type="button" class="button small" onClick={loaded.reload}>
              <Icon name="retry" />
              {t('refresh')}
            </button>
            {['csv', 'ndjson'].map(kind => (
              <a key={kind} class="button small" href={file(kind)} download>
                <Icon name="download" />
                {kind.toUpperCase()}
              </a>
            ))}
            {mayWrite.value && unread > 0 && (
              <button type="button" class="button small" onClick={() => setReminding(true)}>
                <Icon name="bell" />
                {t('remind', unread)}
              </button>
            )}
          </>
        )
      }
    >
      <Refused error={loaded.error} retry={loaded.reload} />
      {data && (
        <>
          <div class="columns">
            <section class="card" aria-label={t('receiptTitle')}>
              <Counts receipt={data.receipt} />
            </section>
            <section class="card" aria-label={t('message')}>
              <Facts app={place.app} message={data.facts} />
            </section>
          </div>
          <section class="card" aria-label={t('speed')}>
            <h2 class="card-title">{t('speed')}</h2>
            <TimelineChart timeline={data.timeline} />
          </section>
          <ReceiptLists
            place={place}
            receipt={data.receipt}
            version={data.version}
            sentMs={data.facts.time_ms}
          />
        </>
      )}
      {reminding && (
        <Confirm
          title={t('remindTitle')}
          word=""
          act={t('remindAct')}
          danger={false}
          onClose={() => setReminding(false)}
          run={remind}
        >
          <p>{t('remindText', unread)}</p>
        </Confirm>
      )}
    </Page>
  );
}
