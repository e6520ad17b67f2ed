import { Table } from '@yidu/ui/table.tsx';
import { useState } from 'preact/hooks';
import { SearchField } from '../../parts/search-field.tsx';
import { t } from './strings.ts';

export interface NodeConfig {
  settings: { key: string; value: string }[];
  disk_free_bytes?: number;
  disk_total_bytes?: number;
}

/** The settings of the node, as its file would have them. */
export function Config({ config }: { config: NodeConfig }) {
  const [filter, setFilter] = useState('');
  const rows = config.settings.filter(({ key, value }) => `${key} ${value}`.includes(filter.trim()));
  return (
    <section class="card flush">
      <header class="row between padded">
        <div>
          <h2 class="card-title">{t('config')}</h2>
          <p class="muted small">{t('configLead')}</p>
        </div>
        <SearchField label={t('filter')} value={filter} onSearch={setFilter} />
      </header>
      <Table
        caption={t('config')}
        rows={rows}
        keyOf={setting => setting.key}
        empty={t('none')}
        columns={[
          { id: 'key', title: t('key'), cell: setting => <code>{setting.key}</code> },
          { id: 'value', title: t('value'), cell: setting => <code>{setting.value}</code> },
        ]}
      />
    </section>
  );
}
