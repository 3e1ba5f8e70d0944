/**
 * Templates of Home Assistant (Jinja 2). Names are written into them as strings, so only plain ones are taken: nothing a
 * device calls itself may become part of a program.
 */
const PLAIN = /^[\p{L}\p{N}_ .:/-]{1,128}$/u;

export function isPlain(name: string): boolean {
  return PLAIN.test(name);
}

/**
 * Puts the newest value of a metric into `ns.v`, from a flat object or from a SenML pack (RFC 8428 §4: base names and
 * values hold until the next ones, and a metric is the last part of its name). It stays empty when there is none, and
 * Home Assistant passes over an empty state.
 */
function found(metric: string): string {
  const name = JSON.stringify(metric);
  return (
    `{% set ns = namespace(v='', b='', o=0) %}` +
    `{% if value_json is mapping %}{% set ns.v = value_json[${name}] | default('') %}` +
    `{% elif value_json is iterable and value_json is not string %}{% for r in value_json %}` +
    `{% set ns.b = r.bn | default(ns.b) %}{% set ns.o = r.bv | default(ns.o) %}` +
    `{% if ((ns.b ~ (r.n | default(''))) | replace(':', '/')).split('/') | select | list | last == ${name} %}` +
    `{% set ns.v = (r.v + ns.o) if r.v is defined else r.vb | default(r.vs | default(ns.v)) %}` +
    `{% endif %}{% endfor %}{% endif %}`
  );
}

export function value(metric: string): string {
  return `${found(metric)}{{ ns.v }}`;
}

/** `on`, `off`, or nothing. Numbers are taken as C does. */
export function onOff(metric: string): string {
  return `${found(metric)}{% if ns.v is not string %}{{ 'on' if ns.v else 'off' }}{% endif %}`;
}

/** The args of a command with one value in it, which `{{ value }}` stands for. */
export function args(property: string | undefined, written: string): string {
  return property === undefined ? `{"args":${written}}` : `{"args":{${JSON.stringify(property)}:${written}}}`;
}
