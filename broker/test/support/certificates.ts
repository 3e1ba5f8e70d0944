import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

/** A self-signed certificate for this machine. Gives the paths of its files. */
export function selfSigned(folder: string, name: string): { tlsCert: string; tlsKey: string } {
  const [tlsCert, tlsKey] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  openssl('req', '-x509', ...key, '-days', '2', '-keyout', tlsKey, '-out', tlsCert, ...names);
  return { tlsCert, tlsKey };
}

/** A client's certificate, signed by an authority that {@link selfSigned} made. */
export function signedBy(folder: string, authority: { tlsCert: string; tlsKey: string }, commonName: string) {
  const file = (end: string): string => join(folder, `${commonName}-${Buffer.from(authority.tlsCert).length}.${end}`);
  openssl('req', '-new', ...key, '-keyout', file('key'), '-out', file('csr'), '-subj', `/CN=${commonName}`);
  const by = ['-CA', authority.tlsCert, '-CAkey', authority.tlsKey, '-CAcreateserial', '-days', '2'];
  openssl('x509', '-req', '-in', file('csr'), ...by, '-out', file('pem'));
  return { cert: file('pem'), key: file('key') };
}
