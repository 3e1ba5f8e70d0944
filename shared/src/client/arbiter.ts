import type { Draft } from '../chat/draft.ts';
import type { Entry } from '../chat/entry.ts';
import { errorKinds } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { ApiError } from './api.ts';
import type { Api } from './api.ts';
import type { Failure } from './errors.ts';
import type { Place } from './place.ts';

/** What the hub says of a draft over HTTP: its entry, why it is refused, or nothing that could be relied on. */
export type Verdict = { readonly entry: Entry } | { readonly failure: Failure } | undefined;

/** Statuses that judge the draft itself. Others (401, 429, 5xx …) speak of the moment. */
const judging = new Set([400, 403, 404, 409, 413, 422]);

/** Whether a code of the hub says nothing of the draft, such as a disk that is full: another try may go well. */
export function isOfTheMoment(code: string): boolean {
  return Object.hasOwn(errorKinds, code) && !judging.has(errorKinds[code as ErrorCode].status);
}

/**
 * Sends a draft over HTTP to learn for certain what became of it. It cannot double anything: the hub knows the id of
 * what it already has, and answers with that entry.
 */
export async function judge(api: Api, place: Place, draft: Draft, signal: AbortSignal): Promise<Verdict> {
  try {
    return { entry: await api.post(place.path, draft, signal) };
  } catch (error) {
    if (!(error instanceof ApiError) || !judging.has(error.status)) return undefined;
    // A hub without the route, or a channel that hides itself, answers the same: neither is a word on the draft.
    if (error.status === 404 && error.code !== 'not-found') return undefined;
    return { failure: { code: error.code, message: error.message } };
  }
}
