import { rmSync, statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { openForImport, type Database } from "./open.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { walEndings } from "./wal.ts";

/** So long nobody takes to make a lock file whole; who meets one that is not looks again now and then. */
const tornAfterMs = 2000;
const lookAgainMs = 100;

/** Holds a DuckDB file open for writing: the engine's own file lock, which a dead process gives up. */
export async function lockBuilds(path: string): Promise<Database> {
  const looks = { left: (2 * tornAfterMs) / lookAgainMs };
  for (;;) {
    const before = fileNumber(path);
    const lock = await openLock(path, { isNew: before === undefined, looks });
    if (lock === undefined) continue;
    if (fileNumber(path) !== undefined && (before === undefined || before === fileNumber(path))) return lock;
    lock.close();
  }
}

interface Attempt {
  readonly isNew: boolean;
  /** How often a lock file that is not whole is still looked at: the clock of its file system may be another. */
  readonly looks: { left: number };
}

/** Undefined where what stands there is none: killed while it was made, it would keep all others out for ever. */
async function openLock(path: string, { isNew, looks }: Attempt): Promise<Database | undefined> {
  try {
    return await openForImport(path, "");
  } catch (error) {
    const holder = / by (process \d+)/.exec(messageOf(error))?.[1];
    if (holder === undefined) {
      const state = stateOfTorn(path, error, isNew);
      if (state === "removed") return undefined;
      if (state === "none" || (looks.left -= 1) < 0) throw error;
      await setTimeout(lookAgainMs);
      return undefined;
    }
    const target = path.replace(/\.importing\.lock$/, "");
    throw new CliError(
      `${target}: another import is running on it (${holder}). Wait until it has ended and try again.`,
      {
        exitCode: exitCodes.database,
      },
    );
  }
}

/** Removes a lock file that nobody made whole: one of this process, which met a full disk or a limit, or an old one. */
function stateOfTorn(path: string, error: unknown, isNew: boolean): "none" | "removed" | "young" {
  const stats = statSync(path, { throwIfNoEntry: false });
  const isDamaged = error instanceof CliError && error.exitCode === exitCodes.database;
  const isOld = stats !== undefined && Date.now() - stats.mtimeMs > tornAfterMs;
  if (!isDamaged && (isNew || stats?.size === 0)) rmSync(path, { force: true });
  if (!isDamaged) return "none";
  if (!isOld) return "young";
  rmSync(path, { force: true });
  return "removed";
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

/** The file aside and what DuckDB puts beside it. */
export function asides(aside: string): readonly string[] {
  return ["", ...walEndings, ".tmp", ".copy", ".fresh", ".fresh.wal"].map((ending) => aside + ending);
}

export function removeAside(aside: string): void {
  for (const path of asides(aside)) rmSync(path, { force: true, recursive: true });
}

/** All that a build puts beside the database, the lock last. */
export function removeAll(target: string): void {
  removeAside(`${target}.importing`);
  rmSync(`${target}.tmp`, { force: true, recursive: true });
  removeLock(`${target}.importing.lock`);
}
