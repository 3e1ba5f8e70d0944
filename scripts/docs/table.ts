/** Said on top of every generated page. */
const NOTE = '<!-- Generated, do not edit: npm run docs -->';

export interface Page {
  readonly title: string;
  /** Paragraphs above the table. */
  readonly intro: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One Markdown page with one table. The same input always gives the same text. */
export function renderPage({ title, intro, columns, rows }: Page): string {
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escape).join(' | ')} |`);
  return [`# ${title}`, NOTE, ...intro, lines.join('\n')].join('\n\n') + '\n';
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** A pipe would end the cell, in code too. */
function escape(cell: string): string {
  return cell.replaceAll('|', String.raw`\|`);
}
