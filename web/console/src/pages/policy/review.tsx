import type { GroupType, Settings, SettingsChanged } from '../../data/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { DiffTable } from '../../parts/diff-table.tsx';
import { t } from './strings.ts';

export interface ReviewProps {
  before: Settings;
  change: SettingsChanged;
  onClose: () => void;
  onSave: () => Promise<unknown>;
}

/** What the dry run found, and what clients will see of it. */
export function Review({ before, change, onClose, onSave }: ReviewProps) {
  const lost = before.receipt_group_types.filter(
    (type: GroupType) => !change.settings.receipt_group_types.includes(type),
  );
  return (
    <Confirm title={t('reviewTitle')} word="" act={t('save')} danger={false} onClose={onClose} run={onSave}>
      <p>{t('reviewLead')}</p>
      <DiffTable
        caption={t('reviewTitle')}
        titles={{ field: t('setting'), before: t('before'), after: t('after') }}
        differences={change.differences}
        empty={t('nothing')}
        schema="Settings"
      />
      {lost.length > 0 && <p class="note">{t('refusedNote', lost.join(', '))}</p>}
      <p class="muted small">{t('effect')}</p>
    </Confirm>
  );
}
