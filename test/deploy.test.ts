import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startTestHub } from '../broker/test/support/hub.ts';
import { read } from './support.ts';

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly expr: string; readonly refId: string }[];
  }[];
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly for?: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string };
    }[];
  }[];
}

const dashboard = JSON.parse(read('deploy/grafana-dashboard.json')) as Dashboard;
const rules = (parse(read('deploy/prometheus-rules.yml')) as Rules).groups.flatMap((group) => group.rules);
const unit = read('deploy/parley.service');

/** Names of metrics in an expression of PromQL: what has a prefix of ours or of prom-client. */
function metricsOf(expression: string): string[] {
  return expression.match(/\b(?:parley|process|nodejs)_\w+/g) ?? [];
}

describe('what deploy/ has for Prometheus and Grafana', () => {
  it('asks only for metrics that a hub has', async () => {
    await using hub = await startTestHub();
    const text = await (await fetch(`${hub.httpUrl}/metrics`)).text();
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!));
    const expressions = [
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...rules.map(({ expr }) => expr),
    ];

    const asked = expressions.flatMap(metricsOf);

    expect(asked.length).to.be.above(20);
    expect(asked.filter((name) => !known.has(name))).to.deep.equal([]);
  });

  it('has panels that do not lie on each other, each with something to show', () => {
    const cells = new Set<string>();
    for (const { title, gridPos, targets } of dashboard.panels) {
      expect(targets, title).not.to.deep.equal([]);
      expect(gridPos.x + gridPos.w, title).to.be.at.most(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x}/${y}`), title).to.equal(false);
          cells.add(`${x}/${y}`);
        }
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).to.equal(dashboard.panels.length);
  });

  it('has alert rules with a name of their own, a severity, a sentence, and causes that the hub counts', () => {
    const counters = read('broker/src/mqtt/counters.ts');
    for (const { alert, expr, labels, annotations } of rules) {
      expect(labels.severity, alert).to.be.oneOf(['warning', 'critical']);
      expect(annotations.summary, alert).to.match(/\.$|\?$/);
      for (const [, causes] of expr.matchAll(/cause=~?"([^"]+)"/g)) {
        for (const cause of causes!.split('|')) expect(counters, alert).to.include(`'${cause}'`);
      }
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).to.equal(rules.length);
  });
});

describe('deploy/parley.service', () => {
  it('starts the hub that is there, as a user of its own, on its own directory', () => {
    const [, script] = /^ExecStart=\/usr\/bin\/node (\S+) start$/m.exec(unit)!;

    expect(existsSync(script!)).to.equal(true);
    for (const line of ['User=parley', 'ProtectSystem=strict', 'NoNewPrivileges=yes', 'StateDirectory=parley']) {
      expect(unit.split('\n')).to.include(line);
    }
    expect(unit).to.include('PARLEY_DATA_DIR=/var/lib/parley');
  });

  it('is what systemd takes, where there is systemd', () => {
    if (!existsSync('/usr/bin/systemd-analyze')) return;
    const folder = mkdtempSync(join(tmpdir(), 'parley-unit-'));
    try {
      // Of this machine: the program, and a user that exists.
      const here = unit
        .replace('/usr/bin/node', process.execPath)
        .replace('WorkingDirectory=/opt/parley', `WorkingDirectory=${process.cwd()}`)
        .replaceAll(/^(User|Group)=parley$/gm, '$1=root');
      const file = join(folder, 'parley.service');
      writeFileSync(file, here);

      const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });

      const own = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('parley.service'));
      expect(own).to.deep.equal([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
