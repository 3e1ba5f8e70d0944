/** Gives the text to the browser as a file to keep. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then; it holds the bytes as long as the URL lives.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
