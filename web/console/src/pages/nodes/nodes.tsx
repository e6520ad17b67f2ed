import { format } from '@yidu/ui/i18n/language.ts';
import { get } from '../../api.ts';
import { useLoad } from '../../data/use-load.ts';
import { Figure } from '../../parts/figure.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import { bytes, duration } from '../../parts/units.ts';
import { Config, type NodeConfig } from './config.tsx';
import { t } from './strings.ts';

interface Node {
  name: string;
  version: string;
  uptime_seconds: number;
  storage: {
    disk_bytes: number;
    cache_bytes: number;
    commits: number;
    syncs: number;
    receipts: number;
    unfolded_receipts: number;
  };
}

export function Nodes() {
  const nodes = useLoad(signal => get<{ nodes: Node[] }>('/nodes', {}, signal), []);
  const config = useLoad(signal => get<NodeConfig>('/nodes/config', {}, signal), []);
  const f = format.value;
  const disk = config.data;
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Refused error={nodes.error ?? config.error} retry={nodes.reload} />
      {nodes.data?.nodes.map(({ name, version, uptime_seconds, storage }) => (
        <section key={name} class="card" aria-label={`${t('node')} ${name}`}>
          <h2 class="card-title">
            {name} <span class="state good">{version}</span>
          </h2>
          <dl class="figures">
            <Figure
              label={t('uptime')}
              schema="Node"
              field="uptime_seconds"
              value={duration(uptime_seconds * 1000)}
            />
            <Figure
              label={t('disk')}
              schema="Storage"
              field="disk_bytes"
              value={bytes(f, storage.disk_bytes)}
            />
            {disk?.disk_free_bytes !== undefined && (
              <Figure
                label={t('free')}
                schema="NodeConfig"
                field="disk_free_bytes"
                value={bytes(f, disk.disk_free_bytes)}
              />
            )}
            {disk?.disk_total_bytes !== undefined && (
              <Figure
                label={t('of')}
                schema="NodeConfig"
                field="disk_total_bytes"
                value={bytes(f, disk.disk_total_bytes)}
              />
            )}
            <Figure
              label={t('cache')}
              schema="Storage"
              field="cache_bytes"
              value={bytes(f, storage.cache_bytes)}
            />
            <Figure
              label={t('receipts')}
              schema="Storage"
              field="receipts"
              value={f.number(storage.receipts)}
            />
            <Figure
              label={t('unfolded')}
              schema="Storage"
              field="unfolded_receipts"
              value={f.number(storage.unfolded_receipts)}
            />
            <Figure label={t('commits')} schema="Storage" field="commits" value={f.number(storage.commits)} />
            <Figure label={t('syncs')} schema="Storage" field="syncs" value={f.number(storage.syncs)} />
          </dl>
        </section>
      ))}
      {disk && <Config config={disk} />}
    </Page>
  );
}
