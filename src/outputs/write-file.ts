import { createHash } from "node:crypto";
import { closeSync, fsync, realpathSync, statSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { maybeErrorCode, outputError } from "../errors.ts";
import { openFile, removeFile, removeQuietly, replaceFile } from "../files.ts";
import { removeOnSignal } from "../signals.ts";

/** A file that was written: its size and SHA-256. */
export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes pieces of text to a new file beside `path` and renames it when all are down; into a device or a pipe directly.
 * Throws exit 5, leaving nothing.
 */
export async function writeAside(path: string, pieces: AsyncIterable<string>): Promise<Written> {
  const { target, made } = choosePlace(path);
  const isAside = made !== target;
  const hash = createHash("sha256");
  let bytes = 0;
  const release = removeOnSignal(() => {
    if (isAside) removeQuietly(made);
  });
  let needed = 1;
  try {
    // What an earlier run left, or somebody put there, may be a link or open to others: it is not written into.
    if (isAside) removeFile(made);
    const descriptor = openFile(made, isAside ? "wx" : "w");
    try {
      for await (const piece of pieces) {
        const data = Buffer.from(piece, "utf8");
        needed = bytes + data.length;
        for (let at = 0; at < data.length;) at += writeSync(descriptor, data, at);
        hash.update(data);
        bytes += data.length;
      }
      // Another file may be written meanwhile.
      if (isAside) await promisify(fsync)(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (isAside) replaceFile(made, target);
  } catch (error) {
    if (isAside) removeQuietly(made);
    throw maybeErrorCode(error) === undefined ? error : outputError(path, error, { needed, held: 0 });
  } finally {
    release();
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Where to write first: the file that a link leads to keeps its place, a device is none that one may rename over. */
function choosePlace(path: string): { readonly target: string; readonly made: string } {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isFile()) return { target: path, made: path };
    const target = stats === undefined ? path : realpathSync(path);
    return { target, made: `${target}.partial` };
  } catch (error) {
    throw outputError(path, error);
  }
}
