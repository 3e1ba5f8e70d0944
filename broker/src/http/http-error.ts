/** A mistake in a request that a protocol has a status for; it is answered with the code `request-invalid`. */
export function httpError(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}
