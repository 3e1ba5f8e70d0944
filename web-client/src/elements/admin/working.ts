import { LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import { problemOf } from '../../link/accounts.ts';

/** A page that asks the hub for things, one at a time, and says what went wrong. */
export abstract class WorkingElement extends LitElement {
  @state() protected problem = '';
  @state() protected busy = false;

  /** Does it unless something else is on its way; then shows what there is now. @returns whether it was done */
  protected async attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = '';
    try {
      await work();
      await this.load();
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Reads what the page shows. */
  protected abstract load(): Promise<void>;

  override connectedCallback(): void {
    super.connectedCallback();
    // Who is quick need not wait for it to be done.
    this.load().catch((error: unknown) => (this.problem = problemOf(error)));
  }
}
