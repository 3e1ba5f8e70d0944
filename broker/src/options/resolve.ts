import { ParleyError } from '@parley/shared';
import { optionTable } from './table.ts';
import type { HubOptions, OptionKey } from './table.ts';

/** Raw values by option key, each with where it came from, for the message that refuses it. */
export type RawOptions = ReadonlyMap<string, { readonly value: unknown; readonly from: string }>;

/**
 * The options as the hub uses them: known keys only, parsed, ranges checked, defaults filled in, frozen.
 * @throws ParleyError `option-invalid` in one line that names the option and where it was given
 */
export function resolveOptions(raw: RawOptions): HubOptions {
  for (const [key, { from }] of raw) {
    if (!Object.hasOwn(optionTable, key)) throw invalid(key, from, `is unknown${suggestion(key)}`);
  }
  const keys = Object.keys(optionTable) as OptionKey[];
  const options = Object.fromEntries(keys.map((key) => [key, resolveOne(key, raw.get(key))])) as unknown as HubOptions;
  refuseContradictions(options);
  return Object.freeze(options);
}

/** Options given to `startHub` as an object; undefined values count as not given. */
export function rawFromObject(given: Readonly<Record<string, unknown>>, from: string): RawOptions {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return new Map(present.map(([key, value]) => [key, { value, from }]));
}

function resolveOne(key: OptionKey, given: { value: unknown; from: string } | undefined): unknown {
  const { kind, default: standard } = optionTable[key];
  if (!given) return standard;
  try {
    return kind.parse(given.value);
  } catch (refusal) {
    throw invalid(key, given.from, (refusal as Error).message);
  }
}

/** What must not be, each with what to say of it. */
const contradictions: readonly [(options: HubOptions) => boolean, string][] = [
  [
    ({ tlsCert, tlsKey }) => (tlsCert === undefined) !== (tlsKey === undefined),
    'options tlsCert and tlsKey go together: only one of them is set',
  ],
  [
    ({ mqttsPort, tlsCert }) => mqttsPort !== 'off' && tlsCert === undefined,
    'option mqttsPort needs tlsCert and tlsKey',
  ],
  [
    ({ httpRedirectPort, tlsCert }) => httpRedirectPort !== 'off' && tlsCert === undefined,
    'option httpRedirectPort needs tlsCert and tlsKey',
  ],
  [({ tlsCa, tlsCert }) => tlsCa !== undefined && tlsCert === undefined, 'option tlsCa needs tlsCert and tlsKey'],
  [
    ({ proxyProtocol, trustedProxies }) => proxyProtocol === 'on' && trustedProxies.length === 0,
    'option proxyProtocol needs trustedProxies to name the proxies',
  ],
  [
    ({ rightsFile, auth }) => rightsFile !== undefined && auth === 'open',
    'option rightsFile needs auth to be accounts',
  ],
  [({ jwks, auth }) => jwks !== undefined && auth === 'open', 'option jwks needs auth to be accounts'],
  [({ authUrl, auth }) => authUrl !== undefined && auth === 'open', 'option authUrl needs auth to be accounts'],
];

function refuseContradictions(options: HubOptions): void {
  const found = contradictions.find(([holds]) => holds(options));
  if (found) throw new ParleyError('option-invalid', found[1]);
}

function invalid(key: string, from: string, what: string): ParleyError {
  return new ParleyError('option-invalid', `option ${key} (${from}) ${what}`);
}

/** The known key that differs least, when it is close enough to be what was meant. */
function suggestion(key: string): string {
  const folded = fold(key);
  const near = Object.keys(optionTable).find((known) => fold(known) === folded || fold(known).startsWith(folded));
  return near ? `; did you mean ${near}?` : '';
}

function fold(key: string): string {
  return key.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
