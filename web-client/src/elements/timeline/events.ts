/** The reader wants entries before the first one, or after the last one. */
export class MoreEvent extends Event {
  constructor(where: 'older' | 'newer') {
    super(`parley-${where}`, { bubbles: true, composed: true });
  }
}

/** Everything up to an entry has been on the screen. */
export class SeenEvent extends Event {
  readonly seq: number;

  constructor(seq: number) {
    super('parley-seen', { bubbles: true, composed: true });
    this.seq = seq;
  }
}

/** The reader wants the newest entries, which are not loaded here. */
export class LatestEvent extends Event {
  constructor() {
    super('parley-latest', { bubbles: true, composed: true });
  }
}
