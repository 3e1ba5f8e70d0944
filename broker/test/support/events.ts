import type { TestHub } from './hub.ts';
import { as } from './http.ts';
import { until } from './until.ts';

export interface Events extends Disposable {
  readonly response: Response;
  /** The data of every event so far, as JSON. */
  readonly received: Record<string, unknown>[];
  /** Comment lines so far. */
  comments(): number;
  /** The next event not taken yet. */
  next(ms?: number): Promise<Record<string, unknown>>;
  /** Resolves when the hub ended the stream. */
  readonly ended: Promise<void>;
}

/** Reads Server-Sent Events as WHATWG HTML §9.2.6 says. */
export async function openEvents({ httpUrl }: TestHub, path: string, user?: string): Promise<Events> {
  const aborter = new AbortController();
  const headers = user ? as(user) : {};
  const response = await fetch(httpUrl + path, { headers, signal: aborter.signal });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  const received: Record<string, unknown>[] = [];
  let comments = 0;
  let taken = 0;
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith(':')) comments++;
        else if (line.startsWith('data: ')) received.push(JSON.parse(line.slice(6)) as Record<string, unknown>);
      }
    }
  };
  return {
    response,
    received,
    comments: () => comments,
    next: async (ms) => {
      const event = await until(() => received[taken], `an event of ${path}`, ms);
      taken++;
      return event;
    },
    ended: read().catch(() => undefined),
    [Symbol.dispose]: () => aborter.abort(),
  };
}
