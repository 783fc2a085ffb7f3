import { closeSync, existsSync, fsyncSync, linkSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { CliError, exitCodes, maybeErrorCode, outputError } from "../errors.ts";
import { isHeld, openFile, replaceFile, syncFolder } from "../files.ts";
import { hearSignals } from "../signals.ts";
import { HeldError } from "./errors.ts";
import { openForImport } from "./open.ts";
import { refuseWal } from "./wal.ts";

/** What tells that a file is still the one that was looked at. */
export interface Seen {
  readonly file: bigint;
  readonly bytes: bigint;
  readonly changedAt: bigint;
}

/** File systems without links, and systems that do not allow them, say one of these. */
const linklessCodes = new Set([
  "EPERM",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EMLINK",
  "EINVAL",
  "EACCES",
  "EBUSY",
  "EXDEV",
]);

interface Terms {
  readonly seen: Seen | undefined;
  readonly signal: AbortSignal | undefined;
  /** Throws where the new file or the right to put it there is no longer ours. */
  readonly check: () => void;
}

/** What is at a path now, undefined where nothing is. */
export function lookAt(path: string): Seen | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && { file: stats.ino, bytes: stats.size, changedAt: stats.mtimeNs };
}

/**
 * Makes the new file durable and puts it in the place of the old one, which must still be what was `seen` of it;
 * both must be closed in this process where the system asks for it. A signal that is aborted by then keeps the old one
 * in its place. Throws exit 4 where another program was there first.
 */
export async function swap(aside: string, target: string, { seen, signal, check }: Terms): Promise<void> {
  check();
  if (existsSync(`${aside}.wal`)) throw new Error(`${aside}.wal is left; the new file is not whole`);
  try {
    syncFile(aside);
    // What came while the disk was busy is heard in the next turn.
    await hearSignals();
    signal?.throwIfAborted();
    await replace(aside, target, { seen, check });
    syncFolder(dirname(target));
  } catch (error) {
    throw error instanceof CliError || signal?.aborted ? error : outputError(target, error);
  }
}

/** On Windows a reader, a backup or a virus scanner may hold the old file for a moment. */
async function replace(
  aside: string,
  target: string,
  { seen, check }: Pick<Terms, "seen" | "check">,
): Promise<void> {
  const checkBoth = (): void => {
    check();
    refuseChanged(target, seen);
  };
  checkBoth();
  if (seen === undefined && hasLinked(aside, target)) return;
  try {
    replaceFile(aside, target, checkBoth);
  } catch (error) {
    if (!isHeld(error)) throw error;
    const holder = await findHolder(target);
    throw refusal(
      `${target} is held by ${holder === undefined ? "another program (one that shows it, a backup, a virus scanner)" : `process ${holder}`}, so the new state could not take its place. The database is as it was: close that program and try again.`,
      error,
    );
  }
}

/** The number of the process that has a database open, where the engine can tell it. */
async function findHolder(path: string): Promise<string | undefined> {
  try {
    (await openForImport(path, "")).close();
    return undefined;
  } catch (error) {
    return error instanceof HeldError ? error.pid : undefined;
  }
}

/** Gives a new database its name, which a rename would take from one that another program has made just now. */
function hasLinked(aside: string, target: string): boolean {
  try {
    linkSync(aside, target);
    return true;
  } catch (error) {
    const code = maybeErrorCode(error) ?? "";
    if (code === "EEXIST") refuseChanged(target, undefined);
    else if (!linklessCodes.has(code)) throw error;
    return false;
  }
}

/** What another program has done to the database since it was copied would be lost. */
function refuseChanged(target: string, seen: Seen | undefined): void {
  refuseWal(target);
  const now = lookAt(target);
  const isSame = now?.file === seen?.file && now?.bytes === seen?.bytes && now?.changedAt === seen?.changedAt;
  if (isSame) return;
  const what = now === undefined ? "removed" : seen === undefined ? "made" : "changed";
  throw refusal(
    `${target} was ${what} by another program meanwhile, so the new state did not take its place. Look at it and try again.`,
  );
}

function refusal(text: string, cause?: unknown): CliError {
  return new CliError(text, { exitCode: exitCodes.database, cause });
}

function syncFile(path: string): void {
  const descriptor = openFile(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
