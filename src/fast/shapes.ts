import type { Bytes } from "./values.ts";

/**
 * The keys that an object has had so far, in their order: a node in a tree of all orders met in a file. The next key
 * is guessed from the object before and compared whole; a path through the tree has no key twice.
 */
export interface Shape<Field> {
  readonly parent: Shape<Field> | undefined;
  /** The last key as it stands in the file, with its quotes and the colon: in fours of bytes, the last masked. */
  readonly words: Int32Array;
  readonly lastMask: number;
  readonly keyBytes: number;
  readonly name: string;
  /** What is known of the property with this key; undefined for one that is not stored. */
  readonly field: Field | undefined;
  /** Objects that have this key are for the slow path. */
  readonly isDoubtful: boolean;
  readonly children: Shape<Field>[];
  predicted: Shape<Field> | undefined;
  /** The shapes of objects in the value of the last key. */
  inner: Shape<Field> | undefined;
  /** What has to be added to an object that ends here; `invalid` where it lacks what it must have. */
  missing: Buffer | "invalid" | undefined;
  /** How many accepted records end here. */
  records: number;
}

/** What a key means where it stands; `isDoubtful` for keys that the slow path has to see. */
export interface Meaning<Field> {
  readonly field: Field | undefined;
  readonly isDoubtful: boolean;
}

export function meanNothing(name: string): Meaning<never> {
  return { field: undefined, isDoubtful: name === "__proto__" };
}

/** Objects with ever other keys are for the slow path. */
const maxShapes = 5000;
const maxChildren = 40;
const maxKeyBytes = 200;
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** Says what a key means, the first one of its object or another. */
export type Mean<Field> = (name: string, isFirst: boolean) => Meaning<Field>;

/** All shapes of one file. */
export interface Shapes {
  count: number;
}

export function createRoot<Field>(): Shape<Field> {
  return createShape<Field>(undefined, Buffer.alloc(0), { field: undefined, isDoubtful: false });
}

function createShape<Field>(
  parent: Shape<Field> | undefined,
  key: Buffer,
  { field, isDoubtful }: Meaning<Field>,
): Shape<Field> {
  const padded = Buffer.alloc(Math.ceil(key.length / 4) * 4);
  key.copy(padded);
  const words = Int32Array.from({ length: padded.length / 4 }, (_, index) => padded.readInt32LE(index * 4));
  const rest = key.length % 4;
  return {
    parent,
    words,
    lastMask: rest === 0 ? -1 : 2 ** (8 * rest) - 1,
    keyBytes: key.length,
    name: key.toString("utf8", 1, key.length - 2),
    field,
    isDoubtful,
    children: [],
    predicted: undefined,
    inner: undefined,
    missing: undefined,
    records: 0,
  };
}

/** Whether the key of the shape, with its colon, stands at `from`. */
export function hasKeyAt<Field>({ words, lastMask }: Shape<Field>, view: DataView, from: number): boolean {
  const last = words.length - 1;
  for (let index = 0; index < last; index += 1)
    if (view.getInt32(from + index * 4, true) !== words[index]) return false;
  return (view.getInt32(from + last * 4, true) & lastMask) === words[last];
}

/**
 * The shape behind `shape` with the key at `from`, known or new; undefined on doubt: a key with escapes, that is
 * there already, or that is not followed by its colon at once.
 */
export function findNext<Field>(
  shapes: Shapes,
  shape: Shape<Field>,
  {
    bytes,
    view,
    mean,
    from,
  }: Pick<Bytes, "bytes" | "view"> & { readonly mean: Mean<Field>; readonly from: number },
): Shape<Field> | undefined {
  const known = shape.children.find((child) => hasKeyAt(child, view, from));
  if (known) {
    shape.predicted = known;
    return known;
  }
  const end = findKeyEnd(bytes, from);
  if (end < 0 || shapes.count >= maxShapes || shape.children.length >= maxChildren) return undefined;
  const key = Buffer.from(bytes.subarray(from, end));
  const name = key.toString("utf8", 1, key.length - 2);
  for (let at: Shape<Field> | undefined = shape; at?.parent; at = at.parent)
    if (at.name === name) return undefined;
  const next = createShape(shape, key, mean(name, shape.parent === undefined));
  shapes.count += 1;
  shape.children.push(next);
  shape.predicted = next;
  return next;
}

/** Behind the colon of the key that opens at `from`. */
function findKeyEnd(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== quote) return -1;
  for (let index = from + 1; index - from < maxKeyBytes; index += 1) {
    const byte = bytes[index] as number;
    if (byte < 0x20 || byte === backslash) return -1;
    if (byte === quote) return bytes[index + 1] === colon ? index + 2 : -1;
  }
  return -1;
}
