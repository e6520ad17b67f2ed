import { format } from '@yidu/ui/i18n/language.ts';
import { useEffect } from 'preact/hooks';
import { Page } from '../../parts/page.tsx';
import { rate } from '../../parts/units.ts';
import { Beat } from './beat.tsx';
import { History } from './history.tsx';
import { listen, points } from './live.ts';
import { Panel } from './panel.tsx';
import { COALESCING, HOOKS, PROCESS, REQUESTS, STORAGE } from './rows.ts';
import { t } from './strings.ts';
import { Tile } from './tile.tsx';
import { Verdicts } from './verdicts.tsx';

export function Overview() {
  useEffect(listen, []);
  const all = points.value;
  const now = all.at(-1);
  const f = format.value;
  const perSecond = <span class="muted small"> {t('second')}</span>;
  return (
    <Page title={t('title')} lead={t('lead')} actions={<Beat />}>
      {now && (
        <>
          <div class="tiles">
            <Tile label={t('connections')} name="connections" points={all}>
              {f.number(now.connections)}
            </Tile>
            <Tile label={t('messages')} name="messages_per_second" points={all}>
              {rate(f, now.messages_per_second)}
              {perSecond}
            </Tile>
            <Tile label={t('receipts')} name="receipts_per_second" points={all}>
              {rate(f, now.receipts_per_second)}
              {perSecond}
            </Tile>
            <Tile label={`${t('delay')} ${t('p99')}`} name="request_p99_ms" points={all}>
              {rate(f, now.request_p99_ms)} <span class="muted small">ms</span>{' '}
              <span class="muted small">
                {t('p50')} {rate(f, now.request_p50_ms)}
              </span>
            </Tile>
          </div>
          <Verdicts now={now} />
          <div class="columns">
            <Panel title={t('requests')} rows={REQUESTS} now={now} />
            <Panel title={t('coalescing')} rows={COALESCING} now={now} />
            <Panel title={t('storage')} rows={STORAGE} now={now} />
            <Panel title={t('webhooks')} rows={HOOKS} now={now} />
            <Panel title={t('process')} rows={PROCESS} now={now} />
          </div>
        </>
      )}
      <History />
    </Page>
  );
}
