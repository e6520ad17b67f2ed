import { useRef } from 'preact/hooks';
import { get } from '../../api.ts';
import type { Figures } from '../../data/figures.ts';
import { useLoad } from '../../data/use-load.ts';
import { Explained } from '../../parts/explained.tsx';
import { Refused } from '../../parts/refused.tsx';
import { query, setQuery } from '../../router.ts';
import { CHARTED } from './rows.ts';
import { t } from './strings.ts';
import { useChart } from './use-chart.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How far back, and how dense: the densities that the server keeps. */
const SPANS = [
  { id: '15m', ms: 15 * MINUTE_MS, step: 10_000 },
  { id: '1h', ms: HOUR_MS, step: 10_000 },
  { id: '1d', ms: DAY_MS, step: MINUTE_MS },
  { id: '3d', ms: 3 * DAY_MS, step: 5 * MINUTE_MS },
  { id: '7d', ms: 7 * DAY_MS, step: 10 * MINUTE_MS },
] as const;

interface Answer {
  step_ms: number;
  points: Figures[];
}

/** One number over hours or days; where the server did not run there is a gap. Both choices are in the address. */
export function History() {
  const field = useRef<HTMLDivElement>(null);
  const span = SPANS.find(one => one.id === query.value.get('span')) ?? SPANS[1];
  const row = CHARTED.find(one => one.name === query.value.get('number')) ?? CHARTED[0];
  const { data, error, reload } = useLoad(
    signal => get<Answer>('/stats/history', { from_ms: Date.now() - span.ms, step_ms: span.step }, signal),
    [span.id],
  );
  useChart(field, data?.points ?? [], data?.step_ms ?? span.step, row?.name ?? 'connections');
  return (
    <section class="card" aria-label={t('history')}>
      <header class="row between">
        <h2 class="card-title">{t('history')}</h2>
        <div class="row">
          <Explained schema="Figures" field={row?.name ?? ''}>
            <select
              class="input compact"
              aria-label={t('metric')}
              value={row?.name}
              onChange={event => setQuery('number', event.currentTarget.value)}
            >
              {CHARTED.map(({ name, label }) => (
                <option key={name} value={name}>
                  {t(label)}
                </option>
              ))}
            </select>
          </Explained>
          <select
            class="input compact"
            aria-label={t('span')}
            value={span.id}
            onChange={event => setQuery('span', event.currentTarget.value)}
          >
            {SPANS.map(({ id }) => (
              <option key={id} value={id}>
                {t(`span.${id}`)}
              </option>
            ))}
          </select>
        </div>
      </header>
      <Refused error={error} retry={reload} />
      {data && data.points.length < 2 && <p class="muted small">{t('noHistory')}</p>}
      <div
        ref={field}
        class="chart"
        role="img"
        aria-label={row ? t('chart', t(row.label), t(`span.${span.id}`)) : undefined}
      />
    </section>
  );
}
