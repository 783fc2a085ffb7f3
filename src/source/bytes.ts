import { closeSync, readSync } from "node:fs";
import { openFile } from "../files.ts";
import { DamagedBytes, toUnreadable } from "./damage.ts";

/** Fills `target` from `from` on; returns how many bytes came, 0 at the end. Throws DamagedBytes. */
export type Read = (target: Buffer, from: number) => number;

/** The bytes of a file. */
export interface RawBytes {
  readonly read: Read;
  readonly close: () => void;
  /** Of a file that is not packed: the next read begins at this byte. */
  readonly seek?: (to: number) => void;
}

/** The most bytes that one read asks the system for. */
export const blockBytes = 1 << 20;

/** Opens a file as it lies on the disk. */
export function openPlain(path: string): RawBytes {
  const descriptor = openInput(path);
  let position = 0;
  const read: Read = (target, from) => {
    const count = readBlock(descriptor, target.subarray(from), position);
    position += count;
    return count;
  };
  return { read, close: () => closeSync(descriptor), seek: (to) => void (position = to) };
}

/** Opens a file for `readBlock`. Throws DamagedBytes. */
export function openInput(path: string): number {
  try {
    return openFile(path, "r");
  } catch (error) {
    throw new DamagedBytes(toUnreadable(error));
  }
}

/** Fills a piece of a buffer, one block at most. Throws DamagedBytes. */
export function readBlock(descriptor: number, room: Buffer, position: number): number {
  try {
    return readSync(descriptor, room, 0, Math.min(room.length, blockBytes), position);
  } catch (error) {
    throw new DamagedBytes(toUnreadable(error));
  }
}
