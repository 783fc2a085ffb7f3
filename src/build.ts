import { closeSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { copyAnew } from "./compact.ts";
import { copyAside, copyTemplate, type Copy } from "./copy-aside.ts";
import { openForImport, openForReading, resolveDatabase, spillFolder, type Database } from "./database.ts";
import { toEngineError } from "./engine-errors.ts";
import { CliError, exitCodes, messageOf } from "./errors.ts";
import { lookAt, refuseWal, swap, walEndings, type Seen } from "./swap.ts";

/** The next state of a database, made beside it: nothing of the old file changes until `commit` has succeeded. */
export interface Build {
  readonly database: Database;
  /** Checkpoints, closes, makes durable and puts the new file in the place of the old one; with `isAnew` as a file that has no byte of what was deleted. */
  readonly commit: (isAnew?: boolean) => Promise<void>;
}

/**
 * Runs work on the next state of a database and removes what it left. Locks the database against other imports and
 * writers, and copies it aside. Throws exit 4 when another process holds it or when it is damaged, exit 5 when the
 * folder or the disk refuses.
 */
export async function withBuild<Result>(
  path: string,
  work: (build: Build) => Promise<Result>,
): Promise<Result> {
  if (path === "") throw new CliError("--db needs the name of a file", { exitCode: exitCodes.usage });
  const target = resolveDatabase(path);
  const aside = `${target}.importing`;
  checkFolder(target);
  const closing: (() => void)[] = [];
  const discard = (): void => {
    for (const close of closing.splice(0).toReversed()) close();
  };
  try {
    const lock = await lockBuilds(`${aside}.lock`);
    closing.push(() => unlock(lock, aside));
    return await work(await startBuild({ target, aside, closing, discard }));
  } catch (error) {
    throw toEngineError(error, target, asides(aside));
  } finally {
    discard();
  }
}

interface Place {
  readonly target: string;
  readonly aside: string;
  readonly closing: (() => void)[];
  readonly discard: () => void;
}

async function startBuild({ target, aside, closing, discard }: Place): Promise<Build> {
  removeAside(aside);
  rmSync(spillFolder(target), { recursive: true, force: true });
  const old = existsSync(target) ? await openOld(target, aside, closing) : undefined;
  if (old === undefined) copyTemplate(aside);
  const database = await openForImport(aside, `${aside}.tmp`);
  const unregister = once(database.close);
  closing.push(unregister);
  const commit = async (isAnew = false): Promise<void> => {
    const next = isAnew ? await copyAnew(database) : aside;
    await database.connection.run("checkpoint");
    await old?.copy.refuseDamage();
    unregister();
    // Windows renames over no open file; elsewhere the old one is held until it is replaced, to keep writers out.
    if (process.platform === "win32") old?.release();
    await swap(next, target, old?.seen);
    discard();
  };
  return { database, commit };
}

interface Old {
  readonly seen: Seen | undefined;
  readonly copy: Copy;
  readonly release: () => void;
}

/** Holds the old database, so that it is nobody's to change, and copies it. */
async function openOld(target: string, aside: string, closing: (() => void)[]): Promise<Old> {
  await replayWal(target);
  const database = await openForReading(target);
  const release = once(database.close);
  closing.push(release);
  const seen = lookAt(target);
  refuseWal(target);
  const copy = await copyAside(database, aside);
  closing.push(copy.stop);
  return { seen, copy, release };
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}

function checkFolder(target: string): void {
  const folder = dirname(target);
  const stats = statSync(folder, { throwIfNoEntry: false });
  const refuse = (what: string): never => {
    throw new CliError(`the folder ${folder} ${what}; choose another place with --db FILE`, {
      exitCode: exitCodes.output,
    });
  };
  if (stats === undefined) refuse("does not exist");
  else if (!stats.isDirectory()) refuse("is no folder");
  // Not accessSync: what it says is not what happens, to root and on Windows.
  const probe = `${target}.importing.probe`;
  try {
    closeSync(openSync(probe, "w", 0o600));
    // Another import may have removed it already.
    rmSync(probe, { force: true });
  } catch (error) {
    refuse(`cannot be written (${messageOf(error)})`);
  }
}

/** So long nobody takes to make a lock file whole. */
const tornAfterMs = 2000;

/** Holds a DuckDB file open for writing: the engine's own file lock, which a dead process gives up. */
async function lockBuilds(path: string): Promise<Database> {
  for (;;) {
    const before = fileNumber(path);
    const lock = await openLock(path);
    if (lock === undefined) continue;
    if (fileNumber(path) !== undefined && (before === undefined || before === fileNumber(path))) return lock;
    lock.close();
  }
}

/** Undefined where what stands there is none: killed while it was made, it would keep all others out for ever. */
async function openLock(path: string): Promise<Database | undefined> {
  try {
    return await openForImport(path, "");
  } catch (error) {
    const holder = / by (process \d+)/.exec(messageOf(error))?.[1];
    if (holder === undefined) {
      if (isTorn(path, error)) return undefined;
      throw error;
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

/** Removes a lock file that nobody made whole: one of this process, which met a full disk, or an old one. */
function isTorn(path: string, error: unknown): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  const isDamaged = error instanceof CliError && error.exitCode === exitCodes.database;
  const isOld = stats !== undefined && Date.now() - stats.mtimeMs > tornAfterMs;
  if (stats?.size === 0 && !isDamaged) rmSync(path, { force: true });
  if (!isDamaged || !isOld) return false;
  rmSync(path, { force: true });
  return true;
}

/** Removes the lock file while it is still locked, so that nobody can lock a file that is about to go. */
function unlock(lock: Database, aside: string): void {
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

function asides(aside: string): readonly string[] {
  return ["", ...walEndings, ".tmp", ".fresh", ".fresh.wal"].map((ending) => aside + ending);
}

function removeAside(aside: string): void {
  for (const path of asides(aside)) rmSync(path, { force: true, recursive: true });
}

/** What an ad-hoc writer left in the WAL belongs to the old file; swapped in beside a new one it would corrupt it. */
async function replayWal(target: string): Promise<void> {
  if (!walEndings.some((ending) => existsSync(target + ending))) return;
  const database = await openForImport(target, `${target}.tmp`);
  try {
    await database.connection.run("checkpoint");
  } finally {
    database.close();
  }
}
