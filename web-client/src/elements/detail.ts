/** What stands beside main is closed. */
export class CloseDetailEvent extends Event {
  constructor() {
    super('parley-close-detail', { bubbles: true, composed: true });
  }
}
