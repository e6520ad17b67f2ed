// Calls of `/api/v1` with the session's cookie.

import { computed, signal } from '@preact/signals';
import type { Problem, Session } from './data/types.ts';

/** Who is signed in: `undefined` until the server has said so. */
export const session = signal<Session | null | undefined>(undefined);

const running = signal(0);
/** Whether something is being asked. */
export const busy = computed(() => running.value > 0);

export type Query = Record<string, string | number | boolean | undefined>;

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  etag: string;
}

/** What the server refused, as its problem document has it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly code: number,
    detail: string,
    readonly retryAfterMs?: number,
  ) {
    super(detail);
  }
}

export function apiPath(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${path}${text && `?${text}`}`;
}

/** Builds a path of parts that are escaped. */
export function at(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((path, part, n) => `${path}${encodeURIComponent(values[n - 1] ?? '')}${part}`);
}

export async function request<T>(path: string, call: Call = {}): Promise<Answer<T>> {
  running.value += 1;
  try {
    return await ask<T>(path, call);
  } finally {
    running.value -= 1;
  }
}

async function ask<T>(path: string, call: Call): Promise<Answer<T>> {
  const method = call.method ?? 'GET';
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
  if (method !== 'GET' && session.value) {
    headers['yidu-csrf'] = session.value.csrf;
  }
  if (call.body !== undefined) {
    headers['content-type'] = 'application/json';
  }
  const response = await fetch(apiPath(path, call.query), {
    method,
    headers,
    credentials: 'same-origin',
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    ...(call.signal && { signal: call.signal }),
  });
  if (!response.ok) {
    throw await refusal(response);
  }
  const text = await response.text();
  return { data: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get('etag') ?? '' };
}

/** The answer's body alone. */
export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await request<T>(path, { ...(query && { query }), ...(signal && { signal }) })).data;
}

export async function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return (await request<T>(path, { method, body })).data;
}

async function refusal(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const { status } = response;
  if (status === 401 && session.value) {
    session.value = null;
  }
  return new ApiError(status, problem.code ?? 0, problem.detail ?? `HTTP ${status}`, problem.retry_after_ms);
}
