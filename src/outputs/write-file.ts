import { createHash } from "node:crypto";
import { closeSync, fsync, readSync, realpathSync, statSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { CliError, exitCodes, maybeErrorCode, outputError } from "../errors.ts";
import { isHeld, openFile, removeData, removeFile, replaceFile } from "../files.ts";
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
    if (isAside) removeData(made);
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
    if (isAside) putInPlace(made, target, path);
  } catch (error) {
    const isGone = !isAside || removeData(made);
    const known = maybeErrorCode(error) === undefined ? error : outputError(path, error, { needed, held: 0 });
    throw isGone ? known : withLeft(known, made);
  } finally {
    release();
  }
  return { bytes, sha256: hash.digest("hex") };
}

/**
 * Throws exit 5 where a DuckDB database stands: rows would take its place. For before one is opened, as the engine's
 * lock on a file goes with any descriptor of it that is closed.
 */
export function refuseDatabase(path: string): void {
  if (readMagic(path) !== "DUCK") return;
  throw new CliError(`${path} is a DuckDB database, and rows would take its place. Choose another file.`, {
    exitCode: exitCodes.output,
  });
}

function readMagic(path: string): string | undefined {
  const head = Buffer.alloc(12);
  try {
    // Who opens a pipe waits for its writer.
    if (!statSync(path).isFile()) return undefined;
    const descriptor = openFile(path, "r");
    try {
      readSync(descriptor, head, 0, head.length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // What is wrong with the place is said when it is written.
    return undefined;
  }
  return head.toString("latin1", 8);
}

function putInPlace(made: string, target: string, path: string): void {
  try {
    replaceFile(made, target);
  } catch (error) {
    throw replaceError(path, error);
  }
}

/** The error for a file that something new cannot take the place of; what stands there must be as it was. */
function replaceError(path: string, error: unknown): CliError {
  if (!isHeld(error)) return outputError(path, error);
  return new CliError(
    `cannot replace ${path}: another program has it open, or you may not write there. What stands there is as it was: close that program (Excel, a viewer, a backup) and try again.`,
    { exitCode: exitCodes.output, cause: error },
  );
}

/** The error with a line more for what could be neither removed nor emptied. */
function withLeft(error: unknown, left: string): unknown {
  if (!(error instanceof CliError)) return error;
  const line = `${left} holds rows that were written and could not be removed: another program has it open, too. Remove it when that has ended.`;
  const { message, exitCode, cause } = error;
  return new CliError(message, { exitCode, cause, lines: [...error.lines, line] });
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
