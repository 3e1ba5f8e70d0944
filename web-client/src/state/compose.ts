import type { NewDraft } from '@parley/shared/client';
import { Observable } from '../observable.ts';
import type { Devices } from './devices.ts';
import type { Sent } from './device.ts';
import type { Item } from './items.ts';
import { tooLong } from './limits.ts';
import { parseSlash } from './slash.ts';
import type { Slash } from './slash.ts';
import type { Talk } from './talk.ts';
import type { Uploads } from './uploads.ts';
import type { Api, HubFacts } from '../link/api.ts';

export interface ComposeContext {
  /** A conversation may be let go and begun again. */
  readonly talk: () => Talk;
  readonly devices: Devices;
  readonly api: Pick<Api, 'changeChannel' | 'addMember'>;
  readonly facts: () => HubFacts | undefined;
  readonly uploads: Uploads;
}

/** What is being written in one place: what it answers or edits, the files with it, and why it cannot be sent. */
export class Compose extends Observable {
  readonly uploads: Uploads;
  readonly #context: ComposeContext;
  #about: { type: 'reply' | 'edit'; item: Item } | undefined;
  #problem = '';
  #told: { device: string; command: string } | undefined;

  constructor(context: ComposeContext) {
    super();
    this.#context = context;
    this.uploads = context.uploads;
  }

  get about(): { readonly type: 'reply' | 'edit'; readonly item: Item } | undefined {
    return this.#about;
  }

  /** For a person; empty when there is none. */
  get problem(): string {
    return this.#problem;
  }

  /** The command to a device that was given here last, with what became of it. */
  get told(): { readonly device: string; readonly sent: Sent } | undefined {
    const { devices } = this.#context;
    const sent = this.#told && devices.get(this.#told.device)?.sent[this.#told.command];
    return sent && { device: this.#told!.device, sent };
  }

  reply(item: Item): void {
    this.#set({ about: { type: 'reply', item } });
  }

  edit(item: Item): void {
    this.#set({ about: { type: 'edit', item } });
  }

  /** No answer, no edit, no word of the last command. */
  cancel(): void {
    this.#told = undefined;
    this.#set({});
  }

  typed(): void {
    if (this.#problem !== '') this.#set({ about: this.#about });
  }

  /** @returns false when it is not sent, and `problem` says why */
  send(text: string): boolean {
    const { talk, devices, facts } = this.#context;
    const isNew = this.#about?.type !== 'edit';
    const slash = isNew ? parseSlash(text, (device) => devices.get(device)?.about) : undefined;
    if (slash && slash.type !== 'send') return this.#run(slash);
    const draft = slash?.type === 'send' ? slash.draft : this.#draftOf(text);
    const problem = draft && tooLong(draft as Record<string, unknown>, facts());
    if (problem !== undefined) return this.refuse(problem);
    if (draft) talk().send(draft);
    if (isNew) this.#sendFiles(draft === undefined);
    this.#set({});
    return true;
  }

  #draftOf(text: string): NewDraft | undefined {
    if (text === '') return undefined;
    const about = this.#about;
    if (about?.type === 'edit') return { kind: 'edit', target: about.item.key, text };
    return about ? { text, replyTo: about.item.key } : { text };
  }

  /** @param first whether nothing was said: then the answer is the file itself */
  #sendFiles(first: boolean): void {
    const replyTo = first && this.#about?.type === 'reply' ? { replyTo: this.#about.item.key } : {};
    for (const data of this.uploads.take()) this.#context.talk().send({ kind: 'file', data: { ...data }, ...replyTo });
  }

  #run(slash: Exclude<Slash, { type: 'send' }>): boolean {
    const { devices, api } = this.#context;
    const talk = this.#context.talk();
    if (slash.type === 'problem') return this.refuse(slash.problem);
    if (slash.type === 'device') {
      devices.command(slash.device, slash.command, slash.args);
      this.#told = { device: slash.device, command: slash.command };
      this.#set({});
      return true;
    }
    if (talk.isDirect) return this.refuse('This is for channels.');
    const done =
      slash.type === 'topic'
        ? api.changeChannel(talk.name, { topic: slash.topic })
        : api.addMember(talk.name, slash.name);
    done.catch((error: Error) => this.refuse(error.message));
    this.#set({});
    return true;
  }

  /** Says why something was not done. */
  refuse(problem: string): false {
    this.#set({ about: this.#about, problem });
    return false;
  }

  #set({ about, problem = '' }: { about?: Compose['about']; problem?: string }): void {
    this.#about = about;
    this.#problem = problem;
    this.changed();
  }
}
