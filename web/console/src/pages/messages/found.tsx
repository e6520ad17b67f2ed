import type { Message } from '../../data/types.ts';
import { Link } from '../../parts/link.tsx';
import { Facts } from './facts.tsx';
import { t } from './strings.ts';

/** A message that was found, and the way to its receipts. */
export function Found({ app, message }: { app: string; message: Message }) {
  const { conversation, seq, from } = message;
  const group = conversation.type === 'group';
  const params = group
    ? { app, group: conversation.id, seq: String(seq) }
    : { app, user: from, peer: conversation.id, seq: String(seq) };
  return (
    <section class="card" aria-label={t('message')}>
      <Facts app={app} message={message} />
      {message.need_receipt ? (
        <p class="row between">
          {message.receipt && (
            <strong class="numeric">
              {t('readOf', message.receipt.read_count, message.receipt.audience_count)}
            </strong>
          )}
          <Link to={group ? 'receipt' : 'peerReceipt'} params={params} class="button primary">
            {t('open')}
          </Link>
        </p>
      ) : (
        <p class="note">{t('notAsked')}</p>
      )}
    </section>
  );
}
