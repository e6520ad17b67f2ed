import { toast } from '@yidu/ui/toast.tsx';
import { useState } from 'preact/hooks';
import { send } from '../../api.ts';
import type { Group, ReceiptSwitch } from '../../data/types.ts';
import { Explained } from '../../parts/explained.tsx';
import { Link } from '../../parts/link.tsx';
import { Refused } from '../../parts/refused.tsx';
import { mayWrite } from '../../session.ts';
import { t } from './strings.ts';

const CHOICES = ['inherit', 'on', 'off'] as const;

export interface ReceiptSwitchProps {
  app: string;
  path: string;
  group: Group;
  onChange: () => void;
}

/** A group's own switch for receipts, and what comes of it. */
export function ReceiptSwitchForm({ app, path, group, onChange }: ReceiptSwitchProps) {
  const [error, setError] = useState<Error>();
  const choose = async (receipts: ReceiptSwitch) => {
    setError(undefined);
    try {
      await send('PUT', `${path}/receipts`, { receipts });
      toast(t('switched'));
    } catch (refused) {
      setError(refused as Error);
    }
    onChange();
  };
  const possible = group.type !== 'AVChatRoom';
  return (
    <fieldset class="card">
      <legend class="card-title">
        <Explained schema="ReceiptSwitch">{t('switchTitle')}</Explained>
      </legend>
      <div class="segments">
        {CHOICES.map(choice => (
          <label key={choice}>
            <input
              type="radio"
              name="receipts"
              checked={group.receipts === choice}
              disabled={!mayWrite.value || !possible}
              onChange={() => choose(choice)}
            />
            {t(`switch.${choice}`)}
          </label>
        ))}
      </div>
      <p class="small">{t(group.receipts_work ? 'nowOn' : 'nowOff')}</p>
      {possible && !group.receipts_work && group.receipts !== 'off' && (
        <p class="note">
          {t('byType')}{' '}
          <Link to="policy" params={{ app }}>
            {t('toPolicy')}
          </Link>
        </p>
      )}
      <Refused error={error} />
    </fieldset>
  );
}
