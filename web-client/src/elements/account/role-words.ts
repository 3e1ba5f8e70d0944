const known: Readonly<Record<string, string>> = {
  member: 'member',
  moderator: 'moderator',
  admin: 'administrator',
  device: 'device',
};

/** A role as people call it; those of a rule file have their own names. */
export function roleWords(role: string): string {
  return Object.hasOwn(known, role) ? known[role]! : role;
}
