import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';

/** Draws one line; returns what takes it away. */
export function draw(element: HTMLElement, data: [number[], (number | null)[]], height: number): () => void {
  // Custom properties that hold light-dark() do not resolve: colours are read off properties that use them.
  const style = getComputedStyle(element);
  const [muted, accent, grid] = [style.color, style.caretColor, style.borderTopColor];
  const axis = { stroke: muted, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height,
      legend: { show: false },
      cursor: { y: false },
      axes: [axis, { ...axis, size: 64 }],
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(most * 1.1, 1)] } },
      series: [{}, { stroke: accent, width: 1.5, spanGaps: false }],
    },
    data,
    element,
  );
  const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
  observer.observe(element);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}
