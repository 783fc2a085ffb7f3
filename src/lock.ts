import { rmSync, statSync } from "node:fs";
import { openForImport, type Database } from "./database.ts";
import { CliError, exitCodes, messageOf } from "./errors.ts";
import { walEndings } from "./wal.ts";

/** Holds a DuckDB file open for writing: the engine's own file lock, which a dead process gives up. */
export async function lockBuilds(path: string): Promise<Database> {
  for (;;) {
    const before = fileNumber(path);
    const lock = await openLock(path);
    if (fileNumber(path) !== undefined && (before === undefined || before === fileNumber(path))) return lock;
    lock.close();
  }
}

async function openLock(path: string): Promise<Database> {
  try {
    return await openForImport(path, "");
  } catch (error) {
    const holder = / by (process \d+)/.exec(messageOf(error))?.[1];
    if (holder === undefined) throw error;
    const target = path.replace(/\.importing\.lock$/, "");
    throw new CliError(
      `${target}: another import is running on it (${holder}). Wait until it has ended and try again.`,
      {
        exitCode: exitCodes.database,
      },
    );
  }
}

/** Removes the lock file while it is still locked, so that nobody can lock a file that is about to go. */
export function unlock(lock: Database, aside: string): void {
  removeAside(aside);
  if (process.platform !== "win32") removeLock(lock.path);
  lock.close();
  if (process.platform === "win32") removeLock(lock.path);
}

function removeLock(path: string): void {
  for (const ending of ["", ".wal"]) rmSync(path + ending, { force: true });
}

function fileNumber(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Removes the file aside and what DuckDB puts beside it. */
export function removeAside(aside: string): void {
  for (const ending of ["", ...walEndings, ".tmp", ".fresh", ".fresh.wal"])
    rmSync(aside + ending, { force: true, recursive: true });
}

/** All that a build puts beside the database, the lock last. */
export function removeAll(target: string): void {
  removeAside(`${target}.importing`);
  rmSync(`${target}.tmp`, { force: true, recursive: true });
  removeLock(`${target}.importing.lock`);
}
