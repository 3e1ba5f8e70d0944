import type { TopicNode } from './node.ts';

/** One line of the tree as it is shown. */
export interface Row {
  readonly node: TopicNode;
  /** 0 for the first level. */
  readonly depth: number;
  readonly open: boolean;
}

/** The lines of all open levels; with words to find, of every topic that has them in its name, and of what is above. */
export function rowsOf(root: TopicNode, find = ''): Row[] {
  const rows: Row[] = [];
  const needle = find.trim().toLowerCase();
  for (const child of root.children) {
    if (needle === '') addOpen(rows, child, 0);
    else addFound(rows, child, 0, needle);
  }
  return rows;
}

function addOpen(rows: Row[], node: TopicNode, depth: number): void {
  const open = node.open && node.children.length > 0;
  rows.push({ node, depth, open });
  if (open) for (const child of node.children) addOpen(rows, child, depth + 1);
}

/** @returns whether the level or one below it has the words in its name */
function addFound(rows: Row[], node: TopicNode, depth: number, needle: string): boolean {
  const at = rows.length;
  rows.push({ node, depth, open: node.children.length > 0 });
  let found = node.path.toLowerCase().includes(needle);
  for (const child of node.children) found = addFound(rows, child, depth + 1, needle) || found;
  if (!found) rows.length = at;
  return found;
}
