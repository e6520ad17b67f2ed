import { Dialog } from '@yidu/ui/dialog.tsx';
import { get } from '../../api.ts';
import type { ReceiptOfMember } from '../../data/types.ts';
import { useLoad } from '../../data/use-load.ts';
import { Explained } from '../../parts/explained.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Refused } from '../../parts/refused.tsx';
import { t as common } from '../../shell/strings.ts';
import { membersPath, type Place } from './members.ts';
import { t } from './strings.ts';

const REASONS = ['sender', 'joined_later', 'left_before', 'not_targeted', 'never_joined'] as const;

/** Where one member stands with one message, and everything the server knows about why. */
export function Why({ place, user, onClose }: { place: Place; user: string; onClose: () => void }) {
  const { data, error, reload } = useLoad(
    signal => get<ReceiptOfMember>(`${membersPath(place)}/${encodeURIComponent(user)}`, {}, signal),
    [user],
  );
  const reason = REASONS.find(known => known === data?.reason);
  return (
    <Dialog title={t('whyTitle', user)} closeLabel={common('close')} onClose={onClose}>
      <div class="dialog-content">
        <Refused error={error} retry={reload} />
        {data && (
          <>
            <p>
              <strong>{t(`state.${data.state}`)}</strong>
              {reason && `: ${t(`reason.${reason}`)}`}
            </p>
            <dl class="facts">
              <dt>{t('online')}</dt>
              <dd>{t(data.online ? 'yes' : 'no')}</dd>
              <dt>{t('lastOnline')}</dt>
              <dd>
                {data.last_online_ms ? (
                  <Moment ms={data.last_online_ms} />
                ) : data.online ? (
                  '–'
                ) : (
                  t('unknownSince')
                )}
              </dd>
              <dt>{t('joined')}</dt>
              <dd>
                <Moment ms={data.joined_ms} />
              </dd>
              <dt>
                <Explained schema="ReceiptOfMember" field="cleared_seq">
                  {t('cleared')}
                </Explained>
              </dt>
              <dd class="numeric">seq {data.cleared_seq ?? 0}</dd>
              <dt>
                <Explained schema="ReceiptOfMember" field="newer_read_seq">
                  {t('newer')}
                </Explained>
              </dt>
              <dd>{data.newer_read_seq ? t('newerHint', data.newer_read_seq) : t('noNewer')}</dd>
            </dl>
            {data.state === 'unread' && (data.cleared_seq ?? 0) >= Number(place.seq) && (
              <p class="note">{t('clearedHint')}</p>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
