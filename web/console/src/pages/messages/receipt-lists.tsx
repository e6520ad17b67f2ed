import { format } from '@yidu/ui/i18n/language.ts';
import { Tabs } from '@yidu/ui/tabs.tsx';
import { useState } from 'preact/hooks';
import type { ReceiptState } from '../../data/types.ts';
import { SearchField } from '../../parts/search-field.tsx';
import { query, setQuery } from '../../router.ts';
import { MemberList } from './member-list.tsx';
import type { ListName, Place } from './members.ts';
import { SearchHits } from './search-hits.tsx';
import { t } from './strings.ts';
import { Why } from './why.tsx';

const LISTS: readonly ListName[] = ['read', 'unread', 'left'];

export interface ReceiptListsProps {
  place: Place;
  receipt: ReceiptState;
  version: number;
  sentMs: number;
}

/** Who has read, who has not, who has left: tab and search are in the address. */
export function ReceiptLists({ place, receipt, version, sentMs }: ReceiptListsProps) {
  const [why, setWhy] = useState('');
  const counts = { read: receipt.read_count, unread: receipt.unread_count, left: receipt.left_count };
  const likely = counts.unread > 0 && counts.unread <= counts.read ? 'unread' : 'read';
  const list = LISTS.find(name => name === query.value.get('list')) ?? likely;
  const q = query.value.get('q') ?? '';
  return (
    <section class="card lists" aria-label={t('lists')}>
      <SearchField label={t('search')} value={q} onSearch={text => setQuery('q', text.trim())} />
      <Tabs
        label={t('lists')}
        selected={list}
        onSelect={name => setQuery('list', name)}
        tabs={LISTS.map(name => ({
          id: name,
          label: `${t(`list.${name}`)} ${format.value.number(counts[name])}`,
        }))}
      >
        {q ? (
          <SearchHits place={place} list={list} version={version} q={q} sentMs={sentMs} onWhy={setWhy} />
        ) : (
          <MemberList
            key={list}
            place={place}
            list={list}
            version={version}
            total={counts[list]}
            sentMs={sentMs}
            onWhy={setWhy}
          />
        )}
      </Tabs>
      {why && <Why place={place} user={why} onClose={() => setWhy('')} />}
    </section>
  );
}
