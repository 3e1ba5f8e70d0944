import { Readable } from 'node:stream';
import { ParleyError } from '@parley/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UPLOAD_MS } from '../../files/files.ts';
import type { Appended, Files } from '../../files/files.ts';
import type { FileRecord, UploadRecord } from '../../files/records.ts';
import { callerOf } from '../caller.ts';
import { httpError } from '../http-error.ts';
import { fileParams } from '../schemas/files.ts';
import { bytesOf, checksumOf, checkVersion, isTus, metadataOf, PART_TYPE, tusFacts } from '../tus.ts';
import { sendFile, urlOf } from './files.ts';
import type { FileRequest, FilesContext } from './files.ts';

const tags = ['files'];
const done = { 204: { type: 'null', description: 'Done; the headers say how far the upload is' } };

/** What follows the creation of an upload in parts: asking how far it came, the parts, and giving it up. */
export function tusRoutes(api: FastifyInstance, { files, isPrivate }: FilesContext): void {
  const facts = { ...tusFacts, 'Tus-Max-Size': String(files.maxFileBytes) };
  for (const path of ['/api/files', '/api/files/:id']) {
    const schema = { summary: 'What of tus is spoken here', tags, response: done };
    api.options(path, { schema }, (_request, reply) => reply.status(204).headers(facts).send());
  }

  const asked = { summary: 'How far an upload has come, or what a file is', tags, params: fileParams };
  api.head<FileRequest>('/api/files/:id', { schema: asked }, async (request, reply) => {
    if (!isTus(request)) return sendFile({ files, isPrivate }, request, reply);
    checkVersion(request, reply);
    const found = find(files, request);
    const offset = files.upload(found.id) ? await files.offset(found) : found.size;
    const headers = { 'Upload-Offset': String(offset), 'Upload-Length': String(found.size) };
    return reply.headers({ ...headers, 'Cache-Control': 'no-store' }).send();
  });

  const part = { summary: 'The next part of an upload', tags, params: fileParams, response: done };
  api.patch<FileRequest & { Body: Readable }>('/api/files/:id', { schema: part }, async (request, reply) => {
    checkVersion(request, reply);
    if (request.headers['content-type'] !== PART_TYPE) throw httpError(415, `a part is ${PART_TYPE}`);
    const offset = bytesOf(request, 'upload-offset');
    const upload = files.upload(find(files, request).id);
    if (!upload) throw httpError(409, 'the upload is already whole');
    const end = await takePart(files, upload, offset, request);
    return reply.status(204).headers(progressOf(end)).send();
  });

  const dropped = { summary: 'Give up an upload, or delete a file', tags, params: fileParams, response: done };
  api.delete<FileRequest>('/api/files/:id', { schema: dropped }, async (request, reply) => {
    if (isTus(request)) checkVersion(request, reply);
    await files.remove(find(files, request));
    return reply.status(204).send();
  });
}

/** `POST /api/files` of tus, with or without the first part. */
export async function tusCreate(
  files: Files,
  request: FastifyRequest<{ Body: Readable | undefined }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  checkVersion(request, reply);
  const size = bytesOf(request, 'upload-length');
  const metadata = metadataOf(request);
  const name = metadata.get('filename') ?? metadata.get('name');
  const upload = await files.begin({ name, by: callerOf(request), size });
  reply.header('Location', urlOf(upload));
  const isPart = request.headers['content-type'] === PART_TYPE && request.body && size > 0;
  const end = isPart ? await takePart(files, upload, 0, request) : 0;
  return reply.status(201).headers(progressOf(end)).send();
}

async function takePart(
  files: Files,
  upload: UploadRecord,
  offset: number,
  request: FastifyRequest<{ Body: Readable | undefined }>,
): Promise<number> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (offset + length > upload.size) throw new ParleyError('too-large', `the upload was to have ${upload.size} bytes`);
  const appended = await files.append(upload, offset, request.body ?? Readable.from([]), checksumOf(request));
  const refusal = refusals[appended];
  if (refusal) throw refusal();
  return appended === 'whole' ? upload.size : files.offset(upload);
}

const refusals: Partial<Record<Appended, () => Error>> = {
  offset: () => httpError(409, 'Upload-Offset is not where the upload is; ask with HEAD'),
  checksum: () => httpError(460, 'the part does not have its checksum'),
};

function progressOf(offset: number): Record<string, string> {
  const expires = new Date(Date.now() + UPLOAD_MS).toUTCString();
  return { 'Upload-Offset': String(offset), 'Upload-Expires': expires };
}

/** Only who began an upload goes on with it or removes it; for others it is not there. */
function find(files: Files, request: FastifyRequest<FileRequest>): FileRecord | UploadRecord {
  const { id } = request.params;
  const found = files.upload(id) ?? files.get(id);
  if (found?.by === callerOf(request)) return found;
  throw new ParleyError('not-found', `there is no upload ${id.slice(0, 80)}`);
}
