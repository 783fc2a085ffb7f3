import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  readFileSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { CliError, exitCodes, maybeErrorCode, messageOf, outputError } from "../errors.ts";
import { insistOn, openFile, removeFile, removeQuietly } from "../files.ts";
import { quoteName, quoteText } from "../schema/ddl.ts";
import { hearSignals, interruption, removeOnSignal } from "../signals.ts";
import { type Copy, copyAside, copyTemplate } from "./backup-copy.ts";
import { findConstraints, isConstraint } from "./constraints.ts";
import { isHeldBriefly, toEngineError } from "./errors.ts";
import { identityOf } from "./identity.ts";
import { asides, type Lock, lockBuilds, removeAside, takenError } from "./lock.ts";
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
import { refuseWal } from "./wal.ts";

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
  const target = findTarget(path);
  return await withMemory(async (isSmall) => await buildOnce({ target, signal, isSmall }, work));
}

function findTarget(path: string): string {
  if (path === "" || /[/\\]$/.test(path))
    throw new CliError(`--db needs the name of a file${path && `, and ${path} is that of a folder`}`, {
      exitCode: exitCodes.usage,
    });
  const target = resolveDatabase(path);
  checkName(target);
  refuseMount(target);
  return target;
}

/**
 * Throws what `withBuild` would throw at its beginning, before files of gigabytes are read for it: where another import
 * is at work, another program has the database open, or the folder cannot be written. `look` may refuse what is there.
 * Nothing stays locked, so that a signal ends the reading at once; who comes first afterwards is decided there.
 */
export async function refuseEarly(path: string, look: (database: Database) => Promise<void>): Promise<void> {
  const target = findTarget(path);
  try {
    await checkFolderHearing(target);
    await refuseOtherBuild(`${target}.importing.lock`);
    if (!existsSync(target)) return;
    const database = await openForReading(target);
    try {
      await look(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw toEngineError(error, target);
  }
}

/** A signal amid the probe waits until that is removed. */
async function checkFolderHearing(target: string): Promise<void> {
  const release = removeOnSignal(() => {});
  try {
    checkFolder(target);
    await hearSignals();
  } finally {
    release();
  }
  interruption.throwIfAborted();
}

/** A lock that nobody holds, left by a process that was killed, goes. */
async function refuseOtherBuild(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const lock = await lockBuilds(path);
  lock.takeAway();
  lock.close();
  lock.remove();
}

/** A path as it stands in mountinfo: some characters are octal numbers there. */
function toPath(text = ""): string {
  return text.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 8)));
}

/** Throws exit 5 for a file that is mounted by itself, as containers do: nothing can take its place. */
function refuseMount(target: string): void {
  if (process.platform !== "linux" || !existsSync(target)) return;
  const mounts = readFileSync("/proc/self/mountinfo", "latin1").split("\n");
  const name = Buffer.from(resolve(target)).toString("latin1");
  if (mounts.every((line) => toPath(line.split(" ")[4]) !== name)) return;
  throw new CliError(
    `${target} is mounted by itself (a container does so with a single file), so no new state can take its place. Mount its folder instead, or choose another place with --db FILE.`,
    { exitCode: exitCodes.output },
  );
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
  let lock: Lock | undefined;
  const remove = (): void => {
    // Until the lock is ours, and when it is no longer, what stands there is another import's.
    if (!lock?.isOurs()) return;
    // Twice: while large files go, the engine's threads may make another where a signal ends the process.
    for (let pass = 1; pass <= 2; pass += 1) removeAside(aside);
    lock.takeAway();
  };
  const release = removeOnSignal(() => {
    remove();
    lock?.remove();
  });
  const closing: (() => void)[] = [release];
  const discard = (): void => {
    for (const close of closing.splice(0).toReversed()) tryTo(close);
  };
  try {
    checkFolder(target);
    lock = await lockBuilds(`${aside}.lock`);
    closing.push(lock.remove, lock.close, remove);
    signal?.throwIfAborted();
    return await work(await startBuild({ target, aside, lock, closing, discard, signal, isSmall }));
  } catch (error) {
    if (signal?.aborted) throw error;
    const known = toEngineError(error, target, asides(aside));
    throw isConstraint(known) ? ((await findConstraints(target)) ?? known) : known;
  } finally {
    discard();
  }
}

/** Cleaning up changes nothing of how the work has ended: what is left goes with the next start. */
function tryTo(close: () => void): void {
  try {
    close();
  } catch {
    // The engine, too, may be refused by the system when it closes a file.
  }
}

interface Place extends Attempt {
  readonly aside: string;
  readonly lock: Lock;
  readonly closing: (() => void)[];
  readonly discard: () => void;
}

async function startBuild(place: Place): Promise<Build> {
  const { target, aside, lock, closing, discard, signal, isSmall } = place;
  lock.check();
  removeAside(aside);
  await removeSpills(target);
  const old = existsSync(target) ? await openOld(place) : undefined;
  if (old === undefined) copyTemplate(aside);
  signal?.throwIfAborted();
  const database = await openForImport(aside, `${aside}.tmp`, isSmall);
  const made = identityOf(aside);
  const unregister = once(database.close);
  const interrupt = (): void => database.connection.interrupt();
  signal?.addEventListener("abort", interrupt);
  closing.push(unregister, () => signal?.removeEventListener("abort", interrupt));
  const commit = async (isAnew = false): Promise<void> => {
    const isWhole = (await old?.isWhole()) ?? true;
    const next = isAnew || !isWhole ? await copyAnew(database) : aside;
    await database.connection.run("checkpoint");
    const identity = next === aside ? made : identityOf(next);
    const check = (): void => {
      lock.check();
      if (identityOf(next) !== identity && existsSync(dirname(next))) throw takenError(next);
    };
    unregister();
    keepOwner(next, target);
    // Windows renames over no open file; elsewhere the old one is held until it is replaced, to keep writers out.
    if (process.platform === "win32") old?.release();
    await swap(next, target, { seen: old?.seen, signal, check });
    old?.linger();
    // A signal that came meanwhile is heard here, before this process stops to listen: what follows may be left out.
    await hearSignals();
    discard();
  };
  return { database, commit };
}

interface Old {
  readonly seen: Seen | undefined;
  /** Whether every block is as it was written. Throws exit 4 when one is not that a table needs. */
  readonly isWhole: () => Promise<boolean>;
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
  const database = await openForReading(target);
  const release = once(database.close);
  let isLingering = false;
  closing.push(() => (isLingering ? setTimeout(release, lingerMs).unref() : release()));
  const seen = lookAt(target);
  refuseWal(target);
  const copy: Copy = await copyAside(database, aside, signal);
  closing.push(copy.stop);
  const isWhole = async (): Promise<boolean> => {
    const isRight = await copy.isRight();
    if (!isRight) await readAll(database);
    return isRight;
  };
  return { seen, isWhole, release, linger: () => void (isLingering = true) };
}

/** Has the engine read every value of every table; it refuses a damaged block. */
async function readAll({ connection, path }: Database): Promise<void> {
  const tables = await readRows(
    connection,
    "select schema_name as schema, table_name as name from duckdb_tables() where not internal and not temporary",
  );
  try {
    for (const { schema, name } of tables)
      await connection.run(
        `select bit_xor(hash(t)) from ${quoteName(String(schema))}.${quoteName(String(name))} as t`,
      );
  } catch (error) {
    throw toEngineError(error, path);
  }
}

/** Gives the new file the owner and the mode of an old one that is somebody else's, into whose database root may import. */
function keepOwner(path: string, target: string): void {
  const old = statSync(target, { throwIfNoEntry: false });
  if (old === undefined || process.getuid === undefined || old.uid === process.getuid()) return;
  try {
    chownSync(path, old.uid, old.gid);
  } catch (error) {
    // Who may not give files away keeps what is theirs.
    if (maybeErrorCode(error) !== "EPERM") throw error;
  }
  chmodSync(path, old.mode & 0o777);
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}

/** More than the engine writes into a new file. */
const probeBytes = 65_536;
/** What is of the file, not of its folder. */
const fileCodes = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE", "ENAMETOOLONG"]);

function statFolder(folder: string): Stats | undefined {
  try {
    return statSync(folder, { throwIfNoEntry: false });
  } catch (error) {
    throw outputError(folder, error);
  }
}

function checkFolder(target: string): void {
  const folder = dirname(target);
  const stats = statFolder(folder);
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
    const file = openFile(probe, "w");
    try {
      // A lock that there is no room for would be left torn.
      writeFileSync(file, Buffer.alloc(probeBytes));
    } finally {
      closeSync(file);
    }
    // Another import may have removed it already.
    removeFile(probe);
  } catch (error) {
    removeQuietly(probe);
    if (fileCodes.has(maybeErrorCode(error) ?? ""))
      throw outputError(target, error, { needed: probeBytes, held: 0 });
    refuse(`cannot be written (${messageOf(error)})`);
  }
}

/** Writes all that is there into a new file beside it, in which nothing is left of what was deleted. Returns its path. */
async function copyAnew({ connection, path }: Database): Promise<string> {
  const fresh = freshPath(resolve(path));
  const [row] = await readRows(connection, "select current_database() as name");
  await insistOn(
    async () => await connection.run(`attach ${quoteText(fresh)} as fresh`),
    (error) => isHeldBriefly(fresh, error),
  );
  await connection.run(`copy from database ${quoteName(String(row?.["name"]))} to fresh`);
  await connection.run("checkpoint fresh");
  await connection.run("detach fresh");
  return fresh;
}
