export interface Credentials {
  /** Of MQTT's CONNECT. */
  readonly password: () => Promise<string | undefined>;
  /** The value of HTTP's `Authorization`: Bearer with a token, else Basic with the name alone; none beside a cookie. */
  readonly authorization: () => Promise<string | undefined>;
}

export type Token = string | (() => string | undefined | Promise<string | undefined>) | undefined;

export function credentialsOf(user: string, token: Token): Credentials {
  const password = async (): Promise<string | undefined> => (typeof token === 'function' ? token() : token);
  return {
    password,
    authorization: async () => {
      const value = await password();
      if (value !== undefined) return `Bearer ${value}`;
      return token === undefined ? `Basic ${btoa(`${user}:`)}` : undefined;
    },
  };
}
