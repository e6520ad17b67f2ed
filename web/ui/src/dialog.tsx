import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { modals, Toasts } from './toast.tsx';

export interface DialogProps {
  title: string;
  /** What the button in the corner is called. */
  closeLabel: string;
  onClose: () => void;
  /** `sheet` stands at the end of the screen, on phones at its bottom. */
  kind?: 'centre' | 'sheet';
  class?: string;
  children: ComponentChildren;
}

/** Closes the dialog around, as its button does. */
const Close = createContext<() => void>(() => {});
export const useClose = () => useContext(Close);

/**
 * A modal dialog: the platform's `<dialog>`, open for as long as it is rendered. Esc and a press beside it close it; the focus
 * goes back to where it was.
 */
export function Dialog({ title, closeLabel, onClose, kind = 'centre', class: more, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [level, setLevel] = useState(0);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const opened = dialog.current;
    opened?.showModal();
    modals.value += 1;
    setLevel(modals.value);
    return () => {
      modals.value -= 1;
      opened?.close();
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${kind} ${more ?? ''}`}
      aria-labelledby={heading}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={event => event.target === dialog.current && onClose()}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" class="icon-button" aria-label={closeLabel} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <Close.Provider value={onClose}>{children}</Close.Provider>
      </div>
      <Toasts level={level} />
    </dialog>
  );
}
