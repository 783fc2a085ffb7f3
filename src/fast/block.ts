import { isUtf8 } from "node:buffer";
import type { ByteWindow } from "../window.ts";
import type { Cursor } from "./cursor.ts";
import { skipSpace } from "./values.ts";

const comma = 0x2c;
const lineFeed = 0x0a;

/** The part of the file in sight, and up to where it is proven to be UTF-8. */
export interface Block {
  offset: number;
  end: number;
  goodEnd: number;
}

/** Takes the window in sight: where it was read on, its new bytes are proven to be UTF-8. */
export function look(window: ByteWindow, cursor: Cursor, block: Block): void {
  const { bytes, start, end, offset } = window;
  if (cursor.bytes === bytes && block.offset === offset && block.end === end) return;
  if (cursor.bytes !== bytes) cursor.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  cursor.bytes = bytes;
  block.offset = offset;
  block.end = end;
  // A character may break off at the end.
  let last = end;
  while (last > start && last > end - 4 && ((bytes[last - 1] as number) & 0xc0) === 0x80) last -= 1;
  if (last > start && (bytes[last - 1] as number) >= 0xc0) last -= 1;
  block.goodEnd = isUtf8(bytes.subarray(start, last)) ? last : -1;
}

/** Whether nothing but space stands between a record and the end of its line. */
export function isLineEnd(bytes: Uint8Array, from: number): boolean {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at += 1;
  return bytes[at] === lineFeed;
}

/** Where the next record may begin. */
export function behindSeparator(bytes: Uint8Array, from: number, isLines: boolean): number {
  const at = skipSpace(bytes, from);
  if (isLines) return at;
  return bytes[at] === comma ? skipSpace(bytes, at + 1) : -1;
}
