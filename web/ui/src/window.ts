// Which rows of a long list are in view. Rows have one height.

/** Browsers clamp elements that are higher (Chromium at 33.5 million pixels, Firefox near 17.9 million). */
export const HIGHEST = 15_000_000;

export interface Rows {
  count: number;
  rowHeight: number;
  viewHeight: number;
  scrollTop: number;
  overscan: number;
}

export interface Window {
  first: number;
  /** After the last row. */
  end: number;
  /** Of the element that is scrolled over. */
  height: number;
  /** Where the first row stands in it. */
  top: number;
}

/** Lists higher than `HIGHEST` are scrolled by ratio: the bar covers the whole list, rows keep their height. */
export function windowOf({ count, rowHeight, viewHeight, scrollTop, overscan }: Rows): Window {
  const total = count * rowHeight;
  const height = Math.min(total, HIGHEST);
  const reach = Math.max(height - viewHeight, 0);
  const scrolled = Math.min(Math.max(scrollTop, 0), reach);
  const at = total > height ? (scrolled / reach) * (total - viewHeight) : scrolled;
  const first = Math.max(Math.floor(at / rowHeight) - overscan, 0);
  const end = Math.min(Math.ceil((at + viewHeight) / rowHeight) + overscan, count);
  return { first, end, height, top: scrolled + first * rowHeight - at };
}
