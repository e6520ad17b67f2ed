import { signal } from '@preact/signals';

interface Note {
  id: number;
  text: string;
  kind: 'note' | 'error';
}

const SHOWN_MS = 5_000;
/** Older ones give way. */
const MOST = 3;

/** Modal dialogs that are open: the topmost shows the toasts, for what is below cannot be seen or read. */
export const modals = signal(0);
const notes = signal<Note[]>([]);
let ids = 0;

/** Says something for a few seconds. */
export function toast(text: string, kind: Note['kind'] = 'note'): void {
  const id = ++ids;
  notes.value = [...notes.value, { id, text, kind }].slice(-MOST);
  setTimeout(() => {
    notes.value = notes.value.filter(note => note.id !== id);
  }, SHOWN_MS);
}

/** Where toasts stand: once in a page; dialogs have their own. Said politely to screen readers. */
export function Toasts({ level = 0 }: { level?: number }) {
  const shown = level === modals.value ? notes.value : [];
  return (
    <div class="toasts" role="status">
      {shown.map(note => (
        <p key={note.id} class={`toast ${note.kind}`}>
          {note.text}
        </p>
      ))}
    </div>
  );
}
