import { format } from '@yidu/ui/i18n/language.ts';

/** An instant: exact to the second; pointed at, in full with the zone. */
export function Moment({ ms }: { ms: number | undefined }) {
  if (!ms) {
    return <span class="muted">–</span>;
  }
  return (
    <time
      class="numeric nowrap"
      dateTime={new Date(ms).toISOString()}
      title={`${format.value.full(ms)}\n${new Date(ms).toISOString()}`}
    >
      {format.value.exact(ms)}
    </time>
  );
}
