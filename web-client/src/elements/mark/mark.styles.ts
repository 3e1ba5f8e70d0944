import { css } from 'lit';

export const styles = css`
  :host {
    display: inline-block;
    flex: none;
  }

  .mark {
    position: relative;
    display: grid;
    place-items: center;
    width: var(--size);
    height: var(--size);
    font-size: calc(var(--size) * 0.375);
    font-weight: 600;
    letter-spacing: 0.02em;
    line-height: 1;
    user-select: none;
  }

  /* Decoration, not text: whoever stands beside it or is named by its button is named there. */
  .person::before {
    content: attr(data-initials);
  }

  .person {
    border-radius: 50%;
    background: light-dark(oklch(88% 0.065 var(--hue)), oklch(37% 0.07 var(--hue)));
    color: light-dark(oklch(36% 0.11 var(--hue)), oklch(92% 0.055 var(--hue)));
  }

  .device {
    border-radius: calc(var(--size) * 0.22);
    background: var(--signal-soft);
    color: light-dark(oklch(42% 0.09 175), var(--signal));
  }

  /* Never colour alone: online is filled, away half, offline a ring. */
  .lamp {
    position: absolute;
    right: -2px;
    bottom: -2px;
    width: clamp(8px, calc(var(--size) * 0.3), 10px);
    aspect-ratio: 1;
    border: 2px solid var(--good);
    border-radius: 50%;
    background: var(--good);
    box-shadow: 0 0 0 clamp(1px, calc(var(--size) * 0.06), 2px) var(--mark-behind, var(--surface-0));
  }

  .device .lamp {
    border-color: var(--signal);
    background: var(--signal);
  }

  .lamp.away {
    border-color: var(--warn);
    background: linear-gradient(90deg, var(--warn) 50%, var(--mark-behind, var(--surface-0)) 50%);
  }

  .lamp.offline {
    border-color: var(--line-strong);
    background: var(--mark-behind, var(--surface-0));
  }
`;
