import { chmodSync, closeSync, constants, copyFileSync, mkdirSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { maybeErrorCode, messageOf } from "../errors.ts";
import { openFile, removeQuietly, replaceFile } from "../files.ts";
import { compileWasm, startWasm } from "../wasm.ts";
import { copyOf } from "./identity.ts";

// A program of its own, run by backup-copy.ts: copies a database, says so, and then says whether all of its blocks are
// those that the engine wrote. Reading them in the process that holds the file open would drop the engine's lock.

const headerBytes = 3 * 4096;

/** What block-checksum.ts exports. */
interface BlockCalls {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly blockStart: { readonly value: number };
  readonly isWhole: (bytes: number) => number;
}

/** Whether all blocks are there and have their sum. */
function isWholeFile(path: string, blocks: number, blockBytes: number): boolean {
  const { memory, blockStart, isWhole } = startWasm(compileWasm("blocks")) as BlockCalls;
  const bytes = Buffer.from(memory.buffer, blockStart.value, blockBytes);
  const file = openFile(path, "r");
  try {
    for (let block = 0; block < blocks; block += 1) {
      const read = readSync(file, bytes, 0, blockBytes, headerBytes + block * blockBytes);
      if (read < blockBytes || isWhole(blockBytes) === 0) return false;
      // A sign of life.
      if (block % 1024 === 1023) writeSync(1, ".");
    }
    return true;
  } finally {
    closeSync(file);
  }
}

/** A copy has the mode of what it is of, whatever the umask; so it is made where nobody else can open it. */
function copyPrivately(from: string, to: string): void {
  const copy = copyOf(to);
  const folder = dirname(copy);
  mkdirSync(folder, { mode: 0o700 });
  copyFileSync(from, copy, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  chmodSync(copy, 0o600);
  replaceFile(copy, to);
  removeQuietly(folder);
}

const [, , target = "", aside = "", blocks = "", blockBytes = "", parent = ""] = process.argv;
// Of a parent that is dead another import may be at work on the copy by now.
if (process.platform !== "win32" && process.ppid !== Number(parent)) process.exit(1);
try {
  copyPrivately(target, aside);
  writeSync(1, "copied\n");
  writeSync(1, isWholeFile(target, Number(blocks), Number(blockBytes)) ? "whole\n" : "damaged\n");
} catch (error) {
  writeSync(2, JSON.stringify({ code: maybeErrorCode(error), message: messageOf(error) }));
  process.exitCode = 1;
}
