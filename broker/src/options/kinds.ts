import { isIP } from 'node:net';

/** How the value of one option is read, whether it comes as text (flag, environment) or as a value of the file. */
export interface Kind<Value> {
  /** What it takes, for help texts and docs/options.md. */
  readonly takes: string;
  /** @throws Error whose message completes "option x …" */
  parse(raw: unknown): Value;
}

export const address: Kind<string> = {
  takes: 'an address or host name',
  parse: (raw) => nonEmpty(raw, address.takes),
};

export const path: Kind<string> = {
  takes: 'a path',
  parse: (raw) => nonEmpty(raw, path.takes),
};

export const port: Kind<number> = {
  takes: '0 to 65535; 0 picks a free port',
  parse: (raw) => whole(raw, 0, 65_535, port.takes),
};

export const portOrOff: Kind<number | 'off'> = {
  takes: '0 to 65535, or off',
  parse: (raw) => (raw === 'off' || raw === false ? 'off' : whole(raw, 0, 65_535, portOrOff.takes)),
};

export function count(min: number, max: number): Kind<number> {
  const takes = `${min} to ${max}`;
  return { takes, parse: (raw) => whole(raw, min, max, takes) };
}

export function seconds(min: number, max: number): Kind<number> {
  const takes = `${min} to ${max} seconds`;
  return {
    takes,
    parse: (raw) => {
      const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
      if (typeof value === 'number' && value >= min && value <= max) return value;
      throw refusal(raw, takes);
    },
  };
}

const units: Readonly<Record<string, number>> = { '': 1, b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

export function bytes(min: number, max: number): Kind<number> {
  const takes = `${min} to ${max} bytes, or with a unit: 64 KiB, 1 MiB`;
  return {
    takes,
    parse: (raw) => {
      const [, digits, unit] = /^\s*(\d+)\s*([a-z]*)\s*$/i.exec(String(raw)) ?? [];
      return whole(Number(digits) * (units[unit?.toLowerCase() ?? '?'] ?? NaN), min, max, takes, raw);
    },
  };
}

export function choice<const Values extends readonly string[]>(...values: Values): Kind<Values[number]> {
  const takes = values.join(', ');
  return {
    takes,
    parse: (raw) => {
      if (typeof raw === 'string' && values.includes(raw)) return raw;
      throw refusal(raw, `one of ${takes}`);
    },
  };
}

/** Origins as a browser sends them (RFC 6454 §6.2): scheme, host and port, nothing behind. */
export const origins: Kind<readonly string[]> = {
  takes: 'origins such as https://chat.example.org, separated by commas',
  parse: (raw) => {
    const list: unknown[] = Array.isArray(raw) ? raw : String(raw).split(',');
    return list.map((one) => {
      const text = String(one).trim();
      if (URL.canParse(text) && new URL(text).origin === text) return text;
      throw refusal(one, origins.takes);
    });
  },
};

const networkNames = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Addresses and networks (RFC 4632 §3.1). */
export const networks: Kind<readonly string[]> = {
  takes: 'addresses or networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas',
  parse: (raw) => {
    const list: unknown[] = Array.isArray(raw) ? raw : String(raw).split(',');
    return list.map((one) => {
      const text = String(one).trim();
      if (networkNames.has(text) || isNetwork(text)) return text;
      throw refusal(one, networks.takes);
    });
  },
};

function isNetwork(text: string): boolean {
  const [start = '', bits, more] = text.split('/');
  const most = isIP(start) === 6 ? 128 : 32;
  const isBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return isIP(start) > 0 && isBits && more === undefined;
}

/** Of a site: scheme, host, port; the hub's paths come behind it. */
export const url: Kind<string> = {
  takes: 'a URL such as https://chat.example.org',
  parse: (raw) => {
    const text = String(raw).replace(/\/$/, '');
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text) return text;
    throw refusal(raw, url.takes);
  },
};

export const httpUrl: Kind<string> = {
  takes: 'a URL such as https://example.org/sign-in',
  parse: (raw) => {
    const text = String(raw);
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
    throw refusal(raw, httpUrl.takes);
  },
};

function whole(value: unknown, min: number, max: number, takes: string, raw = value): number {
  const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max) return number;
  throw refusal(raw, takes);
}

function nonEmpty(raw: unknown, takes: string): string {
  if (typeof raw === 'string' && raw !== '') return raw;
  throw refusal(raw, takes);
}

function refusal(raw: unknown, takes: string): Error {
  return new Error(`takes ${takes}, not ${JSON.stringify(raw) ?? String(raw)}`);
}
