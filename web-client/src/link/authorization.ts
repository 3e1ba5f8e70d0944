/** Basic with the name alone: on an open hub a name is a claim. */
export function authorizationOf(user: string): { authorization: string } {
  return { authorization: `Basic ${btoa(`${user}:`)}` };
}
