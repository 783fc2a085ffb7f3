import { addMissing, leaveOut, type Cursor } from "./cursor.ts";
import { readLeaf, readNull } from "./leaves.ts";
import type { Field } from "./plan.ts";
import { createRoot, findNext, hasKeyAt, type Shape } from "./shapes.ts";
import { maxDepth, skipAny } from "./unknown.ts";
import { skipSpace } from "./values.ts";

const comma = 0x2c;
const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const startOfNull = 0x6e;

/** What an object is read by, and the shape that it was found to have. */
export interface Frame {
  readonly field: Field;
  shape: Shape<Field>;
  readonly depth: number;
}

/**
 * Reads the object that opens at `from`: what is not stored is left out, what it lacks is added as null. Returns the
 * index behind it, −1 on doubt.
 */
function readObject(cursor: Cursor, from: number, frame: Frame): number {
  const { bytes } = cursor;
  let at = skipSpace(bytes, from + 1);
  let keptEnd = from + 1;
  let isFirst = true;
  let isCut = false;
  while (bytes[at] === quote) {
    const next = nextShape(cursor, at, frame);
    if (next === undefined || next.isDoubtful) return -1;
    frame.shape = next;
    const { field } = next;
    if (field === undefined) isCut = true;
    else if (isCut) {
      leaveOut(cursor, keptEnd, { from: at, isFirst });
      isCut = false;
    }
    const valueAt = skipSpace(bytes, at + next.keyBytes);
    const end =
      field === undefined
        ? skipAny(cursor, valueAt, next, frame.depth)
        : readValue(cursor, valueAt, { field, shape: next, depth: frame.depth });
    if (end < 0) return -1;
    if (field !== undefined) {
      keptEnd = end;
      isFirst = false;
    }
    at = skipSpace(bytes, end);
    if (bytes[at] !== comma) break;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] !== quote) return -1;
  }
  if (bytes[at] !== closeBrace) return -1;
  const missing = (frame.shape.missing ??= missingOf(frame.shape, frame.field));
  if (missing === "invalid") return -1;
  if (isCut || missing.length > 0) addMissing(cursor, missing, { keptEnd, brace: at, isFirst });
  return at + 1;
}

/** The shape that the key at `from` leads to; undefined on doubt. */
export function nextShape(
  { bytes, view, shapes }: Cursor,
  from: number,
  { field, shape }: Frame,
): Shape<Field> | undefined {
  const { predicted } = shape;
  if (predicted !== undefined && hasKeyAt(predicted, view, from)) return predicted;
  return findNext(shapes, shape, { bytes, view, mean: field.mean, from });
}

/** Whether an object that ends here lacks what it must have. */
export function isInvalid({ shape, field }: Frame): boolean {
  return (shape.missing ??= missingOf(shape, field)) === "invalid";
}

/** The nulls for what an object of this shape lacks. */
function missingOf(shape: Shape<Field>, { fields, required }: Field): Buffer | "invalid" {
  const names = new Set<string>();
  for (let at: Shape<Field> | undefined = shape; at?.parent; at = at.parent) names.add(at.name);
  if (!required.every((name) => names.has(name))) return "invalid";
  const missing = [...fields.keys()].filter((name) => !names.has(name));
  return Buffer.from(missing.map((name) => `${JSON.stringify(name)}:null`).join(","));
}

/** Reads a value that is stored; `shape` is that of the key before it. */
export function readValue(cursor: Cursor, from: number, { field, shape, depth }: Frame): number {
  const first = cursor.bytes[from];
  if (first === startOfNull) return readNull(cursor, from, field);
  if (field.kind === "list")
    return first === openBracket ? readList(cursor, from, { field, shape, depth }) : -1;
  if (field.kind !== "object") return readLeaf(cursor, from, field);
  if (first !== openBrace || depth >= maxDepth) return -1;
  return readObject(cursor, from, { field, shape: (shape.inner ??= createRoot()), depth: depth + 1 });
}

function readList(cursor: Cursor, from: number, { field, shape, depth }: Frame): number {
  const { bytes } = cursor;
  const { items } = field;
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === closeBracket) return at + 1;
  if (items === undefined || depth >= maxDepth) return -1;
  const frame = { field: items, shape, depth: depth + 1 };
  for (;;) {
    at = readValue(cursor, at, frame);
    if (at < 0) return -1;
    at = skipSpace(bytes, at);
    if (bytes[at] === closeBracket) return at + 1;
    if (bytes[at] !== comma) return -1;
    at = skipSpace(bytes, at + 1);
  }
}
