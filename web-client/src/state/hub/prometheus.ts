/** One number of a Prometheus text page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?$/;
const label = /\s*([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"\s*,?/y;

/** The samples of a page in Prometheus' text format 0.0.4; comments and lines that are none are passed over. */
export function samplesOf(page: string): Sample[] {
  return page.split('\n').flatMap((source) => {
    const found = line.exec(source.trim());
    if (!found) return [];
    const [, name = '', labels, number = ''] = found;
    const value = numberOf(number);
    const own = labels === undefined ? {} : labelsOf(labels);
    return value === undefined || !own ? [] : [{ name, labels: own, value }];
  });
}

function labelsOf(source: string): Record<string, string> | undefined {
  const labels: [string, string][] = [];
  label.lastIndex = 0;
  while (label.lastIndex < source.length) {
    const found = label.exec(source);
    if (!found) return undefined;
    labels.push([found[1]!, found[2]!.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one))]);
  }
  return Object.fromEntries(labels);
}

function numberOf(source: string): number | undefined {
  if (/^[+-]?Inf$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  const value = Number(source);
  return Number.isNaN(value) ? undefined : value;
}
