import * as readline from 'node:readline';
import { styleText } from 'node:util';
import { colourOf } from './format.ts';
import type { Paint } from './format.ts';

/** Where lines come from and entries go to: a person's terminal or pipes. */
export interface Terminal {
  readonly interactive: boolean;
  /** Input lines until the input ends or the signal aborts. */
  readonly lines: AsyncIterable<string>;
  /** A name in its colour, where there are colours. */
  readonly paint: Paint;
  /** An entry. */
  say(text: string): void;
  /** A quiet line about what goes on around the entries. */
  note(text: string): void;
  /** Something went wrong; standard error. */
  warn(text: string): void;
  close(): void;
}

/**
 * @param plain nothing but entries on standard output, and no prompt: for programs that read it
 * @param stop called at Ctrl-C, which a terminal in raw mode does not turn into a signal
 */
export function openTerminal(plain: boolean, signal: AbortSignal, stop: () => void): Terminal {
  const { stdin: input, stdout: output } = process;
  const interactive = !plain && input.isTTY && output.isTTY;
  // https://no-color.org
  const isColoured = interactive && !process.env['NO_COLOR'];
  const screen = readline.createInterface({
    input,
    signal,
    terminal: interactive,
    historySize: interactive ? 100 : 0,
    ...(interactive && { output, prompt: '> ' }),
  });
  // Asked for at once: lines that come before anyone asks would be lost.
  const lines = screen[Symbol.asyncIterator]();
  const write = interactive ? aboveThePrompt(screen) : (text: string) => void output.write(`${text}\n`);
  if (interactive) {
    screen.on('SIGINT', stop);
    screen.on('line', (line) => takeBack(line, screen));
    screen.prompt();
  }
  const dim = (text: string): string => (isColoured ? styleText('dim', text) : text);
  return {
    interactive,
    lines: { [Symbol.asyncIterator]: () => lines },
    paint: (name) => (isColoured ? styleText(colourOf(name), name) : name),
    say: write,
    note: plain ? (text) => console.error(text) : (text) => write(dim(`\u2014 ${text}`)),
    warn: interactive ? write : (text) => console.error(text),
    close: () => screen.close(),
  };
}

/** Writes where the prompt is, and the prompt with what has been typed below it again. */
function aboveThePrompt(screen: readline.Interface): (text: string) => void {
  const { stdout: output } = process;
  return (text) => {
    readline.moveCursor(output, 0, -screen.getCursorPos().rows);
    readline.cursorTo(output, 0);
    readline.clearScreenDown(output);
    output.write(`${text}\n`);
    // readline would go up by the rows of its last refresh, into what was just written.
    Reflect.set(screen, 'prevRows', 0);
    screen.prompt(true);
  };
}

/** A sent line comes back as an entry of the log; until then it should not look like one. */
function takeBack(line: string, screen: readline.Interface): void {
  const { stdout: output } = process;
  const rows = Math.ceil((screen.getPrompt().length + line.length + 1) / (output.columns || 80));
  readline.moveCursor(output, 0, -rows);
  readline.clearScreenDown(output);
  screen.prompt();
}
