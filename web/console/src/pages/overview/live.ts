// The stream of numbers: one a second; paused while nobody looks, and honest when it falls silent.

import { signal } from '@preact/signals';
import { get, session } from '../../api.ts';
import type { Figures } from '../../data/figures.ts';
import type { Session } from '../../data/types.ts';
import { push } from './ring.ts';

export type State = 'connecting' | 'live' | 'stale' | 'paused';

/** A beat is missed when there was none for so long. */
const MISSED_MS = 2_500;
const CHECK_MS = 500;
/** An EventSource that the server has refused gives up; it is opened anew after so long. */
const AGAIN_MS = 2_000;

export const points = signal<readonly Figures[]>([]);
export const state = signal<State>('connecting');
/** Seconds since the last beat, while it is stale. */
export const silence = signal(0);

/** Listens until the returned function is called. */
export function listen(): () => void {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let lastBeat = performance.now();
  const close = () => {
    source?.close();
    clearTimeout(again);
    source = undefined;
  };
  const open = () => {
    close();
    state.value = points.value.length > 0 ? state.value : 'connecting';
    lastBeat = performance.now();
    const opened = new EventSource('/api/v1/stats/stream');
    source = opened;
    opened.addEventListener('stats', event => {
      lastBeat = performance.now();
      points.value = push(points.value, JSON.parse((event as MessageEvent<string>).data) as Figures);
      state.value = 'live';
    });
    opened.onerror = () => {
      if (opened.readyState === EventSource.CLOSED) {
        again = setTimeout(check, AGAIN_MS);
      }
    };
  };
  // A refusal has no status here: another request says whether the session has ended.
  const check = () => {
    get<Session>('/session').then(
      found => {
        session.value = found;
        open();
      },
      () => {
        again = setTimeout(check, AGAIN_MS);
      },
    );
  };
  const onVisible = () => {
    if (document.visibilityState === 'hidden') {
      close();
      state.value = 'paused';
    } else {
      open();
    }
  };
  const watch = setInterval(() => {
    const quiet = performance.now() - lastBeat;
    if (state.value !== 'paused' && quiet > MISSED_MS) {
      state.value = points.value.length > 0 ? 'stale' : 'connecting';
      silence.value = Math.round(quiet / 1000);
    }
  }, CHECK_MS);
  document.addEventListener('visibilitychange', onVisible);
  onVisible();
  return () => {
    close();
    clearInterval(watch);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
