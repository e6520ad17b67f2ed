import { Dialog } from '@yidu/ui/dialog.tsx';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../shell/strings.ts';
import { Refused } from './refused.tsx';

export interface ConfirmProps {
  title: string;
  /** What will happen. */
  children: ComponentChildren;
  /** Has to be typed before the button works; empty: nothing has to be. */
  word: string;
  act: string;
  danger?: boolean;
  onClose: () => void;
  run: () => Promise<unknown>;
}

/** Says what will happen, and does it once it is confirmed; what the server refuses is shown here. */
export function Confirm({ title, children, word, act, danger = true, onClose, run }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await run();
      onClose();
    } catch (refused) {
      setError(refused as Error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} closeLabel={t('close')} onClose={onClose}>
      <form class="dialog-form" onSubmit={submit}>
        <div class="dialog-content">
          {children}
          {word && (
            <label class="field">
              <span class="label">{t('typeToConfirm', word)}</span>
              <input
                class="input mono"
                value={typed}
                autocomplete="off"
                spellcheck={false}
                onInput={event => setTyped(event.currentTarget.value)}
              />
            </label>
          )}
          <Refused error={error} />
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            class={danger ? 'button danger' : 'button primary'}
            disabled={busy || (word !== '' && typed !== word)}
          >
            {act}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
