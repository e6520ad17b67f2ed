import { Dialog } from '@yidu/ui/dialog.tsx';
import { differences } from '../../data/diff.ts';
import type { Settings } from '../../data/types.ts';
import { DiffTable } from '../../parts/diff-table.tsx';
import { t as common } from '../../shell/strings.ts';
import { t } from './strings.ts';

export interface ConflictProps {
  stored: Settings;
  mine: Settings;
  onTheirs: () => void;
  onMine: () => void;
}

/** Two have changed the settings: shows both and lets the person choose. Nothing is lost by closing it. */
export function Conflict({ stored, mine, onTheirs, onMine }: ConflictProps) {
  return (
    <Dialog title={t('conflict')} closeLabel={common('close')} onClose={onMine} class="wide">
      <div class="dialog-content">
        <p>{t('conflictLead')}</p>
        <DiffTable
          caption={t('conflict')}
          titles={{ field: t('setting'), before: t('stored'), after: t('yours') }}
          differences={differences(stored, mine)}
          empty={t('nothing')}
          schema="Settings"
        />
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={onTheirs}>
          {t('takeTheirs')}
        </button>
        <button type="button" class="button primary" onClick={onMine}>
          {t('keepMine')}
        </button>
      </footer>
    </Dialog>
  );
}
