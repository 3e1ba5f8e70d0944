// `npm test`: brings what the tests need from the system's packages, runs every test, ends with one line of counts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Program, or a file by its path, → Debian package. */
const needed = {
  chromium: 'chromium',
  mosquitto: 'mosquitto',
  mosquitto_sub: 'mosquitto-clients',
  'redis-server': 'redis-server',
  haproxy: 'haproxy',
  openssl: 'openssl',
  curl: 'curl',
  strace: 'strace',
  '/usr/lib/python3/dist-packages/paho/mqtt': 'python3-paho-mqtt',
  '/usr/lib/python3/dist-packages/jinja2': 'python3-jinja2',
};

bringPackages();
build();
process.exitCode = runMocha(process.argv.slice(2));

function bringPackages() {
  const missing = [...new Set(Object.keys(needed).filter((program) => !installed(program)))].map((one) => needed[one]);
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    console.error(`The tests need programs that are not installed. Run: sudo apt-get update && sudo ${install}`);
    process.exit(1);
  }
  console.log(`Installing ${missing.join(', ')} …`);
  const { status } = spawnSync('sh', ['-c', `apt-get update -qq && ${install} -qq > /dev/null`], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) process.exit(1);
}

/** The process tests run what users run: the built hub and page. */
function build() {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

function installed(program) {
  if (program.startsWith('/')) return existsSync(program);
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin', '/usr/local/bin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}

function runMocha(patterns) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const counts = join(folder, 'counts.json');
  const specs =
    patterns.length > 0 ? patterns : ['{shared,broker,device-sim,web-client}/test/**/*.test.ts', 'test/**/*.test.ts'];
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/mocha/bin/mocha.js',
      '--reporter',
      'scripts/counting-reporter.cjs',
      '--reporter-option',
      `counts=${counts}`,
      ...specs,
    ],
    { stdio: 'inherit', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } },
  );
  const { passed, failed } = existsSync(counts) ? JSON.parse(readFileSync(counts, 'utf8')) : { passed: 0, failed: 1 };
  rmSync(folder, { recursive: true });
  console.log(`${passed} passed, ${failed} failed`);
  return status === 0 && failed === 0 && passed > 0 ? 0 : 1;
}
