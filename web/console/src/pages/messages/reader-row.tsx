import { Avatar } from '@yidu/ui/avatar.tsx';
import type { Reader } from '../../data/types.ts';
import { Moment } from '../../parts/moment.tsx';
import { duration } from '../../parts/units.ts';
import { t } from './strings.ts';

export interface ReaderRowProps {
  reader: Reader | undefined;
  sentMs: number;
  onWhy: (user: string) => void;
}

/** One member: name, when it was read and how long after sending; or why not. */
export function ReaderRow({ reader, sentMs, onWhy }: ReaderRowProps) {
  if (!reader) {
    return <div class="reader skeleton" aria-busy="true" />;
  }
  const name = reader.name_card || reader.nick;
  return (
    <div class="reader">
      <Avatar id={reader.user_id} name={name || reader.user_id} picture={reader.avatar_url} size="small" />
      <span class="ellipsis reader-name">
        <bdi>{name || reader.user_id}</bdi> {name && <bdi class="muted small">{reader.user_id}</bdi>}
      </span>
      {reader.read_time_ms ? (
        <>
          <span class="muted small numeric nowrap">
            {t('later', duration(Math.max(reader.read_time_ms - sentMs, 0)))}
          </span>
          <Moment ms={reader.read_time_ms} />
        </>
      ) : (
        <button type="button" class="button small" onClick={() => onWhy(reader.user_id)}>
          {t('why')} <span class="sr-only">{name || reader.user_id}</span>
        </button>
      )}
    </div>
  );
}
