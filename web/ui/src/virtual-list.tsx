import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { windowOf } from './window.ts';

const OVERSCAN = 8;
/** Before the first measurement. */
const LIKELY_HEIGHT = 600;

export interface VirtualListProps {
  label: string;
  count: number;
  /** Of every row, in pixels. */
  rowHeight: number;
  /** What of a row stays the same when it moves. */
  keyOf: (index: number) => string | number;
  row: (index: number) => ComponentChildren;
  /** Rows that are in view or near it, whenever that changes. */
  onRange?: (first: number, end: number) => void;
  /** Where to begin; changes of it are not followed. */
  scrollTop?: number;
  onScrollTop?: (scrollTop: number) => void;
  busy?: boolean;
  class?: string;
}

/**
 * A list of any length of which only what is in view is in the document. It takes the focus, so that the keys that scroll work.
 */
export function VirtualList(props: VirtualListProps) {
  const { label, count, rowHeight, keyOf, row, onRange, onScrollTop, busy = false } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(props.scrollTop ?? 0);
  const [viewHeight, setViewHeight] = useState(LIKELY_HEIGHT);
  const { first, end, height, top } = windowOf({
    count,
    rowHeight,
    viewHeight,
    scrollTop,
    overscan: OVERSCAN,
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) {
      return;
    }
    const measure = () => setViewHeight(element.clientHeight || LIKELY_HEIGHT);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (scroller.current && props.scrollTop) {
      scroller.current.scrollTop = props.scrollTop;
    }
  }, []);
  useLayoutEffect(() => onRange?.(first, end), [first, end, onRange]);

  const indexes = Array.from({ length: Math.max(end - first, 0) }, (_, n) => first + n);
  return (
    <div
      ref={scroller}
      class={`virtual ${props.class ?? ''}`}
      role="list"
      aria-label={label}
      aria-busy={busy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls with keys must get here
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        setScrollTop(currentTarget.scrollTop);
        onScrollTop?.(currentTarget.scrollTop);
      }}
    >
      <div class="virtual-space" role="presentation" style={{ height: `${height}px` }}>
        <div class="virtual-rows" role="presentation" style={{ transform: `translateY(${top}px)` }}>
          {indexes.map(index => (
            <div
              key={keyOf(index)}
              class="virtual-row"
              role="listitem"
              aria-setsize={count}
              aria-posinset={index + 1}
              style={{ height: `${rowHeight}px` }}
            >
              {row(index)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
