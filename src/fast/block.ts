import { isUtf8 } from "node:buffer";
import type { Machine } from "../machine.ts";
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
  if (isThere && (block.end === end || block.end - at >= lowBytes)) return;
  const length = Math.min(window.end - window.start, calls.inputBytes.value);
  const source = window.bytes.subarray(window.start, window.start + length);
  const start = calls.inputStart.value;
  bytes.set(source, start);
  bytes.fill(0, start + length, start + length + zeroBytes);
  block.offset = at;
  block.end = at + length;
  const good = wholeCharacters(source);
  block.goodEnd = isUtf8(source.subarray(0, good)) ? at + good : -1;
}

/** A character may break off at the end. */
function wholeCharacters(bytes: Uint8Array): number {
  let last = bytes.length;
  while (last > 0 && last > bytes.length - 4 && ((bytes[last - 1] as number) & 0xc0) === 0x80) last -= 1;
  if (last > 0 && (bytes[last - 1] as number) >= 0xc0) last -= 1;
  return last;
}
