import { useState } from 'preact/hooks';
import { openApi } from '../../data/explain.ts';
import { Page } from '../../parts/page.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { query } from '../../router.ts';
import { mayWrite } from '../../session.ts';
import { OperationList } from './operation-list.tsx';
import { listOf } from './request.ts';
import { RequestForm } from './request-form.tsx';
import { t } from './strings.ts';

export function Explorer() {
  const [filter, setFilter] = useState('');
  const all = openApi.value ? listOf(openApi.value) : [];
  const allowed = all.filter(one => mayWrite.value || one.method === 'GET');
  const text = filter.trim().toLowerCase();
  const fitting = allowed.filter(one => `${one.id} ${one.operation.summary}`.toLowerCase().includes(text));
  const chosen = allowed.find(one => one.id === query.value.get('request'));
  return (
    <Page title={t('title')} lead={t('lead')}>
      <div class="explorer">
        <section class="card flush explorer-list">
          <SearchField label={t('filter')} value={filter} onSearch={setFilter} />
          <OperationList operations={fitting} chosen={chosen?.id ?? ''} />
        </section>
        {chosen ? <RequestForm key={chosen.id} listed={chosen} /> : <p class="card muted">{t('pick')}</p>}
      </div>
    </Page>
  );
}
