import { format } from '@yidu/ui/i18n/language.ts';
import type { ReceiptState } from '../../data/types.ts';
import { Figure } from '../../parts/figure.tsx';
import { t } from './strings.ts';

/** The counts of a message and the share that has read. */
export function Counts({ receipt }: { receipt: ReceiptState }) {
  const { read_count: read, unread_count: unread, left_count: left, audience_count: all } = receipt;
  const f = format.value;
  const share = all === 0 ? 0 : read / all;
  return (
    <>
      <p class="row between">
        <strong class="big numeric">{t('readOf', read, all)}</strong>
        <span class="muted numeric">{f.percent(share)}</span>
      </p>
      <progress class="bar" max={Math.max(all, 1)} value={read} aria-label={t('readOf', read, all)} />
      <dl class="figures">
        <Figure label={t('list.read')} schema="ReceiptState" field="read_count" value={f.number(read)} />
        <Figure
          label={t('list.unread')}
          schema="ReceiptState"
          field="unread_count"
          value={f.number(unread)}
        />
        <Figure label={t('list.left')} schema="ReceiptState" field="left_count" value={f.number(left)} />
      </dl>
      <p class="muted small">
        {t('counted', all)}
        {receipt.closed && ` · ${t('recalled')}`}
      </p>
    </>
  );
}
