// The members of one list at one version, page by page, as far as they have been in view.

import { at, get } from '../../api.ts';
import type { MemberPage, Reader } from '../../data/types.ts';

export const PAGE = 200;
/** Pages that are kept; those used longest ago go. */
const KEPT = 20;
/** A fling over the list asks for nothing until it rests so long. */
const REST_MS = 80;

export type ListName = 'read' | 'unread' | 'left';

export interface Place {
  app: string;
  group: string;
  seq: string;
}

export function membersPath({ app, group, seq }: Place): string {
  return at`/apps/${app}/groups/${group}/messages/${seq}/receipt/members`;
}

export class Members {
  private readonly pages = new Map<number, Reader[]>();
  private readonly asked = new Set<number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort = new AbortController();

  constructor(
    private readonly place: Place,
    private readonly list: ListName,
    private readonly version: number,
    private readonly onChange: () => void,
    private readonly onError: (error: Error) => void,
  ) {}

  at(index: number): Reader | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Rows that are in view: their pages are fetched, those that left the view are not waited for. */
  show(first: number, end: number): void {
    clearTimeout(this.timer);
    const wanted: number[] = [];
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page += 1) {
      if (!this.pages.has(page) && !this.asked.has(page)) {
        wanted.push(page);
      }
    }
    if (wanted.length > 0) {
      this.timer = setTimeout(
        () => void Promise.all(wanted.map(page => this.fetch(page))),
        this.pages.size ? REST_MS : 0,
      );
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    this.abort.abort();
  }

  private async fetch(page: number): Promise<void> {
    this.asked.add(page);
    const asked = { list: this.list, version: this.version, offset: page * PAGE, limit: PAGE };
    try {
      const { members } = await get<MemberPage>(membersPath(this.place), asked, this.abort.signal);
      this.pages.set(page, members);
      const oldest = this.pages.keys().next().value;
      if (this.pages.size > KEPT && oldest !== undefined) {
        this.pages.delete(oldest);
      }
      this.onChange();
    } catch (error) {
      if (!this.abort.signal.aborted) {
        this.onError(error as Error);
      }
    } finally {
      this.asked.delete(page);
    }
  }
}
