// Writes hostile files without ever holding them: pieces of text, repeated.
import { closeSync, openSync, writeSync } from "node:fs";

const blockBytes = 1 << 20;

/** @typedef {string | Buffer | readonly [text: string, times: number]} Piece */

/** Writes pieces one behind the other; a pair is a text and how often it is written. @param {string} path @param {...Piece} pieces */
export function writeFile(path, ...pieces) {
  const file = openSync(path, "w");
  try {
    for (const piece of pieces)
      if (typeof piece === "string" || Buffer.isBuffer(piece)) writeAll(file, Buffer.from(piece));
      else repeat(file, piece[0], piece[1]);
  } finally {
    closeSync(file);
  }
}

/** Writes texts that a function makes of 0, 1, 2, … @param {string} path @param {number} count @param {(index: number) => string} make */
export function writeEach(path, count, make) {
  const file = openSync(path, "w");
  try {
    for (let index = 0; index < count;) {
      let text = "";
      for (; index < count && text.length < blockBytes; index += 1) text += make(index);
      writeAll(file, Buffer.from(text));
    }
  } finally {
    closeSync(file);
  }
}

/** @param {number} file @param {string} text @param {number} times */
function repeat(file, text, times) {
  const together = Math.max(1, Math.min(times, Math.floor(blockBytes / text.length)));
  const block = Buffer.from(text.repeat(together));
  let left = times;
  for (; left >= together; left -= together) writeAll(file, block);
  writeAll(file, Buffer.from(text.repeat(left)));
}

/** @param {number} file @param {Buffer} bytes */
function writeAll(file, bytes) {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
