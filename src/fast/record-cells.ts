import { reserve } from "../packet.ts";
import { flush, type Cursor } from "./cursor.ts";
import { readLeaf, readNull } from "./leaves.ts";
import { digitsOf } from "./numbers.ts";
import type { Field } from "./plan.ts";
import { isInvalid, nextShape, readValue, type Frame } from "./record.ts";
import { copyText, endText, setValid, writeHalves, type Cells, type Sheet } from "./sheet.ts";
import { readDay, readUuid, uuidBytes } from "./texts.ts";
import { skipAny } from "./unknown.ts";
import { skipBoolean, skipSpace } from "./values.ts";

const comma = 0x2c;
const quote = 0x22;
const closeBrace = 0x7d;
const startOfNull = 0x6e;
/** A day with its quotes. */
const dayBytes = 12;

/** Reads the record that opens at `from` into the row that is being written; returns the index behind it, −1 on doubt. */
export function readRecordCells(cursor: Cursor, from: number, frame: Frame, sheet: Sheet): number {
  const { bytes } = cursor;
  let at = skipSpace(bytes, from + 1);
  while (bytes[at] === quote) {
    const next = nextShape(cursor, at, frame);
    if (next === undefined || next.isDoubtful) return -1;
    frame.shape = next;
    const { field } = next;
    const valueAt = skipSpace(bytes, at + next.keyBytes);
    const cells = field && sheet.cells[field.index];
    const end =
      field === undefined || cells === undefined
        ? skipAny(cursor, valueAt, next, frame.depth)
        : readCell(cursor, valueAt, { field, shape: next, depth: frame.depth }, cells);
    if (end < 0) return -1;
    at = skipSpace(bytes, end);
    if (bytes[at] !== comma) break;
    at = skipSpace(bytes, at + 1);
    if (bytes[at] !== quote) return -1;
  }
  return bytes[at] !== closeBrace || isInvalid(frame) ? -1 : at + 1;
}

function readCell(cursor: Cursor, from: number, frame: Frame, cells: Cells): number {
  const { field } = frame;
  if (cursor.bytes[from] === startOfNull) return readNull(cursor, from, field);
  setValid(cells);
  switch (field.kind) {
    case "date":
      return readDate(cursor, from, cells);
    case "boolean":
      return readTruth(cursor, from, cells);
    case "integer":
      return readInteger(cursor, from, field, cells);
    case "list":
    case "object":
      return readNested(cursor, from, frame, cells);
    case "uuid":
      return readUuidCell(cursor, from, cells);
    default:
      return readText(cursor, from, field, cells);
  }
}

function readDate({ bytes }: Cursor, from: number, { values, sheet }: Cells): number {
  const end = from + dayBytes;
  const isQuoted = bytes[from] === quote && bytes[end - 1] === quote;
  const day = isQuoted ? readDay(bytes, from + 1) : undefined;
  if (day === undefined) return -1;
  values[sheet.rows] = day;
  return end;
}

function readTruth(cursor: Cursor, from: number, { values, sheet }: Cells): number {
  const end = skipBoolean(cursor, from);
  values[sheet.rows] = end === from + "true".length ? 1 : 0;
  return end;
}

function readInteger(cursor: Cursor, from: number, field: Field, { values, sheet }: Cells): number {
  const end = readLeaf(cursor, from, field);
  if (end >= 0) writeHalves(values as Uint32Array, sheet.rows, digitsOf(cursor.bytes, from, end));
  return end;
}

/** As the file has it; the engine stores it in lower case. */
function readUuidCell(cursor: Cursor, from: number, cells: Cells): number {
  const { bytes } = cursor;
  const end = from + 1 + uuidBytes;
  if (bytes[from] !== quote || bytes[end] !== quote || readUuid(bytes, from + 1) < 0) return -1;
  copyText(cells, cursor, from + 1, end);
  return end + 1;
}

/** A text without its quotes and escapes, or a number. */
function readText(cursor: Cursor, from: number, field: Field, cells: Cells): number {
  const { bytes, escapes } = cursor;
  const end = readLeaf(cursor, from, field);
  if (end < 0) return -1;
  if (cursor.escapes > escapes) writeText(cells, JSON.parse(bytes.toString("utf8", from, end)) as string);
  else if (bytes[from] === quote) copyText(cells, cursor, from + 1, end - 1);
  else copyText(cells, cursor, from, end);
  return end;
}

function writeText(cells: Cells, text: string): void {
  const start = cells.at;
  reserve(cells, text.length * 3);
  cells.at += cells.bytes.write(text, start, "utf8");
  endText(cells, start);
}

/** A list or an object as JSON: without what is not stored, with nulls for what it lacks. */
function readNested(cursor: Cursor, from: number, frame: Frame, cells: Cells): number {
  const start = cells.at;
  cursor.room = cells;
  cursor.copyFrom = from;
  const end = readValue(cursor, from, frame);
  if (end < 0) return -1;
  flush(cursor, end);
  endText(cells, start);
  return end;
}
