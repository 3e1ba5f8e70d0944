import type { Json } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Sent } from '../../state/device.ts';
import { base, controls } from '../../styles/shared.ts';
import { labelOf, valueOf } from '../words.ts';
import { styles } from './command.styles.ts';
import { isToldEnough, PATIENCE_MS, replyWords, TOLD_MS } from './reply.ts';
import { isImmediate, toForm } from './schema.ts';
import type { Field, Form } from './schema.ts';

/** A device is told something. */
export class CommandEvent extends Event {
  readonly command: string;
  readonly args: Json;

  constructor(command: string, args: Json) {
    super('parley-command', { bubbles: true, composed: true });
    this.command = command;
    this.args = args;
  }
}

/**
 * A command of a device as a form made from its schema: one switch, slider or choice acts at once, anything else has a
 * button. Below it stands what the device answered. Fires `parley-command`.
 */
@customElement('parley-command')
export class ParleyCommand extends LitElement {
  static override styles = [base, controls, styles];

  @property() name = '';
  @property({ attribute: false }) schema: Record<string, Json> | undefined;
  /** What the device reports for a field's key. */
  @property({ attribute: false }) reported: (key: string) => Json | undefined = () => undefined;
  @property({ attribute: false }) sent: Sent | undefined;
  /** Only the control of this key, when not empty. */
  @property() only = '';
  /** As small as on a card: no heading, no outcome that went well. */
  @property({ type: Boolean, reflect: true }) compact = false;
  @state() private chosen: Readonly<Record<string, Json>> = {};

  #again: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#again);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('sent') || !this.sent) return;
    const { reply, problem } = this.sent;
    const settled = problem !== undefined || (reply !== undefined && !('progress' in reply));
    // A settled command shows what the device reports, not what was asked of it.
    if (settled) this.chosen = {};
    // What went well is told for a while, and patience ends.
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.requestUpdate(), (settled ? TOLD_MS : PATIENCE_MS) + 50);
  }

  override render() {
    const form = toForm(this.schema, labelOf);
    const fields = form.fields.filter(({ key }) => this.only === '' || key === this.only);
    const titled = !this.compact && form.fields.length > (isImmediate(form) ? 1 : 0);
    return html`<form @submit=${(event: Event) => this.#submit(event, form)}>
      ${titled ? html`<h3>${labelOf(this.name)}</h3>` : nothing} ${fields.map((field) => this.#field(field, form))}
      ${
        isImmediate(form)
          ? nothing
          : html`<button class="button ${form.fields.length > 0 ? 'primary' : ''}">
              ${form.fields.length > 0 ? 'Send' : labelOf(this.name)}
            </button>`
      }
      ${this.#outcome()}
    </form>`;
  }

  #field(field: Field, form: Form) {
    const label = isImmediate(form) && (form.bare || field.key === 'value') ? labelOf(this.name) : field.label;
    if (field.type === 'switch') return this.#switch(field, form, label);
    return html`<label class="row ${field.type}">
      <span class="name">${label}</span>
      ${this.#input(field, form, label)}
    </label>`;
  }

  #switch(field: Field, form: Form, label: string) {
    const on = this.#value(field) === true;
    // A switch called "On" would say so when it is off.
    const named = field.key === 'on' ? nothing : html`<span class="name">${label}</span>`;
    return html`<label class="row">
      ${named}<span class=${field.key === 'on' ? 'name' : 'standing'} aria-hidden="true"
        >${onOffWords(field.key, on)}</span
      >
      <input
        class="switch"
        type="checkbox"
        role="switch"
        aria-label=${label}
        .checked=${live(on)}
        @change=${({ target }: Event) => this.#choose(field, form, (target as HTMLInputElement).checked)}
      />
    </label>`;
  }

  #input(field: Field, form: Form, label: string) {
    const value = this.#value(field);
    const choose = ({ target }: Event): void => this.#choose(field, form, read(target as HTMLInputElement));
    switch (field.type) {
      case 'slider':
        return html`<output>${typeof value === 'number' ? valueOf(value) : '–'}</output>
          <input
            type="range"
            aria-label=${label}
            min=${field.min}
            max=${field.max}
            step=${field.step}
            .value=${live(asText(value ?? field.min))}
            @input=${({ target }: Event) => this.#show(field, Number((target as HTMLInputElement).value))}
            @change=${choose}
          />`;
      case 'select':
        return html`<select
          class="field"
          @change=${({ target }: Event) => this.#choose(field, form, field.options[(target as HTMLSelectElement).selectedIndex - 1])}
        >
          <option disabled .selected=${live(!field.options.includes(value ?? null))}>Choose</option>
          ${field.options.map((option) => html`<option .selected=${live(option === value)}>${typeof option === 'string' ? option : JSON.stringify(option)}</option>`)}
        </select>`;
      case 'number':
        return html`<input
          class="field"
          type="number"
          min=${field.min ?? nothing}
          max=${field.max ?? nothing}
          step=${field.step}
          ?required=${field.required}
          .value=${asText(value)}
          @change=${choose}
        />`;
      default:
        return html`<input
          class="field"
          ?required=${field.required}
          .value=${typeof value === 'string' ? value : ''}
          @change=${choose}
        />`;
    }
  }

  #value(field: Field): Json | undefined {
    return Object.hasOwn(this.chosen, field.key)
      ? this.chosen[field.key]
      : this.reported(field.key === 'value' ? this.name : field.key);
  }

  #show(field: Field, value: Json): void {
    this.chosen = { ...this.chosen, [field.key]: value };
  }

  #choose(field: Field, form: Form, value: Json | undefined): void {
    if (value === undefined) return;
    this.#show(field, value);
    if (isImmediate(form)) this.#fire(form.bare ? value : { [field.key]: value });
  }

  #submit(event: Event, form: Form): void {
    event.preventDefault();
    if (isImmediate(form)) return;
    const values = form.fields.map((field) => [field.key, this.#value(field) ?? initial(field)] as const);
    const args = Object.fromEntries(values.filter(([, value]) => value !== undefined));
    this.#fire(form.bare ? (args['value'] ?? null) : (args as Json));
  }

  #fire(args: Json): void {
    this.dispatchEvent(new CommandEvent(this.name, args));
  }

  #outcome() {
    if (!this.sent || isToldEnough(this.sent, Date.now())) return nothing;
    const { text, tone, progress } = replyWords(this.sent);
    if (this.compact && tone === 'good') return nothing;
    return html`<p class="outcome ${tone}" role="status" title=${text}>
      ${text}${progress === undefined ? nothing : html`<progress max="1" .value=${progress} aria-label="Progress"></progress>`}
    </p>`;
  }
}

function onOffWords(key: string, on: boolean): string {
  const words = valueOf(on, key);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function initial(field: Field): Json | undefined {
  if (field.type === 'switch') return false;
  if (field.type === 'slider') return field.min;
  return undefined;
}

function asText(value: Json | undefined): string {
  return typeof value === 'number' || typeof value === 'string' ? `${value}` : '';
}

function read(input: HTMLInputElement): Json | undefined {
  if (input.type !== 'range' && input.type !== 'number') return input.value === '' ? undefined : input.value;
  return Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-command': ParleyCommand;
  }
}
