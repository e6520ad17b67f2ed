import { Avatar } from '@yidu/ui/avatar.tsx';
import { Table } from '@yidu/ui/table.tsx';
import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { at, get, send } from '../../api.ts';
import type { Device, Profile } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import { href, navigate, type Params } from '../../router.ts';
import { mayWrite } from '../../session.ts';
import { t } from './strings.ts';
import { UserGroups } from './user-groups.tsx';

interface Sessions {
  devices: Device[];
  last_online_ms?: number;
}

export function UserPage({ params }: { params: Params }) {
  const { app = '', user = '' } = params;
  const path = at`/apps/${app}/users/${user}`;
  const [asking, setAsking] = useState<'kick' | 'remove'>();
  const { data, error, reload } = useLoad(
    async signal => {
      const [profile, sessions] = await Promise.all([
        get<Profile & { created_ms: number }>(path, {}, signal),
        get<Sessions>(`${path}/sessions`, {}, signal),
      ]);
      return { profile, sessions };
    },
    [path],
  );
  const kick = async () => {
    await send('POST', `${path}/kick`);
    toast(t('kicked'));
    reload();
  };
  const remove = async () => {
    await send('DELETE', path);
    toast(t('removed'));
    navigate(href('users', { app }));
  };
  return (
    <Page
      title={data?.profile.nick || user}
      lead={<span class="mono">{user}</span>}
      actions={
        data &&
        mayWrite.value && (
          <>
            <button type="button" class="button" onClick={() => setAsking('kick')}>
              {t('kick')}
            </button>
            <button type="button" class="button danger" onClick={() => setAsking('remove')}>
              {t('remove')}
            </button>
          </>
        )
      }
    >
      <Refused error={error} retry={reload} />
      {data && (
        <>
          <section class="card row wide-gap">
            <Avatar id={user} name={data.profile.nick || user} picture={data.profile.avatar_url} />
            <dl class="facts">
              <dt>{t('created')}</dt>
              <dd>
                <Moment ms={data.profile.created_ms} />
              </dd>
              <dt>{t('lastOnline')}</dt>
              <dd>
                <Moment ms={data.sessions.last_online_ms} />
              </dd>
            </dl>
          </section>
          <section class="card flush">
            <Table
              caption={t('devices')}
              rows={data.sessions.devices}
              keyOf={device => `${device.platform}/${device.device_id}`}
              empty={t('noneDevices')}
              columns={[
                { id: 'platform', title: t('platform'), cell: device => device.platform },
                { id: 'device', title: t('device'), cell: device => <code>{device.device_id || '–'}</code> },
                { id: 'since', title: t('since'), cell: device => <Moment ms={device.since_ms} /> },
              ]}
            />
          </section>
          <UserGroups app={app} path={path} />
        </>
      )}
      {asking && (
        <Confirm
          title={t(asking)}
          word={asking === 'remove' ? user : ''}
          act={t(asking)}
          onClose={() => setAsking(undefined)}
          run={asking === 'kick' ? kick : remove}
        >
          <p>{t(`${asking}Text`)}</p>
        </Confirm>
      )}
    </Page>
  );
}
