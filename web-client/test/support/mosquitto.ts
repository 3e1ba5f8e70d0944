import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Hub } from '@parley/broker';

/** The real mosquitto_pub, once. */
export async function mosquittoPub(port: number, args: readonly string[]): Promise<void> {
  const child = spawn('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(port), ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}`);
}

export interface Subscriber extends AsyncDisposable {
  /** Everything printed so far. */
  printed(): string;
}

/** The real mosquitto_sub; subscribed when this resolves. It says so to nobody but the hub: its output is buffered. */
export async function mosquittoSub({ aedes, ports }: Hub, topic: string): Promise<Subscriber> {
  const subscribed = new Promise<void>((resolve) => {
    const heard = (_: unknown, { id }: { id: string }): void => {
      if (id !== 'terminal') return;
      aedes.off('subscribe', heard);
      resolve();
    };
    aedes.on('subscribe', heard);
  });
  const args = ['-h', '127.0.0.1', '-p', String(ports.mqtt), '-i', 'terminal', '-t', topic, '-q', '1'];
  const child = spawn('mosquitto_sub', args);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await Promise.race([subscribed, once(child, 'error').then(([error]) => Promise.reject(error as Error))]);
  return {
    printed: () => text,
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'close');
      child.kill();
      await gone;
    },
  };
}
