import type { ServerResponse } from 'node:http';
import type { Actor, Rights } from '../auth/rights.ts';
import type { ChatLog, Follower } from '../chat/log.ts';

/** Bytes of frames made in one go; a single larger entry goes alone. */
const CHUNK_BYTES = 64 * 1024;
const CHUNK_ENTRIES = 64;
/** Readers written to in one go: some milliseconds. */
const BURST = 256;

/** Someone listening: where they are in the log is all that is kept, as what they missed is read from the store. */
export interface Reader {
  readonly raw: ServerResponse;
  readonly who: Actor;
  /** Last `seq` written. */
  at: number;
  /** Comments due since the socket last took anything. */
  stalled: number;
}

/** Frames of the entries after one `seq`; shared by all readers who are there. */
interface Chunk {
  readonly after: number;
  readonly last: number;
  readonly to: number;
  readonly bytes: Buffer;
}

/** All event streams of one log. Readers are pushed to as far as their sockets take it, each from where it is. */
export class LogStream implements Follower {
  readonly readers = new Set<Reader>();
  readonly #log: ChatLog;
  readonly #rights: Rights;
  readonly #ended: () => void;
  #chunk: Chunk | undefined;
  #isWaking = false;
  /** Woken while readers still have their turns: those who had theirs get another. */
  #again = false;

  constructor(log: ChatLog, rights: Rights, ended: () => void) {
    this.#log = log;
    this.#rights = rights;
    this.#ended = ended;
  }

  add(reader: Reader): void {
    this.readers.add(reader);
    this.#log.followers.add(this);
    this.pump(reader);
  }

  remove(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    this.#log.followers.delete(this);
    this.#ended();
  }

  wake(): void {
    this.#again = this.#isWaking;
    if (!this.#isWaking) this.#pumpSome(this.readers.values());
  }

  end(): void {
    for (const { raw } of this.readers) raw.end();
  }

  /** Writes what the reader has not had, until its socket is full; `drain` goes on. */
  pump(reader: Reader): void {
    const { raw, who } = reader;
    if (raw.writableNeedDrain || raw.writableEnded) return;
    if (!this.#rights.may(who, 'read', this.#log.topic)) return void raw.end();
    const last = this.#log.committedSeq;
    while (reader.at < last) {
      const { to, bytes } = this.#chunkAfter(reader.at, last);
      if (to === reader.at) return;
      reader.at = to;
      if (!raw.write(bytes)) return;
    }
  }

  /** So many, and then others have a turn: a write is a call of the system. */
  #pumpSome(readers: SetIterator<Reader>): void {
    for (let count = 0; count < BURST; count++) {
      const { value: reader, done } = readers.next();
      if (done) {
        this.#isWaking = false;
        if (this.#again) this.wake();
        return;
      }
      this.pump(reader);
    }
    this.#isWaking = true;
    setImmediate(() => this.#pumpSome(readers));
  }

  #chunkAfter(after: number, last: number): Chunk {
    const held = this.#chunk;
    if (held && held.after === after && held.last === last) return held;
    return (this.#chunk = this.#makeChunk(after, last));
  }

  #makeChunk(after: number, last: number): Chunk {
    const log = this.#log;
    const oldest = log.oldestSeq;
    const start = Math.max(after + 1, oldest);
    let text = start > after + 1 ? gapFrame(log, after, start) : '';
    let to = start - 1;
    for (const entry of log.read(start, Math.min(last, start + CHUNK_ENTRIES - 1) + 1)) {
      text += frame(log, entry.seq, JSON.stringify(entry));
      to = entry.seq;
      if (text.length >= CHUNK_BYTES) break;
    }
    return { after, last, to, bytes: Buffer.from(text) };
  }
}

/** An entry; the id is where to go on after it. */
function frame({ log }: ChatLog, seq: number, data: string): string {
  return `id: ${log}:${seq}\ndata: ${data}\n\n`;
}

/** Retention has passed what was asked for: entries between these, both exclusive, are no longer kept. */
function gapFrame({ log }: ChatLog, after: number, before: number): string {
  return `event: gap\nid: ${log}:${before - 1}\ndata: ${JSON.stringify({ after, before })}\n\n`;
}

/** Says where the stream begins: with nothing to tell, so that a cut before the first entry loses nothing. */
export function startFrame({ log }: ChatLog, seq: number): string {
  return `id: ${log}:${seq}\n\n`;
}

/** The log is another one than the reader's: what it holds is to be dropped, everything kept follows. */
export function logFrame({ log, committedSeq }: ChatLog): string {
  return `event: log\nid: ${log}:0\ndata: ${JSON.stringify({ log, lastSeq: committedSeq })}\n\n`;
}
