import type { Timeline } from '../../data/types.ts';
import { Figure } from '../../parts/figure.tsx';
import { duration } from '../../parts/units.ts';
import { t } from './strings.ts';

const WIDTH = 480;
const HEIGHT = 56;
const GAP = 2;

/** How fast a message was read: a bar for each span after sending, the spans growing with the distance. */
export function TimelineChart({ timeline }: { timeline: Timeline }) {
  const { buckets, first_ms, median_ms, last_ms } = timeline;
  const most = Math.max(1, ...buckets.map(bucket => bucket.count));
  const width = WIDTH / Math.max(buckets.length, 1);
  const at = (ms: number | undefined) => (ms === undefined ? '–' : duration(ms));
  if (buckets.length === 0) {
    return <p class="muted small">{t('nobody')}</p>;
  }
  return (
    <div class="timeline">
      <dl class="figures">
        <Figure label={t('first')} schema="Timeline" field="first_ms" value={at(first_ms)} />
        <Figure label={t('median')} schema="Timeline" field="median_ms" value={at(median_ms)} />
        <Figure label={t('last')} schema="Timeline" field="last_ms" value={at(last_ms)} />
      </dl>
      <svg
        class="bars"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${t('speed')}: ${t('first')} ${at(first_ms)}, ${t('median')} ${at(median_ms)}, ${t('last')} ${at(last_ms)}`}
      >
        {buckets.map((bucket, n) => {
          const height = bucket.count === 0 ? 0 : Math.max((bucket.count / most) * HEIGHT, 2);
          return (
            <rect
              key={bucket.until_ms}
              x={n * width}
              y={HEIGHT - height}
              width={Math.max(width - GAP, 1)}
              height={height}
            >
              <title>{`${t('by', duration(bucket.until_ms))}: ${bucket.count}`}</title>
            </rect>
          );
        })}
      </svg>
    </div>
  );
}
