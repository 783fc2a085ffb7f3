import { flush, type Cursor } from "./cursor.ts";
import type { Field } from "./plan.ts";
import { skipInteger, skipPlainNumber } from "./numbers.ts";
import { isConcealed, readUuid, skipDay, skipTime, uuidBytes } from "./texts.ts";
import { isNull, skipBoolean, skipString } from "./values.ts";

const quote = 0x22;

/** Behind the null of a stored property; −1 where it must have a value. */
export function readNull(cursor: Cursor, from: number, { isNullable, index }: Field): number {
  if (!isNullable || !isNull(cursor, from)) return -1;
  if (index >= 0) cursor.nulls.push(index);
  return from + 4;
}

/** Behind a stored value that is no list and no object; −1 on doubt. */
export function readLeaf(cursor: Cursor, from: number, field: Field): number {
  const { bytes } = cursor;
  switch (field.kind) {
    case "text":
      return readText(cursor, from, field);
    case "uuid":
      return readUuidText(cursor, from);
    case "date":
      return bytes[from] === quote ? closeText(bytes, skipDay(bytes, from + 1)) : -1;
    case "date-time":
      return bytes[from] === quote ? closeText(bytes, skipTime(bytes, from + 1)) : -1;
    case "integer":
      return notBelow(cursor, from, { field, end: skipInteger(bytes, from) });
    case "number":
      return notBelow(cursor, from, { field, end: skipPlainNumber(bytes, from) });
    case "boolean":
      return skipBoolean(cursor, from);
    default:
      return -1;
  }
}

function closeText(bytes: Uint8Array, at: number): number {
  return at >= 0 && bytes[at] === quote ? at + 1 : -1;
}

function readText(cursor: Cursor, from: number, { isFilled, isConcealable, index }: Field): number {
  const { bytes, escapes } = cursor;
  if (bytes[from] !== quote) return -1;
  const end = skipString(cursor, from);
  if (isFilled && end === from + 2) return -1;
  if (isConcealable && index >= 0 && end >= 0) {
    if (cursor.escapes > escapes) return -1;
    if (isConcealed(bytes, from + 1, end - 1)) cursor.concealed.push(index);
  }
  return end;
}

/** UUIDs are stored in lower case. */
function readUuidText(cursor: Cursor, from: number): number {
  const { bytes, room } = cursor;
  const end = from + 1 + uuidBytes;
  const form = bytes[from] === quote && bytes[end] === quote ? readUuid(bytes, from + 1) : -1;
  if (form < 0) return -1;
  if (form === 1) {
    flush(cursor, end);
    for (let at = room.at - uuidBytes; at < room.at; at += 1)
      room.bytes[at] = (room.bytes[at] as number) | 0x20;
  }
  return end + 1;
}

function notBelow({ bytes }: Cursor, from: number, { field, end }: { field: Field; end: number }): number {
  if (end < 0 || field.minimum === -Infinity) return end;
  return Number(bytes.toString("latin1", from, end)) >= field.minimum ? end : -1;
}
