import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { maybeErrorCode, outputError } from "./errors.ts";

/** A file that was written: its size and SHA-256. */
export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes pieces of text to a new file beside `path` and renames it when all are down. Throws exit 5, leaving nothing. */
export async function writeAside(path: string, pieces: AsyncIterable<string>): Promise<Written> {
  const aside = `${path}.partial`;
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    // What an earlier run left, or somebody put there, may be a link or open to others: it is not written into.
    rmSync(aside, { force: true });
    const descriptor = openSync(aside, "wx", 0o600);
    try {
      for await (const piece of pieces) {
        const data = Buffer.from(piece, "utf8");
        for (let at = 0; at < data.length;) at += writeSync(descriptor, data, at);
        hash.update(data);
        bytes += data.length;
      }
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw maybeErrorCode(error) === undefined ? error : outputError(path, error);
  }
  return { bytes, sha256: hash.digest("hex") };
}
