import type { Cursor } from "./cursor.ts";
import type { Field } from "./plan.ts";
import { createRoot, findNext, hasKeyAt, meanNothing, type Shape } from "./shapes.ts";
import { skipNumber } from "./numbers.ts";
import { isNull, skipBoolean, skipSpace, skipString } from "./values.ts";

/** Objects and lists in each other: what is deeper is for the slow path. */
export const maxDepth = 32;

const comma = 0x2c;
const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Behind a value that is not stored; it must be JSON all the same, and no object in it may have a key twice. */
export function skipAny(cursor: Cursor, from: number, holder: Shape<Field>, depth: number): number {
  const { bytes } = cursor;
  switch (bytes[from]) {
    case quote:
      return skipString(cursor, from);
    case openBrace:
      return depth < maxDepth ? skipObject(cursor, from, (holder.inner ??= createRoot()), depth + 1) : -1;
    case openBracket:
      return depth < maxDepth ? skipList(cursor, from, holder, depth + 1) : -1;
    case 0x74:
    case 0x66:
      return skipBoolean(cursor, from);
    case 0x6e:
      return isNull(cursor, from) ? from + 4 : -1;
    default:
      return skipNumber(bytes, from);
  }
}

function skipList(cursor: Cursor, from: number, holder: Shape<Field>, depth: number): number {
  const { bytes } = cursor;
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === closeBracket) return at + 1;
  for (;;) {
    at = skipAny(cursor, at, holder, depth);
    if (at < 0) return -1;
    at = skipSpace(bytes, at);
    if (bytes[at] === closeBracket) return at + 1;
    if (bytes[at] !== comma) return -1;
    at = skipSpace(bytes, at + 1);
  }
}

function skipObject(cursor: Cursor, from: number, root: Shape<Field>, depth: number): number {
  const { bytes, view, shapes } = cursor;
  let shape = root;
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === closeBrace) return at + 1;
  for (;;) {
    const { predicted } = shape;
    const isPredicted = predicted !== undefined && hasKeyAt(predicted, view, at);
    const next = isPredicted
      ? predicted
      : findNext(shapes, shape, { bytes, view, mean: meanNothing, from: at });
    if (next === undefined || next.isDoubtful) return -1;
    shape = next;
    at = skipAny(cursor, skipSpace(bytes, at + next.keyBytes), next, depth);
    if (at < 0) return -1;
    at = skipSpace(bytes, at);
    if (bytes[at] === closeBrace) return at + 1;
    if (bytes[at] !== comma) return -1;
    at = skipSpace(bytes, at + 1);
  }
}
