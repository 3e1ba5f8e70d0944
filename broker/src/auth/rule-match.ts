/** One level of a rule's filter: text, a wildcard, or a variable such as `${user}`. */
export type RuleLevel = string;

/** Whom rules are asked about. */
export interface Subject {
  readonly name: string;
  /** Client id as one topic level, empty over HTTP. */
  readonly client: string;
  readonly device: string | undefined;
  isMember(channel: string): boolean;
}

export const variables = ['${user}', '${device}', '${client}', '${channel}'] as const;

/** Whether a filter with variables matches a topic (MQTT 5.0 §4.7): `#` and `+` first match none that begins with `$`. */
export function matchesTopic(filter: readonly RuleLevel[], topic: readonly string[], subject: Subject): boolean {
  if (topic[0]!.startsWith('$') && (filter[0] === '+' || filter[0] === '#')) return false;
  for (const [index, level] of filter.entries()) {
    if (level === '#') return true;
    const given = topic[index];
    if (given === undefined || !matchesLevel(level, given, subject)) return false;
  }
  return filter.length === topic.length;
}

function matchesLevel(level: RuleLevel, given: string, subject: Subject): boolean {
  const { name, client, device } = subject;
  if (level === '+') return true;
  if (level === '${user}') return given === name;
  if (level === '${device}') return given === device;
  if (level === '${client}') return client !== '' && given === client;
  return level === '${channel}' ? subject.isMember(given) : level === given;
}

/** A rule's filter with its variables filled in; `exact` is false where one became `+`. Undefined: it can match nothing. */
export function fill(
  levels: readonly RuleLevel[],
  { name, client, device }: Subject,
): { filter: string; exact: boolean } | undefined {
  const filled = levels.map((level) => {
    if (level === '${user}') return name;
    if (level === '${device}') return device;
    if (level === '${client}') return client === '' ? undefined : client;
    return level === '${channel}' ? '+' : level;
  });
  if (filled.includes(undefined)) return undefined;
  return { filter: filled.join('/'), exact: !levels.includes('${channel}') };
}

/** Whether everything that one filter matches is matched by another. */
export function covers(wide: string, narrow: string): boolean {
  const [outer, inner] = [wide.split('/'), narrow.split('/')];
  if (inner[0]!.startsWith('$') && (outer[0] === '+' || outer[0] === '#')) return false;
  for (const [index, level] of outer.entries()) {
    if (level === '#') return true;
    const other = inner[index];
    if (other === undefined || other === '#') return false;
    if (level !== '+' && level !== other) return false;
  }
  return outer.length === inner.length;
}
