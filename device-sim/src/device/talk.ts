import { json, topics } from '@parley/shared';
import type { FlatTelemetry } from '@parley/shared';
import { ulid } from 'ulid';
import * as z from 'zod';
import type { Behaviour, DeviceState } from '../behaviours/behaviour.ts';
import type { Message } from '../link.ts';
import { toText } from '../telemetry.ts';

/** Ids of what it said itself, which another broker than Parley's hub would bring back without its name. */
const rememberedOwn = 32;

export interface TalkContext {
  readonly name: string;
  readonly channel: string;
  readonly behaviour: Behaviour;
  readonly state: () => DeviceState;
  readonly send: (message: Message) => void;
}

/**
 * A device in a chat channel. It answers who mentions it as `@name`; its own texts mention nobody, so that two of them
 * cannot keep each other talking.
 */
export class Talk {
  readonly topic: string;
  readonly #context: TalkContext;
  readonly #own: string[] = [];

  constructor(context: TalkContext) {
    this.#context = context;
    this.topic = topics.chat.build({ channel: context.channel });
  }

  /** Says what the behaviour has to say after a tick or a command. */
  ticked(): void {
    const { behaviour, state } = this.#context;
    const text = behaviour.chat?.says(state());
    if (text !== undefined) this.#say(text);
  }

  hear(payload: Uint8Array): void {
    const heard = entryOf(payload);
    if (!heard || heard.from === this.#context.name || this.#own.includes(heard.id)) return;
    if (mentions(heard.text, this.#context.name)) this.#say(this.#answer(heard.text), heard.from);
  }

  #answer(text: string): string {
    const { behaviour, state } = this.#context;
    const { about } = behaviour;
    if (/\b(readings?|status|values?|how are you)\b/i.test(text)) {
      return readingsText(about, behaviour.readings(state()));
    }
    return behaviour.chat?.answers(state()) ?? `I am a ${about.model}; ask me for my readings`;
  }

  #say(text: string, to?: string): void {
    const id = ulid();
    this.#own.push(id);
    if (this.#own.length > rememberedOwn) this.#own.shift();
    // What is said keeps its own at-signs from waking others.
    const said = `${to === undefined ? '' : `${to}: `}${text}`.replaceAll('@', '＠');
    const payload = json.encode({ id, text: said });
    this.#context.send({ topic: this.topic, payload, qos: 1, retain: false, contentType: json.contentType });
  }
}

function readingsText(about: Behaviour['about'], readings: FlatTelemetry): string {
  return toText(about, readings, ', ');
}

function mentions(text: string, name: string): boolean {
  return (
    text
      .toLowerCase()
      .match(/@[a-z0-9][a-z0-9_-]*/g)
      ?.includes(`@${name}`) ?? false
  );
}

/** A stamped entry of the hub's, or a draft as another broker passes it on. */
const heardSchema = z.object({
  id: z.string().default(''),
  from: z.string().default('someone'),
  kind: z.literal('text').default('text'),
  text: z.string(),
});

/** Undefined for what is no text. */
function entryOf(payload: Uint8Array): z.infer<typeof heardSchema> | undefined {
  try {
    return heardSchema.safeParse(json.decode(payload)).data;
  } catch {
    return undefined;
  }
}
