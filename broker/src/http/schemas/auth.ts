const text = { type: 'string' };
const name = { type: 'string', maxLength: 64 };
const secret = { type: 'string', maxLength: 4096 };
const time = { type: 'integer', description: 'ms since the Unix epoch' };
const names = { type: 'array', items: text };

interface ObjectSchema {
  readonly properties: Record<string, object>;
}

function object(properties: Record<string, object>, required: readonly string[], title?: string): ObjectSchema {
  const named = title === undefined ? {} : { title };
  const schema = { ...named, type: 'object', required, properties };
  return schema;
}

function strict(properties: Record<string, object>, required: readonly string[]): ObjectSchema {
  const schema = { ...object(properties, required), additionalProperties: false };
  return schema;
}

function listOf(key: string, items: object): object {
  return object({ [key]: { type: 'array', items } }, [key]);
}

export const loginBody = strict({ user: name, password: secret }, ['user', 'password']);
export const passwordBody = strict({ password: secret, newPassword: secret }, ['password', 'newPassword']);
export const lookUpBody = strict({ code: { type: 'string', maxLength: 128 } }, ['code']);
export const acceptBody = strict({ code: { type: 'string', maxLength: 128 }, user: name, password: secret }, [
  'code',
  'user',
  'password',
]);

export const signedInSchema = object(
  { user: text, roles: names, token: text, expiresAt: time },
  ['user', 'roles', 'token', 'expiresAt'],
  'SignedIn',
);
export const meSchema = object(
  {
    user: text,
    kind: { enum: ['person', 'device'] },
    roles: names,
    hasPassword: { type: 'boolean' },
    administers: { type: 'boolean' },
    channels: names,
    expiresAt: time,
  },
  ['user', 'kind', 'roles', 'hasPassword', 'administers'],
  'Me',
);

const invitation = { roles: names, user: text, by: text, createdAt: time, expiresAt: time };
export const invitationSchema = object(invitation, ['roles', 'by', 'expiresAt'], 'Invitation');
const invite = object({ id: text, ...invitation }, ['id', 'roles', 'by', 'expiresAt'], 'Invite');
export const invitesSchema = listOf('invites', invite);
export const inviteSchema = object({ code: text, url: text, invite }, ['code', 'url', 'invite']);

export const accountSchema = object(
  {
    name: text,
    kind: { enum: ['person', 'device'] },
    roles: names,
    createdAt: time,
    hasPassword: { type: 'boolean' },
    external: { type: 'boolean' },
  },
  ['name', 'kind', 'roles', 'createdAt', 'hasPassword', 'external'],
  'Account',
);
export const accountsSchema = listOf('accounts', accountSchema);

const issuedRow = {
  id: text,
  kind: { enum: ['session', 'access'] },
  createdAt: time,
  signedInAt: time,
  expiresAt: time,
  label: text,
  channels: names,
  current: { type: 'boolean' },
};
export const tokensSchema = listOf(
  'tokens',
  object(issuedRow, ['id', 'kind', 'createdAt', 'expiresAt'], 'IssuedToken'),
);
export const issuedSchema = object({ token: text, id: text, expiresAt: time }, ['token', 'id', 'expiresAt']);

const entry = { at: time, event: text, by: text, to: text, address: text, detail: text };
export const auditSchema = listOf('entries', object(entry, ['at', 'event', 'by'], 'AuditEntry'));
export const auditQuery = strict({ limit: { type: 'integer' }, before: { type: 'number' } }, []);

export const rolesSchema = listOf('roles', text);
export const decisionSchema = object(
  { allowed: { type: 'boolean' }, because: text },
  ['allowed', 'because'],
  'Decision',
);
export const explainQuery = strict({ who: name, action: text, topic: text, client: text }, ['who', 'action', 'topic']);

export const accountParams = object({ name: text }, ['name']);
export const accountTokenParams = object({ name: text, id: text }, ['name', 'id']);
export const tokenParams = object({ id: text }, ['id']);
