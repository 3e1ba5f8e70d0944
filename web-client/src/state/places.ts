/** Something one can go to or do, by typing a part of its name. */
export interface Goal {
  readonly key: string;
  readonly name: string;
  readonly kind: 'channel' | 'person' | 'device' | 'page' | 'action';
  readonly unread: number;
}

const SHOWN = 50;

/**
 * Goals that fit what is typed, the best first: names that begin with it, then parts that begin with it, then letters of
 * it in order. With nothing typed, what is unread comes first.
 */
export function fitting(goals: readonly Goal[], typed: string): Goal[] {
  const wanted = typed.trim().toLowerCase().replace(/^[#@]/, '');
  const ranked = goals.flatMap((goal) => {
    const rank = rankOf(goal.name.toLowerCase(), wanted);
    return rank === undefined ? [] : [{ goal, rank: rank - (wanted === '' && goal.unread > 0 ? 1 : 0) }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, SHOWN)
    .map(({ goal }) => goal);
}

function rankOf(name: string, wanted: string): number | undefined {
  if (name.startsWith(wanted)) return 0;
  if (name.split(/[\s_-]/).some((part) => part.startsWith(wanted))) return 1;
  if (name.includes(wanted)) return 2;
  let at = 0;
  for (const letter of name) if (letter === wanted[at]) at++;
  return at === wanted.length ? 3 : undefined;
}
