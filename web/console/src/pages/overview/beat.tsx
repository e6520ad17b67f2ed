import { silence, state } from './live.ts';
import { t } from './strings.ts';

/** Whether the numbers are of now: never frozen silently. */
export function Beat() {
  const now = state.value;
  const text = now === 'stale' ? t('stale', silence.value) : t(now);
  return (
    <span class={`beat ${now}`} data-beat={now}>
      <span class="dot" aria-hidden="true" />
      {text}
    </span>
  );
}
