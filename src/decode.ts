import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { CliError, exitCodes, messageOf } from "./errors.ts";
import type { InputFile } from "./discover.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/** A file as UTF-8 bytes without byte order mark, read front to back in blocks. */
export interface ByteSource {
  readonly encoding: Encoding;
  /** Fills `target` from `from` on; returns how many bytes came, 0 at the end. Throws a TypeError on broken UTF-16. */
  readonly read: (target: Buffer, from: number) => number;
  /** SHA-256 of the file as it lies on the disk; final once `read` has returned 0. */
  readonly sha256: () => string;
  readonly close: () => void;
}

const blockBytes = 1 << 20;

/** Opens a file for reading as UTF-8, whatever its byte order mark says it is. */
export function openBytes(file: InputFile): ByteSource {
  const descriptor = openFile(file.path);
  const hash = createHash("sha256");
  const readBlock = (target: Buffer, from: number): number => {
    const count = readSync(descriptor, target, from, Math.min(target.length - from, blockBytes), null);
    hash.update(target.subarray(from, from + count));
    return count;
  };
  const head = Buffer.allocUnsafe(4);
  const headBytes = head.subarray(0, readBlock(head, 0));
  const { encoding, markBytes } = sniffMark(headBytes);
  const rest = headBytes.subarray(markBytes);
  const raw = withHead(rest, readBlock);
  return {
    encoding,
    read: encoding === "utf-8" ? raw : transcode(encoding, raw),
    sha256: () => hash.copy().digest("hex"),
    close: () => closeSync(descriptor),
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new CliError(`cannot read ${path}: ${messageOf(error)}`, { exitCode: exitCodes.noInput });
  }
}

function sniffMark(head: Buffer): { encoding: Encoding; markBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", markBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  return { encoding: "utf-8", markBytes: 0 };
}

function withHead(head: Buffer, read: ByteSource["read"]): ByteSource["read"] {
  let left = head;
  return (target, from) => {
    if (left.length === 0) return read(target, from);
    const count = left.copy(target, from);
    left = left.subarray(count);
    return count;
  };
}

function transcode(encoding: Encoding, read: ByteSource["read"]): ByteSource["read"] {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const block = Buffer.allocUnsafe(blockBytes);
  let ready = Buffer.alloc(0);
  let isDone = false;
  return (target, from) => {
    while (ready.length === 0 && !isDone) {
      const count = read(block, 0);
      isDone = count === 0;
      ready = Buffer.from(decoder.decode(block.subarray(0, count), { stream: !isDone }), "utf8");
    }
    const count = ready.copy(target, from);
    ready = ready.subarray(count);
    return count;
  };
}
