import { format } from '@yidu/ui/i18n/language.ts';
import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { at, get, send } from '../../api.ts';
import type { Group } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Link } from '../../parts/link.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { Refused } from '../../parts/refused.tsx';
import { href, navigate, type Params } from '../../router.ts';
import { mayWrite } from '../../session.ts';
import { GroupMembers } from './group-members.tsx';
import { ReceiptSwitchForm } from './receipt-switch.tsx';
import { t } from './strings.ts';

export function GroupPage({ params }: { params: Params }) {
  const { app = '', group: id = '' } = params;
  const path = at`/apps/${app}/groups/${id}`;
  const { data, error, reload } = useLoad(signal => get<Group>(path, {}, signal), [path]);
  const [dismissing, setDismissing] = useState(false);
  const dismiss = async () => {
    await send('DELETE', path);
    toast(t('dismissed'));
    navigate(href('groups', { app }));
  };
  return (
    <Page
      title={data?.name || id}
      lead={<span class="mono">{id}</span>}
      actions={
        data &&
        mayWrite.value && (
          <button type="button" class="button danger" onClick={() => setDismissing(true)}>
            {t('dismiss')}
          </button>
        )
      }
    >
      <Refused error={error} retry={reload} />
      {data && (
        <>
          <div class="columns">
            <section class="card">
              <dl class="facts">
                <dt>{t('type')}</dt>
                <dd>{data.type}</dd>
                <dt>{t('owner')}</dt>
                <dd>
                  <Link to="user" params={{ app, user: data.owner }}>
                    <bdi>{data.owner}</bdi>
                  </Link>
                </dd>
                <dt>{t('members')}</dt>
                <dd class="numeric">
                  {format.value.number(data.member_count)} / {format.value.number(data.max_members)}
                </dd>
                <dt>{t('messages')}</dt>
                <dd class="numeric">{data.last_seq}</dd>
                <dt>{t('created')}</dt>
                <dd>
                  <Moment ms={data.created_ms} />
                </dd>
              </dl>
            </section>
            <ReceiptSwitchForm app={app} path={path} group={data} onChange={reload} />
          </div>
          <GroupMembers app={app} path={path} />
        </>
      )}
      {dismissing && data && (
        <Confirm
          title={t('dismiss')}
          word={id}
          act={t('dismiss')}
          onClose={() => setDismissing(false)}
          run={dismiss}
        >
          <p>{t('dismissText', data.member_count)}</p>
        </Confirm>
      )}
    </Page>
  );
}
