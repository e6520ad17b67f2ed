import { Icon } from '@yidu/ui/icon.tsx';
import { toast } from '@yidu/ui/toast.tsx';
import { t } from '../shell/strings.ts';

/** Puts a text on the clipboard. */
export function Copy({ text, label }: { text: string; label?: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t('copied'));
    } catch (error) {
      toast(String(error), 'error');
    }
  };
  return (
    <button type="button" class="button small" onClick={copy}>
      <Icon name="copy" />
      {label ?? t('copy')}
    </button>
  );
}
