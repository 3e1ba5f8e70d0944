import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import send from '@fastify/send';
import { ParleyError } from '@parley/shared';
import contentDisposition from 'content-disposition';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Files } from '../../files/files.ts';
import type { FileRecord } from '../../files/records.ts';
import { isShown } from '../../files/sniff.ts';
import { callerOf } from '../caller.ts';
import { fileBody, fileParams, fileQuery, fileSchema } from '../schemas/files.ts';
import { isTus } from '../tus.ts';
import { tusCreate, tusRoutes } from './tus.ts';

export interface FilesContext {
  readonly files: Files;
  /** Whether only who signed in may read them: then nobody's proxy may keep one for others. */
  readonly isPrivate: boolean;
}

export interface FileRequest {
  Params: { id: string };
}

interface Upload {
  Querystring: { name?: string };
  Body: Readable | undefined;
}

const tags = ['files'];

/** A sandbox of its own: whatever a file turns out to be, it can do nothing with the page's rights. */
const POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/** A file never changes: its id names one content. */
const YEAR_SECONDS = 31_536_000;

/** Attachments: whole in one request, or in parts (tus). Who knows the id of a file may read it. */
export function fileRoutes(api: FastifyInstance, { files, isPrivate }: FilesContext): void {
  void api.register(multipart, { limits: { files: 1, fileSize: files.maxFileBytes + 1 } });
  // A refused body is not read to its end, so nothing else can come on that connection.
  api.addHook('onError', async (_request, reply) => void reply.header('Connection', 'close'));
  tusRoutes(api, { files, isPrivate });

  const posted = {
    summary: 'Upload a file',
    description: 'The body is the file, or a form with it. With `Tus-Resumable` it begins an upload in parts.',
    tags,
    querystring: fileQuery,
    body: fileBody,
    response: { 201: fileSchema },
  };
  api.post<Upload>('/api/files', { schema: posted }, async (request, reply) => {
    if (isTus(request)) return tusCreate(files, request, reply);
    const by = callerOf(request);
    const record = request.isMultipart() ? await keepForm(files, request, by) : await keepBody(files, request, by);
    return reply
      .status(201)
      .header('Location', urlOf(record))
      .send({ ...record, url: urlOf(record) });
  });

  const read = { summary: 'Download a file', tags, params: fileParams, response: { 200: bytesAnswer } };
  api.get<FileRequest>('/api/files/:id', { schema: read, exposeHeadRoute: false }, (request, reply) =>
    sendFile({ files, isPrivate }, request, reply),
  );
}

const bytesAnswer = { description: 'Its bytes', content: { '*/*': { schema: { type: 'string', format: 'binary' } } } };

export function urlOf({ id }: Pick<FileRecord, 'id'>): string {
  return `/api/files/${id}`;
}

function keepBody(files: Files, request: FastifyRequest<Upload>, by: string): Promise<FileRecord> {
  const length = request.headers['content-length'];
  const size = length === undefined ? undefined : Number(length);
  if (!request.body) throw new ParleyError('request-invalid', 'the request has no body');
  return files.keep({ name: request.query.name, by, size }, request.body);
}

async function keepForm(files: Files, request: FastifyRequest<Upload>, by: string): Promise<FileRecord> {
  const part = await request.file();
  if (!part) throw new ParleyError('request-invalid', 'the form has no file');
  return files.keep({ name: request.query.name ?? part.filename, by, size: undefined }, part.file);
}

/** Answers GET and HEAD, with ranges and conditions (RFC 9110 §13 and §14). */
export async function sendFile(
  { files, isPrivate }: FilesContext,
  request: FastifyRequest<FileRequest>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id } = request.params;
  const record = files.get(id);
  if (!record) throw new ParleyError('not-found', `there is no file ${id.slice(0, 80)}`);
  const { statusCode, headers, stream } = await send(request.raw, id, {
    root: files.disk.dir,
    dotfiles: 'deny',
    contentType: false,
    cacheControl: false,
  });
  const disposition = contentDisposition(record.name, { type: isShown(record.type) ? 'inline' : 'attachment' });
  const cache = `${isPrivate ? 'private' : 'public'}, max-age=${YEAR_SECONDS}, immutable`;
  return reply
    .status(statusCode)
    .headers({ 'Cache-Control': cache, ...headers })
    .headers({ 'Content-Disposition': disposition, 'Content-Security-Policy': POLICY })
    .type(record.type)
    .send(stream);
}
