import { format } from '@yidu/ui/i18n/language.ts';
import type { FigureName, Figures } from '../../data/figures.ts';
import { Figure } from '../../parts/figure.tsx';
import { bytes, rate } from '../../parts/units.ts';
import { t } from './strings.ts';

export interface Row {
  name: FigureName;
  label: Exclude<Parameters<typeof t>[0], 'stale' | 'chart'>;
  as?: 'bytes' | 'count' | 'rate' | 'ratio' | 'percent' | 'seconds' | 'ms';
}

export function inUnits({ name, as = 'count' }: Row, now: Figures): { value: string; unit: string } {
  const f = format.value;
  const value = now[name];
  const units = {
    bytes: '',
    count: '',
    rate: t('second'),
    ratio: ': 1',
    percent: '%',
    seconds: 's',
    ms: 'ms',
  };
  return { value: as === 'bytes' ? bytes(f, value) : rate(f, value), unit: units[as] };
}

/** Numbers that belong together. */
export function Panel({ title, rows, now }: { title: string; rows: readonly Row[]; now: Figures }) {
  return (
    <section class="card">
      <h2 class="card-title">{title}</h2>
      <dl class="figures">
        {rows.map(row => (
          <Figure
            key={row.name}
            label={t(row.label)}
            schema="Figures"
            field={row.name}
            {...inUnits(row, now)}
          />
        ))}
      </dl>
    </section>
  );
}
