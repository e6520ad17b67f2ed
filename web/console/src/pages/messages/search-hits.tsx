import { get } from '../../api.ts';
import type { MemberPage } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Refused } from '../../parts/refused.tsx';
import { type ListName, membersPath, type Place } from './members.ts';
import { ReaderRow } from './reader-row.tsx';
import { t } from './strings.ts';

const MOST = 100;

export interface SearchHitsProps {
  place: Place;
  list: ListName;
  version: number;
  q: string;
  sentMs: number;
  onWhy: (user: string) => void;
}

/** Members of a list whose id, nick or name card has the text. The server searches. */
export function SearchHits({ place, list, version, q, sentMs, onWhy }: SearchHitsProps) {
  const found = useLoad(
    signal => get<MemberPage>(membersPath(place), { list, version, q, limit: MOST }, signal),
    [place.app, place.group, place.seq, list, version, q],
  );
  const members = found.data?.members ?? [];
  return (
    <div class="hits-of-search">
      <Refused error={found.error} retry={found.reload} />
      <p class="muted small" role="status">
        {!found.loading && t('found', members.length)}
      </p>
      <ul>
        {members.map(reader => (
          <li key={reader.user_id}>
            <ReaderRow reader={reader} sentMs={sentMs} onWhy={onWhy} />
          </li>
        ))}
      </ul>
    </div>
  );
}
