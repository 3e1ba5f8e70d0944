import type { TestHub } from './hub.ts';

export interface SseEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Reads Server-Sent Events as an EventSource does, one by one. */
export class EventReader implements AsyncDisposable {
  readonly #aborter = new AbortController();
  readonly #queue: SseEvent[] = [];
  #waiting: (() => void)[] = [];
  #ended = false;
  /** As an EventSource would send it on its next connection. */
  lastEventId = '';
  comments = 0;

  static async open(hub: TestHub, path: string, user = 'ben', lastEventId?: string): Promise<EventReader> {
    const reader = new EventReader();
    const response = await fetch(hub.httpUrl + path, {
      signal: reader.#aborter.signal,
      headers: {
        Authorization: `Basic ${btoa(`${user}:`)}`,
        ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
      },
    });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw new Error('not an event stream');
    void reader.#read(response.body!);
    return reader;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The next event that is dispatched. */
  async next(): Promise<SseEvent> {
    const timeout = setTimeout(() => this.#aborter.abort(), 15_000);
    while (this.#queue.length === 0) {
      if (this.#ended) throw new Error('the stream ended');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    clearTimeout(timeout);
    return this.#queue.shift()!;
  }

  async entries(count: number): Promise<{ seq: number; text?: string }[]> {
    const entries = [];
    for (let left = count; left > 0; left--) entries.push(JSON.parse((await this.next()).data));
    return entries;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#aborter.abort();
    return Promise.resolve();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const chunk of body) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) this.#block(block.split('\n'));
      }
    } catch {
      // Cut: the test looks at `ended`.
    }
    this.#ended = true;
    this.#wake();
  }

  #block(lines: readonly string[]): void {
    const fields: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon === 0) this.comments++;
      else fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, '');
    }
    if (fields['id'] !== undefined) this.lastEventId = fields['id'];
    if (fields['data'] === undefined) return;
    this.#queue.push({ event: fields['event'] ?? 'message', id: this.lastEventId, data: fields['data'] });
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
