import { closeSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { hearSignals, removeOnSignal } from "../signals.ts";
import { type Copy, copyAside, copyTemplate } from "./backup-copy.ts";
import { toEngineError } from "./errors.ts";
import { asides, lockBuilds, removeAll, removeAside, unlock } from "./lock.ts";
import { withMemory } from "./memory.ts";
import {
  type Database,
  checkName,
  freshPath,
  openForImport,
  openForReading,
  readRows,
  removeSpills,
  resolveDatabase,
} from "./open.ts";
import { type Seen, lookAt, swap } from "./replace.ts";
import { checkWal, hasWal, refuseWal } from "./wal.ts";

/** The next state of a database, made beside it: nothing of the old file changes until `commit` has succeeded. */
export interface Build {
  readonly database: Database;
  /** Checkpoints, closes, makes durable and puts the new file in the place of the old one; with `isAnew` as a file that has no byte of what was deleted. */
  readonly commit: (isAnew?: boolean) => Promise<void>;
}

/**
 * Runs work on the next state of a database and removes what it left. Locks the database against other imports and
 * writers, and copies it aside. Throws exit 4 when another process holds it or when it is damaged, exit 5 when the
 * folder or the disk refuses. An aborted signal interrupts what runs in it, and `commit` up to the moment of the renaming.
 * Where little memory is not enough the work runs a second time, on a copy made anew.
 */
export async function withBuild<Result>(
  path: string,
  work: (build: Build) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  if (path === "") throw new CliError("--db needs the name of a file", { exitCode: exitCodes.usage });
  const target = resolveDatabase(path);
  checkName(target);
  return await withMemory(async (isSmall) => await buildOnce({ target, signal, isSmall }, work));
}

interface Attempt {
  readonly target: string;
  readonly signal: AbortSignal | undefined;
  readonly isSmall: boolean;
}

async function buildOnce<Result>(
  { target, signal, isSmall }: Attempt,
  work: (build: Build) => Promise<Result>,
): Promise<Result> {
  const aside = `${target}.importing`;
  let isLocked = false;
  // Until the lock is ours, what stands there is another import's.
  const release = removeOnSignal(() => {
    if (isLocked) removeAll(target);
  });
  const closing: (() => void)[] = [release];
  const discard = (): void => {
    for (const close of closing.splice(0).toReversed()) close();
  };
  try {
    checkFolder(target);
    const lock = await lockBuilds(`${aside}.lock`);
    isLocked = true;
    closing.push(() => unlock(lock, aside));
    signal?.throwIfAborted();
    return await work(await startBuild({ target, aside, closing, discard, signal, isSmall }));
  } catch (error) {
    throw signal?.aborted ? error : toEngineError(error, target, asides(aside));
  } finally {
    discard();
  }
}

interface Place extends Attempt {
  readonly aside: string;
  readonly closing: (() => void)[];
  readonly discard: () => void;
}

async function startBuild(place: Place): Promise<Build> {
  const { target, aside, closing, discard, signal, isSmall } = place;
  removeAside(aside);
  await removeSpills(target);
  const old = existsSync(target) ? await openOld(place) : undefined;
  if (old === undefined) copyTemplate(aside);
  signal?.throwIfAborted();
  const database = await openForImport(aside, `${aside}.tmp`, isSmall);
  const unregister = once(database.close);
  const interrupt = (): void => database.connection.interrupt();
  signal?.addEventListener("abort", interrupt);
  closing.push(unregister, () => signal?.removeEventListener("abort", interrupt));
  const commit = async (isAnew = false): Promise<void> => {
    const next = isAnew ? await copyAnew(database) : aside;
    await database.connection.run("checkpoint");
    await old?.copy.refuseDamage();
    unregister();
    // Windows renames over no open file; elsewhere the old one is held until it is replaced, to keep writers out.
    if (process.platform === "win32") old?.release();
    await swap(next, target, { seen: old?.seen, signal });
    old?.linger();
    // A signal that came meanwhile is heard here, before this process stops to listen: what follows may be left out.
    await hearSignals();
    discard();
  };
  return { database, commit };
}

interface Old {
  readonly seen: Seen | undefined;
  readonly copy: Copy;
  readonly release: () => void;
  /** Lets the next `release` be in a second, or at the end of the process. */
  readonly linger: () => void;
}

/**
 * Another program may have opened the old file just before the renaming and ask for its lock only now: where it gets
 * that, what it writes goes into a file that has no name.
 */
const lingerMs = 1000;

/** Holds the old database, so that it is nobody's to change, and copies it. */
async function openOld({ target, aside, closing, signal }: Place): Promise<Old> {
  await replayWal(target);
  const database = await openForReading(target);
  const release = once(database.close);
  let isLingering = false;
  closing.push(() => (isLingering ? setTimeout(release, lingerMs).unref() : release()));
  const seen = lookAt(target);
  refuseWal(target);
  const copy = await copyAside(database, aside, signal);
  closing.push(copy.stop);
  return { seen, copy, release, linger: () => void (isLingering = true) };
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

/** What an ad-hoc writer left in the WAL belongs to the old file; swapped in beside a new one it would corrupt it. */
async function replayWal(target: string): Promise<void> {
  if (!hasWal(target)) return;
  await checkWal(target);
  const database = await openForImport(target, `${target}.tmp`);
  try {
    await database.connection.run("checkpoint");
  } finally {
    database.close();
  }
}

/** Writes all that is there into a new file beside it, in which nothing is left of what was deleted. Returns its path. */
async function copyAnew({ connection, path }: Database): Promise<string> {
  const fresh = freshPath(resolve(path));
  const [row] = await readRows(connection, "select current_database() as name");
  await connection.run(`attach ${quoteText(fresh)} as fresh`);
  await connection.run(`copy from database ${quoteName(String(row?.["name"]))} to fresh`);
  await connection.run("checkpoint fresh");
  await connection.run("detach fresh");
  return fresh;
}
