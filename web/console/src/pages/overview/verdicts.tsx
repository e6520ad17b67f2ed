import { format } from '@yidu/ui/i18n/language.ts';
import type { FigureName, Figures } from '../../data/figures.ts';
import { Explained } from '../../parts/explained.tsx';
import { rate } from '../../parts/units.ts';
import { t } from './strings.ts';

const PARTS: readonly { name: FigureName; label: 'accepted' | 'duplicate' | 'notAsked' | 'notAudience' }[] = [
  { name: 'receipts_accepted_per_second', label: 'accepted' },
  { name: 'receipts_duplicate_per_second', label: 'duplicate' },
  { name: 'receipts_not_asked_per_second', label: 'notAsked' },
  { name: 'receipts_not_audience_per_second', label: 'notAudience' },
];

/** The verdicts of the last second as one bar, each with its name and number. */
export function Verdicts({ now }: { now: Figures }) {
  const all = PARTS.reduce((sum, { name }) => sum + now[name], 0);
  return (
    <section class="card">
      <h2 class="card-title">{t('verdicts')}</h2>
      <div class="stack" aria-hidden="true">
        {PARTS.map(({ name, label }) => (
          <span key={name} class={`part ${label}`} style={{ flexGrow: all > 0 ? now[name] / all : 0 }} />
        ))}
      </div>
      <dl class="figures">
        {PARTS.map(({ name, label }) => (
          <div key={name} class="figure">
            <dt>
              <span class={`swatch ${label}`} aria-hidden="true" />
              <Explained schema="Figures" field={name}>
                {t(label)}
              </Explained>
            </dt>
            <dd>
              <span class="value numeric">{rate(format.value, now[name])}</span>
              <span class="muted small"> {t('second')}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
