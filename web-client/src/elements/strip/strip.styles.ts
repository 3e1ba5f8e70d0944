import { css } from 'lit';

export const styles = css`
  .strip {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    height: 28px;
    padding: 0 var(--space-4) 0 27px;
    border-top: 1px solid var(--line);
    background: var(--surface-1);
    color: var(--text-2);
    font: var(--label);
    transition: background var(--quick);
  }

  span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .lamp {
    flex: none;
    width: 8px;
    height: 8px;
    border: 2px solid var(--warn);
    border-radius: 50%;
  }

  .online .lamp {
    border-color: var(--good);
    background: var(--good);
  }

  .link {
    flex: none;
  }

  .waiting,
  .refused,
  .connecting {
    background: var(--warn-soft);
    color: var(--text);
  }

  @media (max-width: 699.9px) {
    .strip {
      height: 24px;
      padding-left: var(--space-4);
    }
  }
`;
