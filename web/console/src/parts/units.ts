// Numbers with their units, short enough for a panel.

import type { Format } from '@yidu/ui/i18n/format.ts';

const STEPS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

export function bytes(format: Format, value: number): string {
  let step = 0;
  let rest = value;
  while (rest >= 1000 && step < STEPS.length - 1) {
    rest /= 1024;
    step += 1;
  }
  return `${format.number(Number(rest.toFixed(rest < 10 && step > 0 ? 1 : 0)))} ${STEPS[step]}`;
}

/** Rates: whole numbers from ten on. */
export function rate(format: Format, value: number): string {
  return format.number(Number(value.toFixed(value < 10 ? 1 : 0)));
}

/** `0.8 s`, `41 s`, `3 h 12 min`, `2 d 4 h` */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${Math.floor(seconds % 60)} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
