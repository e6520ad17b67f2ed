import { at, get } from '../../api.ts';
import type { ReceiptState } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Link } from '../../parts/link.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import type { Params } from '../../router.ts';
import { t } from './strings.ts';

/** The receipt of a one-to-one message. */
export function PeerReceipt({ params }: { params: Params }) {
  const { app = '', user = '', peer = '', seq = '' } = params;
  const { data, error, reload } = useLoad(
    signal =>
      get<ReceiptState>(at`/apps/${app}/users/${user}/peers/${peer}/messages/${seq}/receipt`, {}, signal),
    [app, user, peer, seq],
  );
  const person = (name: string) => (
    <Link to="user" params={{ app, user: name }}>
      <bdi>{name}</bdi>
    </Link>
  );
  return (
    <Page title={t('receiptTitle')} lead={`${user} → ${peer} · seq ${seq}`}>
      <Refused error={error} retry={reload} />
      {data && (
        <section class="card">
          <p>
            <strong class="big">{t(data.read_count > 0 ? 'state.read' : 'state.unread')}</strong>
          </p>
          <dl class="facts">
            <dt>{t('from')}</dt>
            <dd>{person(user)}</dd>
            <dt>{t('peer')}</dt>
            <dd>{person(peer)}</dd>
            <dt>{t('readAt')}</dt>
            <dd>{data.peer_read_time_ms ? <Moment ms={data.peer_read_time_ms} /> : t('notYet')}</dd>
            <dt>{t('id')}</dt>
            <dd class="mono">{data.message_id}</dd>
          </dl>
        </section>
      )}
    </Page>
  );
}
