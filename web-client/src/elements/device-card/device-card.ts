import type { Presence } from '@parley/shared';
import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { stateValue } from '../../state/device.ts';
import type { Device, Series } from '../../state/device.ts';
import { base } from '../../styles/shared.ts';
import '../command/command.ts';
import { findSwitch } from '../command/schema.ts';
import { glyphOf } from '../glyph.ts';
import '../mark/mark.ts';
import '../spark/spark.ts';
import { standingOf } from '../status.ts';
import { agoOf, labelOf, shortValueOf, unitOf, valueOf } from '../words.ts';
import { styles } from './device-card.styles.ts';

const READINGS = 3;

/** A device at a glance: what it is, whether it is there, up to three readings, its switch. Lets `parley-command` through. */
@customElement('parley-device-card')
export class ParleyDeviceCard extends LitElement {
  static override styles = [base, styles];

  @property({ attribute: false }) device!: Device;
  @property({ attribute: false }) presence: Presence | undefined;
  /** Now, in ms since the Unix epoch: how long ago something was changes by itself. */
  @property({ type: Number }) now = Date.now();
  /** False while there is no connection: then nothing shown is live. */
  @property({ attribute: false }) live = true;

  override render() {
    const { device } = this;
    const { lamp, words } = standingOf(device, this.presence, this.now);
    const own = findSwitch(device.about?.commands ?? {});
    // What the switch shows needs no reading beside it.
    const series = device.series.filter(({ metric }) => metric !== own?.key).slice(0, READINGS);
    return html`<article aria-label=${device.name} class="${lamp} ${this.live ? '' : 'stale'}">
      <a class="head" href="/d/${device.name}">
        <parley-mark name=${device.name} .glyph=${glyphOf(device)} status=${lamp} size="40"></parley-mark>
        <span class="titles">
          <span class="name" title=${device.name}>${device.name}</span>
          <span class="model" title=${device.about?.model ?? ''}>${device.about?.model ?? 'No description'}</span>
        </span>
        <span class="standing">${!this.live && lamp === 'online' ? 'was online' : words}</span>
      </a>
      <div class="readings">
        ${
          device.series.length === 0
            ? html`<p class="quiet">${this.#waiting(lamp)}</p>`
            : series.map((one) => reading(one, this.now))
        }
      </div>
      ${own ? this.#switch(own) : nothing}
    </article>`;
  }

  #waiting(lamp: string): string {
    if (Object.keys(this.device.about?.metrics ?? {}).length === 0) return 'It has told no readings.';
    return lamp === 'online' && this.live ? 'Waiting for its first reading …' : 'No readings yet.';
  }

  #switch({ command, key }: { command: string; key: string }) {
    const { device } = this;
    return html`<parley-command
      compact
      name=${command}
      only=${key}
      .schema=${device.about!.commands[command]!.args}
      .sent=${device.sent[command]}
      .reported=${(name: string) => stateValue(device, name)}
    ></parley-command>`;
  }
}

/** A reading this old is shown with its age, in ms. */
const OLD_MS = 120_000;

function reading({ metric, value, unit, points, at }: Series, now: number) {
  const old = now - at > OLD_MS;
  return html`<div class="reading ${old ? 'old' : ''}">
    <span class="metric" title=${metric}>${labelOf(metric)}</span>
    ${
      points.length > 1
        ? html`<parley-spark .points=${points} .stepped=${typeof value === 'boolean'}></parley-spark>`
        : html`<span class="age">${old ? agoOf(at, now) : nothing}</span>`
    }
    <span class="value" title="${valueOf(value, metric)} ${unitOf(unit)}"
      >${shortValueOf(value, metric)}${unit ? html`<small>${unitOf(unit)}</small>` : nothing}</span
    >
  </div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'parley-device-card': ParleyDeviceCard;
  }
}
