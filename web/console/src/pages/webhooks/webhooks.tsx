import { format } from '@yidu/ui/i18n/language.ts';
import { at, get } from '../../api.ts';
import { read } from '../../data/settings.ts';
import { useLoad } from '../../data/use-load.ts';
import { Figure } from '../../parts/figure.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import type { Params } from '../../router.ts';
import { DeadLetters } from './dead-letters.tsx';
import { Deliveries } from './deliveries.tsx';
import { Endpoint } from './endpoint.tsx';
import { t } from './strings.ts';

export function Webhooks({ params }: { params: Params }) {
  const app = params['app'] ?? '';
  const waiting = useLoad(signal => get<{ waiting: number }>(at`/apps/${app}/webhooks`, {}, signal), [app]);
  const stored = useLoad(signal => read(app, signal), [app]);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Refused error={waiting.error ?? stored.error} retry={stored.reload} />
      {waiting.data && (
        <section class="card">
          <dl class="figures">
            <Figure
              label={t('waiting')}
              schema="Webhooks"
              field="waiting"
              value={format.value.number(waiting.data.waiting)}
            />
          </dl>
          <p class="muted small">{t('waitingHint')}</p>
        </section>
      )}
      {stored.data && (
        <Endpoint key={stored.data.etag} app={app} stored={stored.data} onChange={stored.reload} />
      )}
      <DeadLetters app={app} />
      <Deliveries app={app} />
    </Page>
  );
}
