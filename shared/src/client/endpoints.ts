/** Where the hub is, for MQTT and for HTTP. */
export interface Endpoints {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:`. */
  readonly mqttUrl: string;
  /** Without a slash at its end. */
  readonly httpUrl: string;
}

/** The hub's HTTP port unless it was told another. */
const HTTP_PORT = '8080';
const websocketOf: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
};
const httpOf: Readonly<Record<string, string>> = {
  'ws:': 'http:',
  'wss:': 'https:',
  'mqtt:': 'http:',
  'mqtts:': 'https:',
};

/**
 * @param url `http(s)://host[:port]`, `ws(s)://host[:port]/mqtt`, or in Node `mqtt(s)://host[:port]`
 * @param httpUrl where the HTTP API is; needed with `mqtt:` when it is not at port 8080 of the same host
 * @throws TypeError for a URL that is none of these
 */
export function endpointsOf(url: string, httpUrl?: string): Endpoints {
  const { protocol, hostname, host, pathname } = new URL(url);
  const overTcp = protocol === 'mqtt:' || protocol === 'mqtts:';
  if (!overTcp && !websocketOf[protocol]) throw new TypeError(`${url} is not an http, ws or mqtt URL`);
  const mqttUrl = overTcp ? url : `${websocketOf[protocol]}//${host}${mqttPath(pathname)}`;
  const http =
    httpUrl ?? `${httpOf[protocol] ?? protocol}//${overTcp ? `${hostname}:${HTTP_PORT}` : host}${base(pathname)}`;
  return { mqttUrl, httpUrl: http.replace(/\/+$/, '') };
}

/** A hub behind a path prefix has its WebSocket below it too. */
function mqttPath(path: string): string {
  return `${base(path)}/mqtt`;
}

function base(path: string): string {
  return path.replace(/\/+$/, '').replace(/\/mqtt$/, '');
}
