import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export interface SmallDisk extends AsyncDisposable {
  /** A command line that runs another one where the disk is mounted. */
  inside(command: string, ...args: string[]): [string, string[]];
  /** Leaves no byte free. */
  fill(): void;
  /** Takes back what {@link fill} wrote. */
  free(): void;
  remountReadOnly(): void;
}

/** A tmpfs of some MiB over an empty directory, in a mount namespace of its own: it needs no rights and is gone with it. */
export async function mountSmallDisk(directory: string, mebibytes: number): Promise<SmallDisk> {
  const mount = `mount -t tmpfs -o size=${mebibytes}m tmpfs "$0" && echo mounted && exec sleep infinity`;
  const holder = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', mount, directory]);
  let errors = '';
  holder.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await Promise.race([
    once(holder.stdout, 'data'),
    once(holder, 'close').then(() => {
      throw new Error(`no disk could be mounted: ${errors}`);
    }),
  ]);
  const inside: SmallDisk['inside'] = (command, ...args) => [
    'nsenter',
    ['--target', `${holder.pid}`, '--user', '--mount', '--preserve-credentials', command, ...args],
  ];
  const ballast = `${directory}/ballast`;
  const run = (...command: [string, ...string[]]): void => void spawnSync(...inside(...command));
  return {
    inside,
    fill: () => run('dd', 'if=/dev/zero', `of=${ballast}`, 'bs=64k'),
    free: () => run('rm', ballast),
    remountReadOnly: () => run('mount', '-o', 'remount,ro', directory),
    [Symbol.asyncDispose]: async () => {
      holder.kill('SIGKILL');
      if (holder.exitCode === null && holder.signalCode === null) await once(holder, 'close');
    },
  };
}
