export const fileParams = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', maxLength: 64 } },
};

export const fileQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { name: { type: 'string', maxLength: 1024, description: 'What the file is called' } },
};

const bytes = { type: 'string', format: 'binary' };

/** For OpenAPI alone: the body is a stream. */
export const fileBody = {
  content: {
    'application/octet-stream': { schema: bytes },
    'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: bytes } } },
  },
};

export const fileSchema = {
  title: 'File',
  type: 'object',
  required: ['id', 'url', 'name', 'type', 'size', 'by', 'at'],
  properties: {
    id: { type: 'string' },
    url: { type: 'string' },
    name: { type: 'string' },
    type: { type: 'string', description: 'By its content' },
    size: { type: 'integer', description: 'bytes' },
    by: { type: 'string' },
    at: { type: 'integer', description: 'ms since the Unix epoch' },
  },
};
