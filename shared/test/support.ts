import { ParleyError } from '@parley/shared';
import { expect } from 'chai';

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}

/** The ParleyError that the work throws; anything else, or nothing, fails the test. */
export function refusal(work: () => unknown): ParleyError {
  let value: unknown;
  try {
    value = work();
  } catch (error) {
    expect(error).to.be.instanceOf(ParleyError);
    return error as ParleyError;
  }
  return expect.fail(`expected a refusal, got ${JSON.stringify(value)}`);
}

/** For decoders fed with anything at all: they answer, or refuse with the one code that malformed payloads have. */
export function decodesOrRefuses(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    expect(error).to.be.instanceOf(ParleyError).with.property('code', 'payload-invalid');
  }
}
