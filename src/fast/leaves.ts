import { flush, type Cursor } from "./cursor.ts";
import type { Field } from "./plan.ts";
import { isConcealed, readUuid, skipDay, skipTime } from "./texts.ts";
import { skipBoolean, skipInteger, skipPlainNumber, skipString } from "./values.ts";

const quote = 0x22;
const backslash = 0x5c;
const uuidBytes = 36;

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
  const { bytes } = cursor;
  if (bytes[from] !== quote) return -1;
  const end = skipString(cursor, from);
  if (isFilled && end === from + 2) return -1;
  if (isConcealable && index >= 0 && end >= 0) {
    if (bytes.subarray(from, end).includes(backslash)) return -1;
    if (isConcealed(bytes, from + 1, end - 1)) cursor.concealed.push(index);
  }
  return end;
}

/** UUIDs are stored in lower case. */
function readUuidText(cursor: Cursor, from: number): number {
  const form = readUuid(cursor.bytes, from);
  if (form < 0) return -1;
  if (form === 1) {
    const { bytes, writer } = cursor;
    flush(cursor, from + 1 + uuidBytes);
    const start = writer.at - uuidBytes;
    for (let at = start; at < writer.at; at += 1) writer.bytes[at] = (writer.bytes[at] as number) | 0x20;
    cursor.copyFrom = from + 1 + uuidBytes;
    return bytes[from] === quote ? from + 2 + uuidBytes : -1;
  }
  return from + 2 + uuidBytes;
}

function notBelow({ bytes }: Cursor, from: number, { field, end }: { field: Field; end: number }): number {
  if (end < 0 || field.minimum === -Infinity) return end;
  return Number(bytes.toString("latin1", from, end)) >= field.minimum ? end : -1;
}
