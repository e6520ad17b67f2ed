import type { Message } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { Link } from '../../parts/link.tsx';
import { Moment } from '../../parts/moment.tsx';
import { t } from './strings.ts';

/** What is known of a message beside its receipts. Its content is not shown: the server does not hand it out here. */
export function Facts({ app, message }: { app: string; message: Message }) {
  const { conversation } = message;
  return (
    <dl class="facts">
      <dt>{t('place')}</dt>
      <dd>
        <Link
          to={conversation.type === 'group' ? 'group' : 'user'}
          params={{ app, [conversation.type]: conversation.id }}
        >
          <bdi>{conversation.id}</bdi>
        </Link>{' '}
        <span class="numeric">· seq {message.seq}</span>
      </dd>
      <dt>{t('from')}</dt>
      <dd>
        <Link to="user" params={{ app, user: message.from }}>
          <bdi>{message.from}</bdi>
        </Link>
      </dd>
      <dt>{t('sent')}</dt>
      <dd>
        <Moment ms={message.time_ms} />
      </dd>
      <dt>{t('id')}</dt>
      <dd class="mono">{message.id}</dd>
      <dt>
        <Explained schema="Message" field="need_receipt">
          {t('asked')}
        </Explained>
      </dt>
      <dd>
        {t(message.need_receipt ? 'yes' : 'no')}
        {message.targeted && ` · ${t('targeted')}`}
        {message.recalled && ` · ${t('recalled')}`}
      </dd>
    </dl>
  );
}
