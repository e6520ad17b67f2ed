import { useCallback, useLayoutEffect, useState } from 'preact/hooks';

export interface Loaded<T> {
  data: T | undefined;
  error: Error | undefined;
  loading: boolean;
  reload: () => void;
}

/** Loads anew whenever `keys` change; what belongs to older keys is dropped when it comes late. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ data?: T; error?: Error; loading: boolean }>({ loading: true });
  const [turn, setTurn] = useState(0);
  // Before the first paint: a page is never seen without its rows and without a sign that they are coming.
  useLayoutEffect(() => {
    const abort = new AbortController();
    setState(before => ({ ...before, loading: true }));
    load(abort.signal).then(
      data => !abort.signal.aborted && setState({ data, loading: false }),
      (error: Error) => !abort.signal.aborted && setState(before => ({ ...before, error, loading: false })),
    );
    return () => abort.abort();
  }, [...keys, turn]);
  const reload = useCallback(() => setTurn(before => before + 1), []);
  return { data: state.data, error: state.error, loading: state.loading, reload };
}
