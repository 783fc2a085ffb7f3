import { closeSync, existsSync, ftruncateSync, readFileSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CliError, exitCodes, maybeErrorCode } from "../errors.ts";
import { isHeld, openFile, removeQuietly, replaceFile } from "../files.ts";
import { HeldError, UnlockableError } from "./errors.ts";
import { identityOf } from "./identity.ts";
import { openForImport, type Database } from "./open.ts";
import { makeScratch, temporary } from "./spill.ts";
import { walEndings } from "./wal.ts";

/** A file that this process holds and all others wait for. */
export interface Lock {
  /** Throws exit 4 where the file is no longer the one that is held: then what lies beside the database is another's. */
  readonly check: () => void;
  readonly isOurs: () => boolean;
  /** Takes the file from its place, while it is still held: nobody can lock one then that is about to go. */
  readonly takeAway: () => void;
  readonly close: () => void;
  /** Removes what was taken away. Some file systems (NFS, FUSE) keep a file that is removed while it is open. */
  readonly remove: () => void;
}

const triesAtMost = 20;
const mendsAtMost = 3;

/** The locks of this process: the system lets a process lock a file of its own again, and drops both locks with one. */
const own = new Set<string>();

/** Holds a DuckDB file open for writing: the engine's own file lock, which a dead process gives up. Throws exit 4 where another holds it. */
export async function lockBuilds(path: string): Promise<Lock> {
  const place = resolve(path);
  if (own.has(place)) throw busy(path, String(process.pid));
  own.add(place);
  try {
    for (let tries = 1; tries <= triesAtMost; tries += 1) {
      const before = identityOf(path);
      const database = await openLock(path, { tries, isNew: before === undefined });
      const identity = identityOf(path);
      // Who holds a file that another has removed meanwhile holds nothing.
      const isOurs = identity !== undefined && (before === undefined || before === identity);
      if (database !== undefined && isOurs) return toLock(database, identity);
      database?.close();
    }
    throw busy(path);
  } catch (error) {
    own.delete(place);
    throw error;
  }
}

function toLock(database: Database, identity: string): Lock {
  const { path } = database;
  const isOurs = (): boolean => identityOf(path) === identity;
  const check = (): void => {
    // Where the folder is gone the system says so.
    if (!isOurs() && existsSync(dirname(path))) throw takenError(path);
  };
  const gone = goneFrom(path);
  const takeAway = (): void => {
    if (!isOurs()) return;
    try {
      replaceFile(path, gone);
    } catch {
      removeQuietly(path);
    }
  };
  const close = (): void => {
    database.close();
    own.delete(resolve(path));
  };
  return { check, isOurs, takeAway, close, remove: () => removeQuietly(gone) };
}

function goneFrom(lock: string): string {
  return `${lock}.gone`;
}

/** Undefined where another look is due: the file has gone, or was not whole and is now. */
async function openLock(
  path: string,
  { tries, isNew }: { readonly tries: number; readonly isNew: boolean },
): Promise<Database | undefined> {
  try {
    return await openForImport(path, "");
  } catch (error) {
    if (error instanceof HeldError) throw busy(path, error.pid);
    if (error instanceof UnlockableError) {
      // Nobody holds what nobody can hold.
      if (isNew) removeQuietly(path);
      throw new UnlockableError(targetOf(path), error);
    }
    const isDamaged = error instanceof CliError && error.exitCode === exitCodes.database;
    if (!isDamaged || tries > mendsAtMost) throw error;
    await makeWhole(path);
    return undefined;
  }
}

/**
 * Gives a lock file that is none, left by a process that was killed while it made it, the bytes of an empty database. If
 * somebody is making it just now nothing is lost: the bytes are of no meaning, and the engine then says who holds it.
 */
async function makeWhole(path: string): Promise<void> {
  const { folder, remove } = await makeScratch(temporary());
  try {
    const empty = join(folder, "empty.duckdb");
    (await openForImport(empty, "")).close();
    const bytes = readFileSync(empty);
    const file = openFile(path, "r+");
    try {
      writeSync(file, bytes, 0, bytes.length, 0);
      ftruncateSync(file, bytes.length);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isHeld(error)) throw busy(path);
    if (maybeErrorCode(error) !== "ENOENT") throw error;
  } finally {
    remove();
  }
}

/** The error for a file of ours that is another's now: so may be what lies beside it. */
export function takenError(path: string): CliError {
  return new CliError(
    `${path} was removed or replaced by another program while it was in use here, so nothing took the place of the database, which is as it was. See that no other program works in this folder, and try again.`,
    { exitCode: exitCodes.database },
  );
}

function busy(path: string, pid?: string): CliError {
  const who = pid === undefined ? "" : ` (process ${pid})`;
  return new CliError(
    `${targetOf(path)}: another import is running on it${who}. Wait until it has ended and try again.`,
    { exitCode: exitCodes.database },
  );
}

/** The database that a lock is of. */
function targetOf(path: string): string {
  return path.replace(/\.importing\.lock$/, "");
}

/** The file aside and what is put beside it. */
export function asides(aside: string): readonly string[] {
  const endings = ["", ...walEndings, ".tmp", ".copy", ".fresh", ".fresh.wal", ".lock.wal"];
  return [...endings.map((ending) => aside + ending), goneFrom(`${aside}.lock`)];
}

/** Removes what a build put beside the database; only for who holds the lock. */
export function removeAside(aside: string): void {
  for (const path of asides(aside)) removeQuietly(path);
}
