import { existsSync, lstatSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { CliError, exitCodes, maybeErrorCode, messageOf, outputError } from "../errors.ts";
import { removeFile, removeQuietly } from "../files.ts";
import { removeOnSignal } from "../signals.ts";
import { maybeLockError, UnlockableError } from "./errors.ts";
import { createInstance } from "./instance.ts";

/** A private folder for what does not fit into memory; it goes with `remove`, by a signal, or at the next start after a kill. */
export interface Scratch {
  readonly folder: string;
  readonly remove: () => void;
}

/** How scratch folders begin that belong to no database. */
export const temporary = (): string => join(tmpdir(), "m365-offline-scratch-");

/** What the system says of a place in which nothing can be made. */
const placeCodes = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS", "ENAMETOOLONG", "ELOOP"]);
const lockName = "lock";
const triesAtMost = 10;

/** The folders of this process: opening a lock once more would drop it. */
const own = new Set<string>();

/** Makes a folder whose path begins so, with a file in it that stays locked while this process lives. Throws exit 5. */
export async function makeScratch(start: string): Promise<Scratch> {
  if (start.includes("?")) throw elsewhere(`${dirname(start)} has a question mark in its path`);
  for (let tries = 1; ; tries += 1) {
    const made: { folder?: string; instance?: DuckDBInstance } = {};
    const remove = (): void => {
      const { folder, instance } = made;
      if (folder === undefined) instance?.closeSync();
      else removeLocked(folder, instance);
      own.delete(folder ?? "");
      release();
    };
    // Before the folder is there: a signal that comes while it is being locked would leave it.
    const release = removeOnSignal(remove);
    try {
      made.folder = mkdtempSync(`${start}${process.pid}-`);
      own.add(made.folder);
      made.instance = await createInstance(join(made.folder, lockName), lockConfig);
      if (!existsSync(join(made.folder, lockName))) throw new Error("it was removed while it was made");
      return { folder: made.folder, remove };
    } catch (error) {
      remove();
      const { folder = start } = made;
      if (maybeLockError(folder, error) instanceof UnlockableError)
        throw elsewhere(
          `${dirname(folder)} lies where files cannot be locked (a network share, as a rule)`,
          error,
        );
      // Another process may have taken it for a leftover, before it was locked or between the engine's opening and locking.
      if (made.folder === undefined && start === temporary() && placeCodes.has(maybeErrorCode(error) ?? ""))
        throw elsewhere(`no folder can be made in ${dirname(start)} (${messageOf(error)})`, error);
      if (made.folder === undefined || tries === triesAtMost) throw outputError(folder, error);
    }
  }
}

function elsewhere(why: string, cause?: unknown): CliError {
  const variable = process.platform === "win32" ? "TEMP" : "TMPDIR";
  return new CliError(`${why}; set the environment variable ${variable} to another folder, on a local disk`, {
    exitCode: exitCodes.output,
    cause,
  });
}

/** The engine's lock is the one that a dead process gives up on every system. */
const lockConfig = { threads: "1", temp_directory: "" };

/** Removes the folders that begin so and whose process is dead; those of the living, of others, and links are left alone. */
export async function removeLeftovers(start: string): Promise<void> {
  for (const name of listNames(dirname(start))) {
    const folder = join(dirname(start), name);
    if (!name.startsWith(basename(start)) || own.has(folder) || !isOurs(folder)) continue;
    try {
      await removeIfDead(folder, hasEnded(name.slice(basename(start).length)));
    } catch {
      // What another process removes at the same time is gone; what cannot be removed keeps nobody from working.
    }
  }
}

/** With what is known of its maker: what spills does so only behind a lock, and a folder without one may just be made. */
async function removeIfDead(folder: string, isMakerGone: boolean): Promise<void> {
  let instance: DuckDBInstance | undefined;
  try {
    const lock = join(folder, lockName);
    // What is held, if for a moment, is left for the next start.
    if (existsSync(lock)) instance = await DuckDBInstance.create(lock, lockConfig);
  } catch (error) {
    if (maybeLockError(folder, error) !== undefined) return;
  }
  if (instance !== undefined || isMakerGone) removeLocked(folder, instance);
}

/**
 * Removes a folder: what is in it while it is locked, so that nobody takes it for a leftover meanwhile, and then the
 * lock. Some file systems (NFS, FUSE) keep a file that is open under another name, and Windows may not remove it.
 */
function removeLocked(folder: string, instance: DuckDBInstance | undefined): void {
  for (const name of listNames(folder)) if (name !== lockName) removeQuietly(join(folder, name));
  instance?.closeSync();
  // Another process that looks at it just now removes it, too; a file that somebody makes behind that takes another look.
  for (let tries = 1; ; tries += 1) {
    try {
      return removeFile(folder);
    } catch (error) {
      if (maybeErrorCode(error) !== "ENOTEMPTY" || tries === triesAtMost) return;
    }
  }
}

/** Whether no process has the number any more with which the end of a folder's name begins. */
function hasEnded(nameEnd: string): boolean {
  const [, maker] = /^(\d+)-/.exec(nameEnd) ?? [];
  if (maker === undefined) return false;
  try {
    process.kill(Number(maker), 0);
    return false;
  } catch (error) {
    return maybeErrorCode(error) === "ESRCH";
  }
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isOurs(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid());
}
