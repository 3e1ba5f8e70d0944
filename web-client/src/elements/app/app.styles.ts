import { css } from 'lit';

export const styles = css`
  :host {
    height: 100dvh;
  }

  .frame {
    display: grid;
    grid-template:
      'rail list main detail' minmax(0, 1fr)
      'strip strip strip strip' auto / 64px 272px minmax(0, 1fr) auto;
    height: 100%;
  }

  parley-rail {
    grid-area: rail;
  }

  parley-strip {
    grid-area: strip;
  }

  .list {
    grid-area: list;
    min-height: 0;
    border-right: 1px solid var(--line);
    background: var(--surface-1);
  }

  .main {
    grid-area: main;
    min-width: 0;
    min-height: 0;
  }

  .detail {
    grid-area: detail;
    width: 340px;
    min-height: 0;
    border-left: 1px solid var(--line);
  }

  .hub .list,
  .topics .list {
    display: none;
  }

  @media (min-width: 700px) {
    .hub .main,
    .topics .main {
      grid-column: list / detail;
    }
  }

  /* Between phone and desk: the list of chat stays, that of the other areas gives way; detail takes the place of main. */
  @media (max-width: 1099.9px) {
    .frame {
      grid-template-columns: 64px 216px minmax(0, 1fr) 0;
    }

    .frame:not(.chat) {
      grid-template-columns: 64px 0 minmax(0, 1fr) 0;
    }

    .frame:not(.chat) .list {
      display: none;
    }

    .detail {
      grid-area: main;
      width: auto;
      border-left: 0;
    }

    .with-detail .main {
      display: none;
    }
  }

  @media (max-width: 699.9px) {
    .frame,
    .frame:not(.chat) {
      grid-template:
        'main' minmax(0, 1fr)
        'strip' auto
        'rail' auto / minmax(0, 1fr);
    }

    .list {
      grid-area: main;
      display: none;
      border-right: 0;
      background: var(--surface-0);
    }

    .at-list .list {
      display: block;
    }

    .at-list .main,
    .at-list .detail {
      display: none;
    }
  }
`;
