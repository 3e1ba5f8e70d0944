/** Of the account that is signed in here; undefined on an open hub, where a name is a claim. */
let signedIn: string | undefined;

/** From now on every call carries this token, or the name alone. */
export function useToken(token: string | undefined): void {
  signedIn = token;
}

/** The token of the account that is signed in here: also the password of MQTT. */
export function currentToken(): string | undefined {
  return signedIn;
}

/** Bearer with a token, else Basic with the name alone. */
export function authorizationOf(user: string): { authorization: string } {
  return { authorization: signedIn === undefined ? `Basic ${btoa(`${user}:`)}` : `Bearer ${signedIn}` };
}
