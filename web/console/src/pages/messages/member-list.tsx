import { VirtualList } from '@yidu/ui/virtual-list.tsx';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { Refused } from '../../parts/refused.tsx';
import { type ListName, Members, type Place } from './members.ts';
import { ReaderRow } from './reader-row.tsx';
import { t } from './strings.ts';

const ROW = 44;

export interface MemberListProps {
  place: Place;
  list: ListName;
  version: number;
  total: number;
  sentMs: number;
  onWhy: (user: string) => void;
}

/** A list of any length at a frozen version: receipts that land move no row. */
export function MemberList({ place, list, version, total, sentMs, onWhy }: MemberListProps) {
  const [, paint] = useState(0);
  const [error, setError] = useState<Error>();
  const members = useMemo(
    () => new Members(place, list, version, () => paint(n => n + 1), setError),
    [place.app, place.group, place.seq, list, version],
  );
  useEffect(() => () => members.stop(), [members]);
  const onRange = useCallback((first: number, end: number) => members.show(first, end), [members]);
  if (total === 0) {
    return <p class="table-empty muted">{t('none')}</p>;
  }
  return (
    <>
      <Refused error={error} retry={() => setError(undefined)} />
      <VirtualList
        label={t(`list.${list}`)}
        count={total}
        rowHeight={ROW}
        keyOf={index => index}
        onRange={onRange}
        row={index => <ReaderRow reader={members.at(index)} sentMs={sentMs} onWhy={onWhy} />}
      />
    </>
  );
}
