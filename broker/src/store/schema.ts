import { randomUUID } from 'node:crypto';
import { decodeValue, encodeValue } from './codec.ts';
import { StoreError } from './errors.ts';
import { corrupt } from './inspect.ts';
import { encodeKey } from './keys.ts';
import { META, TABLE } from './layout.ts';
import { RESTORING, STORE_TABLE } from './restore.ts';
import type { Changes, Tree } from './tree.ts';

/** Raised with every change of the layout or the codecs that an older version could not read. */
const VERSION = 3;

/** Gives what changes from one version to the next; it is committed together with the new version. */
export type Migration = (tree: Tree) => Changes;

export interface Schema {
  readonly version: number;
  /** By the version they start from. */
  readonly migrations: Readonly<Record<number, Migration>>;
}

/**
 * By the version they start from. 2 numbers the PUBREC in delivery marks; without a number one comes first. 3 keeps the
 * search index in segments: the hub writes it anew and removes the old rows while it runs, as they are many.
 */
const steps: Schema['migrations'] = { 1: () => new Map(), 2: () => new Map() };

export const currentSchema: Schema = { version: VERSION, migrations: steps };

const SCHEMA_KEY = `${META}schema`;
const OPENED_KEY = `${META}opened`;

interface SchemaRecord {
  readonly version: number;
  readonly id: string;
}

/** What is known of a store from the start on. */
export interface Life {
  /** Made at random with the store. */
  readonly id: string;
  /** How often it was opened before. */
  readonly opened: number;
}

/** Brings the store to this version, or refuses it. */
export function prepare(tree: Tree, file: string, { version, migrations }: Schema): Life {
  const { id, version: found } = readRecord(tree, file) ?? create(tree, version);
  if (found > version) {
    throw new StoreError(
      'store-newer',
      `the store ${file} has schema ${found}, this version of Parley knows up to ${version}: start the newer one`,
    );
  }
  for (let from = found; from < version; from++) {
    const migrate = migrations[from];
    if (!migrate) throw new StoreError('store-newer', `the store ${file} has schema ${from}, which is not supported`);
    const changes = migrate(tree);
    tree.writeNow(changes.set(SCHEMA_KEY, encodeValue({ version: from + 1, id } satisfies SchemaRecord)));
    tree.refresh();
  }
  if (tree.get(TABLE + encodeKey(STORE_TABLE, RESTORING))) {
    throw new StoreError('store-unfinished', `a restore into ${file} was not finished: delete it and restore again`);
  }
  return { id, opened: countOpening(tree) };
}

function readRecord(tree: Tree, file: string): SchemaRecord | undefined {
  const bytes = tree.get(SCHEMA_KEY);
  if (bytes) return decodeValue(bytes) as SchemaRecord;
  const [any] = tree.read({ from: '\0', to: '\xff', reverse: false, limit: 1 });
  if (any) throw corrupt(file, 'it has no schema');
  return undefined;
}

function create(tree: Tree, version: number): SchemaRecord {
  const record: SchemaRecord = { version, id: randomUUID() };
  tree.writeNow(new Map([[SCHEMA_KEY, encodeValue(record)]]));
  tree.refresh();
  return record;
}

function countOpening(tree: Tree): number {
  const bytes = tree.get(OPENED_KEY);
  const opened = bytes ? (decodeValue(bytes) as number) : 0;
  try {
    tree.writeNow(new Map([[OPENED_KEY, encodeValue(opened + 1)]]));
    tree.refresh();
  } catch {
    // On a full disk the hub still starts, to be read and to deliver.
  }
  return opened;
}
