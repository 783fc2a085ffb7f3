import { reserve, type PacketWriter } from "../packet.ts";
import type { Shapes } from "./shapes.ts";
import type { Bytes } from "./values.ts";

/** What is at hand while records are read over bytes. */
export interface Cursor extends Bytes {
  bytes: Buffer;
  view: DataView;
  /** What was read and is to be stored, but is not written yet, begins here. */
  copyFrom: number;
  readonly writer: PacketWriter;
  readonly shapes: Shapes;
  /** The places of the properties that are null in the record, and of those that are concealed. */
  readonly nulls: number[];
  readonly concealed: number[];
}

const comma = 0x2c;
/** Shorter pieces are copied faster one by one. */
const shortPiece = 24;

/** Writes what was read up to `to`. */
export function flush(cursor: Cursor, to: number): void {
  const { writer, copyFrom, bytes } = cursor;
  const length = to - copyFrom;
  reserve(writer, length + 1);
  if (length < shortPiece) {
    let { at } = writer;
    for (let index = copyFrom; index < to; index += 1) writer.bytes[at++] = bytes[index] as number;
  } else bytes.copy(writer.bytes, writer.at, copyFrom, to);
  writer.at += length;
  cursor.copyFrom = to;
}

/** Leaves out what stands between `keptEnd` and `from`, where members go on. */
export function leaveOut(
  cursor: Cursor,
  keptEnd: number,
  { from, isFirst }: { from: number; isFirst: boolean },
): void {
  flush(cursor, keptEnd);
  if (!isFirst) cursor.writer.bytes[cursor.writer.at++] = comma;
  cursor.copyFrom = from;
}

/** Ends an object whose last stored member ended at `keptEnd`: adds what it lacks before its brace at `brace`. */
export function addMissing(
  cursor: Cursor,
  missing: Buffer,
  { keptEnd, brace, isFirst }: { keptEnd: number; brace: number; isFirst: boolean },
): void {
  const { writer } = cursor;
  flush(cursor, keptEnd);
  reserve(writer, missing.length + 1);
  if (!isFirst && missing.length > 0) writer.bytes[writer.at++] = comma;
  writer.at += missing.copy(writer.bytes, writer.at);
  cursor.copyFrom = brace;
}
