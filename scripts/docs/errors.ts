import { errorKinds } from '@parley/shared';
import { code, renderPage } from './table.ts';

/** docs/errors.md, from the registry that every coded error comes from. */
export function renderErrors(): string {
  return renderPage({
    title: 'Errors',
    intro: [
      'Every coded error, from `shared/src/errors.ts`. Codes are stable; messages are for people and may change.',
      'Where it shows: over HTTP as `{"error":{"code","message"}}` with the status; over MQTT, where the protocol has no\nrefusal (3.1.1, and QoS 0), as `{"code","message","topic","at"}` on `hub/errors/<client>`, which a client hears by\nsubscribing `hub/errors/+`; on the command line as one line `parley: <message> [<code>]` and exit code 1; and in the log.\nThe reason code is the one of MQTT 5 (§2.4 of its specification).',
    ],
    columns: ['Code', 'What happened', 'Reason code', 'HTTP status'],
    rows: Object.entries(errorKinds).map(([name, { summary, reasonCode, status }]) => [
      code(name),
      summary,
      `0x${reasonCode.toString(16).toUpperCase().padStart(2, '0')}`,
      String(status),
    ]),
  });
}
