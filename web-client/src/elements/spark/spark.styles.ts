import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
    height: 28px;
    padding-right: 3px;
    color: var(--signal);
  }

  svg {
    width: 100%;
    height: 100%;
    overflow: visible;
  }

  polyline,
  line {
    fill: none;
    stroke: currentcolor;
    stroke-linejoin: round;
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }

  line {
    stroke: var(--line);
  }

  .dot {
    stroke: currentcolor;
    stroke-linecap: round;
    stroke-width: 5;
  }
`;
