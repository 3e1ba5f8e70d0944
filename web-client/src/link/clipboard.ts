/**
 * Copies a text, at the wish of the user. Pages of a plain http origin have no Clipboard API: there the older command
 * copies what is selected (HTML Living Standard, W3C Clipboard API §11).
 * @param within where a field may have the focus for a moment: inside of the dialog, when one is open
 * @returns whether it is on the clipboard
 */
export async function copyText(text: string, within: ParentNode & Node = document.body): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, within);
  }
}

function copySelected(text: string, within: ParentNode & Node): boolean {
  const focused = within.getRootNode() instanceof ShadowRoot ? null : document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  Object.assign(field.style, { position: 'fixed', top: '0', opacity: '0' });
  within.append(field);
  field.select();
  try {
    // oxlint-disable-next-line no-deprecated -- nothing else copies on a plain http origin
    return document.execCommand('copy');
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
