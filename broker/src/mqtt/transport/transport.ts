/** What a transport tells its connection. */
export interface TransportEvents {
  /** Bytes came in; the chunk is the receiver's to keep. */
  received(chunk: Buffer): void;
  /** Bytes went out and less is buffered than before. */
  drained(): void;
  /** The peer is gone or nothing more can be sent; called once. */
  ended(error: Error | undefined): void;
  /** The socket is closed, after `ended`; nothing follows. */
  released(): void;
}

/** One byte stream to one client, over TCP, TLS, WebSocket or any Duplex. */
export interface Transport {
  readonly kind: 'tcp' | 'websocket';
  /** The socket itself: Aedes and its embedders know it as `client.conn`. */
  readonly socket: unknown;
  readonly remoteAddress: string | undefined;
  /** Bytes written and not yet taken by the operating system. */
  readonly buffered: number;
  open(events: TransportEvents): void;
  /** Never blocks; what cannot be sent now is buffered. */
  write(chunk: Buffer): void;
  /** Writes several chunks as one. */
  writeAll(chunks: readonly Buffer[]): void;
  /** Sends what is buffered, then closes. */
  end(): void;
  /** Closes at once and forgets what is buffered. */
  destroy(): void;
  /** Stops and restarts reading; the peer feels it as back-pressure. */
  pause(): void;
  resume(): void;
}
