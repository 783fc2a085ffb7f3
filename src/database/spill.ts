import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { maybeErrorCode, messageOf, outputError } from "../errors.ts";
import { removeOnSignal } from "../signals.ts";

/** A private folder for what does not fit into memory; it goes with `remove`, by a signal, or at the next start after a kill. */
export interface Scratch {
  readonly folder: string;
  readonly remove: () => void;
}

/** How scratch folders begin that belong to no database. */
export const temporary = (): string => join(tmpdir(), "m365-offline-scratch-");

const lockName = "lock";
const triesAtMost = 10;
const youngMs = 3_600_000;

/** The folders of this process: opening a lock once more would drop it. */
const own = new Set<string>();

/** Makes a folder whose path begins so, with a file in it that stays locked while this process lives. Throws exit 5. */
export async function makeScratch(start: string): Promise<Scratch> {
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
      made.instance = await lock(made.folder);
      if (!existsSync(join(made.folder, lockName))) throw new Error("it was removed while it was made");
      return { folder: made.folder, remove };
    } catch (error) {
      made.instance?.closeSync();
      own.delete(made.folder ?? "");
      release();
      // Another process may have taken it for a leftover, before it was locked or between the engine's opening and locking.
      if (made.folder === undefined || tries === triesAtMost) throw outputError(made.folder ?? start, error);
    }
  }
}

/** The engine's lock is the one that a dead process gives up on every system. */
async function lock(folder: string): Promise<DuckDBInstance> {
  return await DuckDBInstance.create(join(folder, lockName), { threads: "1", temp_directory: "" });
}

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
  const removeUnlocked = (): void => {
    if (isMakerGone || isOld(folder)) rmSync(folder, { recursive: true, force: true });
  };
  if (!existsSync(join(folder, lockName))) {
    removeUnlocked();
    return;
  }
  let instance: DuckDBInstance;
  try {
    instance = await lock(folder);
  } catch (error) {
    const isHeld = /lock on file|being used by another process/i.test(messageOf(error));
    if (!isHeld) removeUnlocked();
    return;
  }
  removeLocked(folder, instance);
}

/**
 * Removes a folder while it is locked, so that nobody else takes it for a leftover and locks it meanwhile. Who looks at
 * it just then makes a lock file anew in it, and removes it all likewise.
 */
function removeLocked(folder: string, instance: DuckDBInstance | undefined): void {
  const isClosedFirst = process.platform === "win32"; // which removes no file that is open
  if (isClosedFirst) instance?.closeSync();
  try {
    removeFilled(folder);
  } finally {
    if (!isClosedFirst) instance?.closeSync();
  }
}

/** Node lists the folder once; a file that somebody makes behind that takes another look. */
function removeFilled(folder: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      return rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 10 });
    } catch (error) {
      if (maybeErrorCode(error) !== "ENOTEMPTY" || tries === triesAtMost) throw error;
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

function isOld(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > youngMs;
}
