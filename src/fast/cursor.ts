import { reserve, type Room } from "../packet.ts";
import { copyBytes, wordBytes } from "./sheet.ts";
import type { Shapes } from "./shapes.ts";
import type { Bytes } from "./values.ts";

/** What is at hand while records are read over bytes. */
export interface Cursor extends Bytes {
  bytes: Buffer;
  view: DataView;
  /** What was read and is to be stored, but is not written yet, begins here. */
  copyFrom: number;
  /** Where what is stored is written. */
  room: Room;
  readonly shapes: Shapes;
  /** The places of the properties that are null in the record, and of those that are concealed. */
  readonly nulls: number[];
  readonly concealed: number[];
}

const comma = 0x2c;

/** Writes what was read up to `to`. */
export function flush(cursor: Cursor, to: number): void {
  const { room, copyFrom } = cursor;
  reserve(room, to - copyFrom + wordBytes);
  room.at += copyBytes(room, cursor, copyFrom, to);
  cursor.copyFrom = to;
}

/** Leaves out what stands between `keptEnd` and `from`, where members go on. */
export function leaveOut(
  cursor: Cursor,
  keptEnd: number,
  { from, isFirst }: { from: number; isFirst: boolean },
): void {
  flush(cursor, keptEnd);
  if (!isFirst) cursor.room.bytes[cursor.room.at++] = comma;
  cursor.copyFrom = from;
}

/** Ends an object whose last stored member ended at `keptEnd`: adds what it lacks before its brace at `brace`. */
export function addMissing(
  cursor: Cursor,
  missing: Buffer,
  { keptEnd, brace, isFirst }: { keptEnd: number; brace: number; isFirst: boolean },
): void {
  const { room } = cursor;
  flush(cursor, keptEnd);
  reserve(room, missing.length + 1);
  if (!isFirst && missing.length > 0) room.bytes[room.at++] = comma;
  room.at += missing.copy(room.bytes, room.at);
  cursor.copyFrom = brace;
}
