/** What can be done with an entry. */
export type Act =
  | { readonly act: 'reply' | 'edit' | 'delete' | 'emoji' | 'link' }
  | { readonly act: 'react'; readonly text: string }
  | { readonly act: 'retry' | 'discard' }
  | { readonly act: 'show'; readonly id: string }
  | { readonly act: 'person'; readonly name: string };

/** Something is to be done with an entry, by its id. */
export class EntryEvent extends Event {
  readonly id: string;
  readonly what: Act;

  constructor(id: string, what: Act) {
    super('parley-entry', { bubbles: true, composed: true });
    this.id = id;
    this.what = what;
  }
}
