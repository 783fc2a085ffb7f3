import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  writeSync,
} from "node:fs";
import { maybeErrorCode, messageOf } from "./errors.ts";

// A program of its own, run by copy-aside.ts: copies a database, says so, and then says which of its blocks are not
// those that the engine wrote. Reading them in the process that holds the file open would drop the engine's lock.

const headerBytes = 3 * 4096;
const sumBytes = 8;

/** The engine's sum of a block (duckdb/src/common/checksum.cpp): 5381 xor every 8 bytes times 0xbf58476d1ce4e5b9. */
function isWhole(words: Uint32Array): boolean {
  let low = 5381;
  let high = 0;
  for (let at = sumBytes / 4; at < words.length; at += 2) {
    const first = words[at] ?? 0;
    const left = first & 0xffff;
    const right = first >>> 16;
    // 64 bits of a product in numbers of 32: the carry of the lower half goes up in two steps.
    const middle = (Math.imul(right, 0xe5b9) + (Math.imul(left, 0xe5b9) >>> 16)) >>> 0;
    const next = (Math.imul(left, 0x1ce4) + (middle & 0xffff)) >>> 0;
    const carry = Math.imul(right, 0x1ce4) + (middle >>> 16) + (next >>> 16);
    low ^= Math.imul(first, 0x1ce4e5b9);
    high ^= carry + Math.imul(first, 0xbf58476d) + Math.imul(words[at + 1] ?? 0, 0x1ce4e5b9);
  }
  return low >>> 0 === words[0] && high >>> 0 === words[1];
}

/** The numbers of the blocks that do not have their sum, or are not there whole. */
function findDamaged(path: string, blocks: number, blockBytes: number): number[] {
  const file = openSync(path, "r");
  try {
    const words = new Uint32Array(blockBytes / 4);
    const damaged: number[] = [];
    for (let block = 0; block < blocks; block += 1) {
      const read = readSync(file, words, 0, blockBytes, headerBytes + block * blockBytes);
      if (read < blockBytes || !isWhole(words)) damaged.push(block);
    }
    return damaged;
  } finally {
    closeSync(file);
  }
}

/** A copy has the mode of what it is of, whatever the umask; so it is made where nobody else can open it. */
function copyPrivately(from: string, to: string): void {
  const folder = `${to}.copy`;
  mkdirSync(folder, { mode: 0o700 });
  const copy = `${folder}/file`;
  copyFileSync(from, copy, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  chmodSync(copy, 0o600);
  renameSync(copy, to);
  rmdirSync(folder);
}

const [, , target = "", aside = "", blocks = "", blockBytes = "", parent = ""] = process.argv;
// Of a parent that is dead another import may be at work on the copy by now.
if (process.platform !== "win32" && process.ppid !== Number(parent)) process.exit(1);
try {
  copyPrivately(target, aside);
  writeSync(1, "copied\n");
  writeSync(1, `${JSON.stringify(findDamaged(target, Number(blocks), Number(blockBytes)))}\n`);
} catch (error) {
  writeSync(2, JSON.stringify({ code: maybeErrorCode(error), message: messageOf(error) }));
  process.exitCode = 1;
}
