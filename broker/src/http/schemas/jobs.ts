const time = { type: 'integer', description: 'ms since the Unix epoch' };

export const commandParams = {
  type: 'object',
  required: ['device', 'command'],
  properties: { device: { type: 'string' }, command: { type: 'string' } },
};

export const commandQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    expirySeconds: {
      description: 'The device gets the command within this time or never; every progress begins it anew',
      type: 'integer',
      minimum: 1,
      maximum: 604_800,
      default: 300,
    },
  },
};

/** For OpenAPI alone: an argument may also be text, or bytes of any kind. */
export const commandBody = {
  content: {
    'application/json': { schema: { description: '`{"id","args"}`, or the args themselves' } },
    'text/plain': { schema: { type: 'string' } },
  },
};

export const jobParams = {
  type: 'object',
  required: ['job'],
  properties: { job: { type: 'string', minLength: 1, maxLength: 128 } },
};

export const jobSchema = {
  title: 'Job',
  type: 'object',
  required: ['id', 'device', 'command', 'state', 'progress', 'by', 'createdAt', 'updatedAt', 'expiresAt'],
  properties: {
    id: { type: 'string' },
    device: { type: 'string' },
    command: { type: 'string' },
    state: { enum: ['queued', 'running', 'done', 'failed', 'expired'] },
    progress: { type: 'number', minimum: 0, maximum: 1 },
    result: { description: 'Any JSON, when it is done' },
    error: { type: 'string', description: 'When it failed or expired' },
    by: { type: 'string' },
    createdAt: time,
    updatedAt: time,
    expiresAt: time,
    expirySeconds: { type: 'integer' },
  },
};
