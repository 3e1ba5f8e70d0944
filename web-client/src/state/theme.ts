import type { Memory } from './memory.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'parley:theme';

export function rememberedTheme(memory: Memory): Theme {
  const kept = memory.getItem(KEY);
  return themes.find((theme) => theme === kept) ?? 'system';
}

export function rememberTheme(memory: Memory, theme: Theme): void {
  if (theme === 'system') memory.removeItem(KEY);
  else memory.setItem(KEY, theme);
}
