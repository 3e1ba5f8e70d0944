import { ParleyError } from '../errors.ts';

/** Base64url without padding (RFC 4648 §5), as SenML writes its data values. */
export function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws ParleyError `payload-invalid` */
export function fromBase64Url(text: string): Uint8Array {
  if (!isBase64Url(text)) throw new ParleyError('payload-invalid', 'data value is not base64url without padding');
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
}

/** A single character behind full groups of four cannot carry a byte. */
export function isBase64Url(text: string): boolean {
  return /^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1;
}
