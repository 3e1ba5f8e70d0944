import type { HubOptions } from '../options/table.ts';

/** The page that accepts an invite. Its code is behind the `#`, which a browser sends to nobody, so no log has it. */
export function inviteUrl(
  { publicUrl, tlsCert, host }: Pick<HubOptions, 'publicUrl' | 'tlsCert' | 'host'>,
  port: number,
  code: string,
): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `${publicUrl ?? `${tlsCert === undefined ? 'http' : 'https'}://${name}:${port}`}/invite#${code}`;
}
