/** Schemas of the device routes: they validate what is asked and describe the answers in OpenAPI. */

const time = { type: 'integer', description: 'ms since the Unix epoch' };
const measured = { type: ['number', 'boolean', 'string'] };

export const deviceParams = {
  type: 'object',
  required: ['device'],
  properties: { device: { type: 'string' } },
};

export const deviceSchema = {
  title: 'Device',
  type: 'object',
  required: ['device', 'seenAt', 'latest'],
  properties: {
    device: { type: 'string' },
    model: { type: 'string' },
    metrics: { type: 'object', description: 'By name: unit, min, max, class; from its about' },
    commands: { type: 'object', description: 'By name: JSON Schema of the args; from its about' },
    hidden: {
      type: 'object',
      description: 'Metrics and commands of its about that are malformed, each with the reason',
    },
    status: { enum: ['online', 'offline'] },
    statusAt: time,
    state: { description: 'Any JSON, as it reported it' },
    stateAt: time,
    seenAt: { ...time, description: 'When it last said or measured something, to 5 s; ms since the Unix epoch' },
    latest: {
      type: 'object',
      description: 'The last reading of each metric',
      additionalProperties: {
        type: 'object',
        required: ['value', 'at'],
        properties: { value: measured, unit: { type: 'string' }, at: time },
      },
    },
  },
};

export const devicesSchema = {
  type: 'object',
  required: ['devices'],
  properties: { devices: { type: 'array', items: deviceSchema } },
};

const instant = { type: 'string', maxLength: 40, description: 'ms since the Unix epoch, or ISO 8601' };

export const telemetryQuery = {
  type: 'object',
  additionalProperties: false,
  required: ['metric'],
  properties: {
    metric: { type: 'string', minLength: 1, maxLength: 128 },
    from: { ...instant, description: `${instant.description}; 24 h before \`to\` when it is missing` },
    to: { ...instant, description: `${instant.description}; not included; now when it is missing` },
    points: { type: 'integer', minimum: 1, maximum: 5000, default: 500, description: 'Most buckets in the answer' },
  },
};

export const telemetrySchema = {
  title: 'Telemetry',
  type: 'object',
  required: ['device', 'metric', 'from', 'to', 'bucketMs', 'points'],
  properties: {
    device: { type: 'string' },
    metric: { type: 'string' },
    unit: { type: 'string' },
    from: time,
    to: time,
    bucketMs: { type: 'integer', description: 'Width of each bucket' },
    points: {
      type: 'array',
      description: 'Buckets that have readings, in order',
      items: {
        type: 'object',
        required: ['at', 'last', 'count'],
        properties: {
          at: { ...time, description: 'Begin of the bucket' },
          min: { type: 'number', description: 'Booleans count as 0 and 1; text has only last and count' },
          avg: { type: 'number' },
          max: { type: 'number' },
          last: measured,
          count: { type: 'integer' },
        },
      },
    },
  },
};
