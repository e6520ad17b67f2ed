import { useEffect, useState } from 'preact/hooks';

const WAIT_MS = 200;

/** A field whose text goes to `onSearch` when typing pauses. */
export function SearchField({
  label,
  value,
  onSearch,
}: {
  label: string;
  value: string;
  onSearch: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) {
      return;
    }
    const timer = setTimeout(() => onSearch(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <input
      class="input search"
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      spellcheck={false}
      onInput={event => setText(event.currentTarget.value)}
    />
  );
}
