import { isUtf8 } from "node:buffer";
import type { Machine } from "../machine.ts";
import { findInvalidUtf8 } from "../utf8.ts";
import type { ByteWindow } from "../window.ts";

/** The part of a file that lies in a machine: places in the file, the end of what is proven to be UTF-8 among them. */
export interface Block {
  offset: number;
  end: number;
  goodEnd: number;
}

/** With fewer bytes in the machine it takes more of them: no record that it reads is longer. */
const lowBytes = 1 << 17;
/** At which everything stops, also what looks at sixteen bytes at once. */
const zeroBytes = 64;

/** Takes what the window has in sight into the machine, as much as there is room for. */
export function look(window: ByteWindow, { calls, bytes }: Machine, block: Block): void {
  const at = window.offset + window.start;
  const end = window.offset + window.end;
  const isThere = at >= block.offset && at <= block.end;
  if (isThere && (block.end === end || block.end - at >= lowBytes)) {
    // Behind what is no UTF-8 there may be more that is.
    if (at > block.goodEnd)
      block.goodEnd = at + findBad(window.bytes.subarray(window.start, window.start + block.end - at));
    return;
  }
  const length = Math.min(window.end - window.start, calls.inputBytes.value);
  const source = window.bytes.subarray(window.start, window.start + length);
  const start = calls.inputStart.value;
  bytes.set(source, start);
  bytes.fill(0, start + length, start + length + zeroBytes);
  const whole = wholeCharacters(source);
  block.offset = at;
  block.end = at + length;
  block.goodEnd = at + (isUtf8(source.subarray(0, whole)) ? whole : findBad(source));
}

/** Of a file that is in another encoding nearly every record has something bad: each is to cost no more than its piece. */
const pieceBytes = 1 << 12;

/** How many bytes are UTF-8 before the first that is not, or before a character that breaks off at the end. */
function findBad(bytes: Uint8Array): number {
  for (let at = 0; ;) {
    const piece = bytes.subarray(at, at + pieceBytes);
    const whole = wholeCharacters(piece);
    if (whole === 0 || !isUtf8(piece.subarray(0, whole))) return at + findInvalidUtf8(piece);
    at += whole;
  }
}

/** A character may break off at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  let last = bytes.length;
  while (last > 0 && last > bytes.length - 4 && ((bytes[last - 1] as number) & 0xc0) === 0x80) last -= 1;
  if (last > 0 && (bytes[last - 1] as number) >= 0xc0) last -= 1;
  return last;
}
