export interface Credentials {
  /** Of MQTT's CONNECT. */
  readonly password: () => Promise<string | undefined>;
  /** The value of HTTP's `Authorization`: Bearer with a token, else Basic with the name alone. */
  readonly authorization: () => Promise<string>;
}

export type Token = string | (() => string | Promise<string>) | undefined;

export function credentialsOf(user: string, token: Token): Credentials {
  const password = async (): Promise<string | undefined> => (typeof token === 'function' ? token() : token);
  return {
    password,
    authorization: async () => {
      const value = await password();
      return value === undefined ? `Basic ${btoa(`${user}:`)}` : `Bearer ${value}`;
    },
  };
}
