/** Something was written and is to be sent; whoever cannot take it prevents the default, and it stays. */
export class SendEvent extends Event {
  readonly text: string;

  constructor(text: string) {
    super('parley-send', { bubbles: true, composed: true, cancelable: true });
    this.text = text;
  }
}

/** What is being written changed. */
export class DraftEvent extends Event {
  readonly text: string;

  constructor(text: string) {
    super('parley-draft', { bubbles: true, composed: true });
    this.text = text;
  }
}

/** Files were picked, dropped or pasted. */
export class FilesEvent extends Event {
  readonly files: readonly File[];

  constructor(files: readonly File[]) {
    super('parley-files', { bubbles: true, composed: true });
    this.files = files;
  }
}

/** `cancel`: no answer or edit after all. `edit-last`: the arrow up in an empty box. `read`: Esc with nothing to cancel. */
export class ComposerEvent extends Event {
  readonly what: 'cancel' | 'edit-last' | 'read';

  constructor(what: ComposerEvent['what']) {
    super('parley-composer', { bubbles: true, composed: true });
    this.what = what;
  }
}
