import { Dialog } from '@yidu/ui/dialog.tsx';
import { Copy } from '../../parts/copy.tsx';
import { t as common } from '../../shell/strings.ts';
import { t } from './strings.ts';

/** A secret that is shown this once: gone with the dialog, kept nowhere. */
export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog title={t('secretTitle')} closeLabel={common('close')} onClose={onClose}>
      <div class="dialog-content">
        <p>{t('secretText')}</p>
        <output class="secret mono">{secret}</output>
      </div>
      <footer class="dialog-foot">
        <Copy text={secret} />
        <button type="button" class="button primary" onClick={onClose}>
          {t('done')}
        </button>
      </footer>
    </Dialog>
  );
}
