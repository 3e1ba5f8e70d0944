/** What a traced process did, in the order of the trace. */
export type Event =
  /** Bytes given to the kernel for the file; they are on the disk from event `durable` on, if at all. */
  | { readonly kind: 'write'; readonly at: number; readonly bytes: Buffer; durable: number }
  | { readonly kind: 'size'; readonly bytes: number }
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'other' };

type Write = Event & { kind: 'write' };

const CALL = /^(\d+) +(\w+)\((.*)$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>/;
const UNFINISHED = '<unfinished ...>';
const HEX = /"((?:\\x[0-9a-f]{2})*)"/g;
const DESCRIPTOR = /^(\d+)<((?:\\x[0-9a-f]{2})*)>/;

const CALLS = 'openat,write,pwrite64,pwritev,writev,lseek,fdatasync,fsync,msync,ftruncate';
export const STRACE = ['-f', '-qq', '-y', '-xx', '-s', '33554432', '-e', `trace=${CALLS}`];

/**
 * Reads what `strace` wrote with {@link STRACE}. A write is durable when a sync of its file that began after it has
 * returned, or when it has returned itself and the descriptor was opened with O_DSYNC.
 */
export function parseTrace(trace: string, file: string): Event[] {
  const reader = new TraceReader(file);
  for (const line of trace.split('\n')) reader.line(line);
  return reader.events;
}

class TraceReader {
  readonly events: Event[] = [];
  readonly #file: string;
  /** By descriptor. */
  readonly #positions = new Map<string, number>();
  readonly #dsync = new Set<string>();
  /** What has to happen when a call returns that was interrupted in the trace, by thread. */
  readonly #pending = new Map<string, (result: string) => void>();
  #undurable: Write[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  line(line: string): void {
    const result = line.slice(line.lastIndexOf(' = ') + 3);
    const resumed = RESUMED.exec(line);
    if (resumed) {
      this.#pending.get(resumed[1]!)?.(result);
      this.#pending.delete(resumed[1]!);
      return;
    }
    const [, thread, name, args] = CALL.exec(line) ?? [];
    if (thread === undefined || name === undefined || args === undefined) return;
    const returned = this.#call(name, args);
    if (line.endsWith(UNFINISHED)) this.#pending.set(thread, returned);
    else returned(result);
  }

  /** Takes note of a call that begins, and gives what is to be done when it returns. */
  #call(name: string, args: string): (result: string) => void {
    if (name === 'openat') return (result) => this.#opened(args, result);
    const [, descriptor = '', path = ''] = DESCRIPTOR.exec(args) ?? [];
    if (name === 'write' && descriptor === '1') this.events.push({ kind: 'printed', text: String(bytesIn(args)) });
    if (decode(path).toString() !== this.#file) return () => undefined;
    if (name === 'lseek') return (result) => this.#positions.set(descriptor, Number(result));
    if (name === 'ftruncate') this.events.push({ kind: 'size', bytes: Number(args.split(', ')[1]!.split(')')[0]) });
    if (name === 'fdatasync' || name === 'fsync') return this.#sync();
    if (name.includes('write')) return this.#write(name, descriptor, args);
    return () => undefined;
  }

  #opened(args: string, result: string): void {
    const [, descriptor = '', path = ''] = DESCRIPTOR.exec(result) ?? [];
    if (decode(path).toString() !== this.#file) return;
    this.#positions.set(descriptor, 0);
    if (/O_D?SYNC/.test(args)) this.#dsync.add(descriptor);
    else this.#dsync.delete(descriptor);
  }

  #write(name: string, descriptor: string, args: string): () => void {
    const bytes = bytesIn(args);
    const isPositioned = name.startsWith('p');
    const position = this.#positions.get(descriptor) ?? 0;
    const at = isPositioned ? Number(/, (\d+)\)?[^,]*$/.exec(args)![1]) : position;
    if (!isPositioned) this.#positions.set(descriptor, position + bytes.length);
    const write: Write = { kind: 'write', at, bytes, durable: Infinity };
    this.events.push(write);
    this.#undurable.push(write);
    return () => {
      if (this.#dsync.has(descriptor)) this.#settle([write]);
    };
  }

  #sync(): () => void {
    const before = this.#undurable;
    return () => this.#settle(before);
  }

  #settle(writes: readonly Write[]): void {
    const now = this.events.push({ kind: 'other' });
    for (const write of writes) write.durable = Math.min(write.durable, now);
    this.#undurable = this.#undurable.filter(({ durable }) => durable === Infinity);
  }
}

function bytesIn(args: string): Buffer {
  return Buffer.concat(Array.from(args.matchAll(HEX), ([, hex]) => decode(hex!)));
}

function decode(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(String.raw`\x`, ''), 'hex');
}
