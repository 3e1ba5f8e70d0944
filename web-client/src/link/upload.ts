import { authorizationOf } from './authorization.ts';

/** Bytes sent in one request: small enough for progress to move, and for a cut to cost little. */
const PART = 512 * 1024;
const TUS = { 'Tus-Resumable': '1.0.0' };
/** A cut part is asked after and sent on this often. */
const TRIES = 5;

export interface UploadOptions {
  readonly user: string;
  /** Called with the share that has arrived, 0 to 1. */
  readonly progress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** A file at the hub: the data of an entry of kind `file`. */
export interface Uploaded {
  /** For `/api/files/<id>`. */
  readonly id: string;
  readonly name: string;
  /** As the hub found it to be, by its content. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Uploads a file in parts (tus 1.0), going on where a cut left it.
 * @throws Error with the reason, for a person; the signal's reason
 */
export async function upload(file: File, { user, progress, signal }: UploadOptions): Promise<Uploaded> {
  const headers = { ...TUS, ...authorizationOf(user) };
  const url = await create(file, headers, signal);
  let offset = 0;
  for (let tries = 0; offset < file.size;) {
    try {
      offset = await sendPart(url, file, offset, headers, signal);
      tries = 0;
      progress(offset / file.size);
    } catch (error) {
      signal.throwIfAborted();
      if (++tries >= TRIES || error instanceof RefusedError) throw error;
      await pause(500 * tries, signal);
      offset = await offsetOf(url, headers, signal).catch(() => offset);
    }
  }
  const type = (await fetch(url, { method: 'HEAD', signal })).headers.get('Content-Type')?.split(';')[0];
  return { id: url.split('/').at(-1)!, name: file.name, type: type ?? 'application/octet-stream', size: file.size };
}

class RefusedError extends Error {}

async function create(file: File, headers: Record<string, string>, signal: AbortSignal): Promise<string> {
  const metadata = `filename ${base64(file.name)}`;
  const response = await fetch('/api/files', {
    method: 'POST',
    headers: { ...headers, 'Upload-Length': String(file.size), 'Upload-Metadata': metadata },
    signal,
  });
  const url = response.headers.get('Location');
  if (!response.ok || url === null) throw await refusal(response);
  return new URL(url, location.origin).pathname;
}

async function sendPart(
  url: string,
  file: File,
  offset: number,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<number> {
  const part = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) };
  const body = file.slice(offset, offset + PART);
  const response = await fetch(url, { method: 'PATCH', headers: { ...headers, ...part }, body, signal });
  if (!response.ok) throw await refusal(response);
  return Number(response.headers.get('Upload-Offset'));
}

async function offsetOf(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<number> {
  const response = await fetch(url, { method: 'HEAD', headers, signal });
  if (!response.ok) throw await refusal(response);
  return Number(response.headers.get('Upload-Offset'));
}

async function refusal(response: Response): Promise<Error> {
  const body = (await response.json().catch(() => undefined)) as { error?: { message?: string } } | undefined;
  const message = body?.error?.message ?? `The hub answered ${response.status}.`;
  // A conflict means that the offset is another one, which asking for it heals.
  return response.status >= 400 && response.status < 500 && response.status !== 409
    ? new RefusedError(message)
    : new Error(message);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason as Error)), { once: true });
  });
}

/** UTF-8 in base 64; `btoa` alone takes only Latin-1. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
