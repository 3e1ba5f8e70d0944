import { channelSchema, draftSchema, entrySchema, pageSchema, presenceSchema } from '@parley/shared';
import * as z from 'zod/mini';
import { jsonSchema } from '../zod.ts';

/** Schemas of the chat routes: they validate what is asked and describe the answers in OpenAPI. */

const fields = {
  topic: z.optional(z.string().check(z.maxLength(1024))),
  display: z.optional(z.string().check(z.maxLength(128))),
  private: z.optional(z.boolean()),
};
const personSchema = z.object({ user: z.string(), display: z.optional(z.string()) });
const standingSchema = z.object({ user: z.string(), ...presenceSchema.shape });
const directSchema = z.object({ user: z.string(), log: pageSchema.shape.log, lastSeq: pageSchema.shape.lastSeq });
const foundSchema = z.object({ ...entrySchema.shape, topic: z.string() });

export const createChannel = jsonSchema(z.strictObject({ name: z.string(), ...fields }));
export const changeChannel = { ...jsonSchema(z.strictObject(fields)), minProperties: 1 };
export const setDisplay = jsonSchema(z.strictObject({ display: z.string().check(z.maxLength(128)) }));

export const channel = { title: 'Channel', ...jsonSchema(channelSchema) };
export const channels = jsonSchema(z.object({ channels: z.array(channelSchema) }));
export const members = jsonSchema(z.object({ members: z.array(z.string()) }));
export const entry = { title: 'Entry', ...jsonSchema(entrySchema) };
export const page = { title: 'Page', ...jsonSchema(pageSchema) };
export const directs = jsonSchema(z.object({ directs: z.array(directSchema) }));
export const found = jsonSchema(z.object({ entries: z.array(foundSchema) }));
export const person = { title: 'Person', ...jsonSchema(personSchema) };
export const people = jsonSchema(z.object({ users: z.array(personSchema) }));
export const standing = { title: 'Presence', ...jsonSchema(standingSchema) };
export const standings = jsonSchema(z.object({ users: z.array(standingSchema) }));

/** A draft as HTTP takes it. Its bytes are judged as over MQTT, so this is for OpenAPI alone. */
export const draft = {
  content: {
    'application/json': {
      schema: {
        description: 'A draft; an object with none of its keys is an entry of kind data',
        anyOf: [jsonSchema(draftSchema), { type: 'object' }],
      },
    },
    'text/plain': { schema: { type: 'string', description: 'An entry of kind text' } },
  },
};
