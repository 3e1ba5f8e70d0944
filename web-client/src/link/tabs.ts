/** What tabs of one browser tell each other, also without a hub. */
export interface TabNews {
  readonly user: string;
  readonly place: string;
  /** Read so far. */
  readonly seq?: number;
  /** What failed and was given up: the id of its send. */
  readonly discarded?: string;
}

/** Other tabs of this browser; nobody where BroadcastChannel is missing. */
export class Tabs {
  readonly #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('parley') : undefined;

  /** @param heard called with what another tab told */
  constructor(heard: (news: TabNews) => unknown) {
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<TabNews>) => heard(data));
  }

  tell(news: TabNews): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    this.#channel?.close();
  }
}
