import { useLayoutEffect, useState } from 'preact/hooks';

export interface PageOf<Row> {
  rows: Row[];
  /** Where the next page begins; missing at the end. */
  next?: string | undefined;
}

export interface Pages<Row> {
  rows: readonly Row[];
  error: Error | undefined;
  loading: boolean;
  /** There is more. */
  more: boolean;
  loadMore: () => void;
  reload: () => void;
}

/** A list by cursor: the first page at once, others when they are asked for. Empty pages before the end are passed over. */
export function usePages<Row>(
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<PageOf<Row>>,
  keys: readonly unknown[],
): Pages<Row> {
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [next, setNext] = useState<string>();
  const [error, setError] = useState<Error>();
  const [loading, setLoading] = useState(true);
  const [turn, setTurn] = useState(0);
  const fetchFrom = async (cursor: string | undefined, before: readonly Row[], signal: AbortSignal) => {
    setLoading(true);
    setError(undefined);
    try {
      let page = await load(cursor, signal);
      while (page.rows.length === 0 && page.next !== undefined) {
        page = await load(page.next, signal);
      }
      if (!signal.aborted) {
        setRows([...before, ...page.rows]);
        setNext(page.next);
        setLoading(false);
      }
    } catch (refused) {
      if (!signal.aborted) {
        setError(refused as Error);
        setLoading(false);
      }
    }
  };
  useLayoutEffect(() => {
    const abort = new AbortController();
    void fetchFrom(undefined, [], abort.signal);
    return () => abort.abort();
  }, [...keys, turn]);
  return {
    rows,
    error,
    loading,
    more: next !== undefined && !loading,
    loadMore: () => void fetchFrom(next, rows, new AbortController().signal),
    reload: () => setTurn(before => before + 1),
  };
}
