import * as z from 'zod/mini';
import { jsonSchema } from '../zod.ts';

export const alive = jsonSchema(z.object({ status: z.enum(['ok']) }));
export const readiness = jsonSchema(z.object({ status: z.enum(['ready', 'not ready']) }));
export const hubFacts = jsonSchema(
  z.object({
    version: z.string(),
    auth: z.enum(['open', 'accounts']),
    mqttPort: z.int().check(z.minimum(0), z.maximum(65_535)),
    maxPacketBytes: z.int().check(z.describe('The longest publish, in bytes of its MQTT packet')),
    maxDraftCharacters: z.int().check(z.describe('The longest draft, in characters of its JSON')),
    maxFileBytes: z.int().check(z.describe('The largest attachment')),
  }),
);
