import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { copyAnew, copyScript } from "./compact.ts";
import {
  openForImport,
  openForReading,
  removeSpills,
  resolveDatabase,
  walEndings,
  type Database,
} from "./database.ts";
import { swap } from "./swap.ts";
import { CliError, exitCodes, messageOf, outputError } from "./errors.ts";

/** The next state of a database, made beside it: nothing of the old file changes until `commit` has succeeded. */
export interface Build {
  readonly database: Database;
  /** Checkpoints, closes, makes durable and puts the new file in the place of the old one; with `isAnew` as a file that has no byte of what was deleted. */
  readonly commit: (isAnew?: boolean) => Promise<void>;
  /** Closes and removes all that the build made; harmless after `commit`. */
  readonly discard: () => void;
}

/**
 * Locks the database against other imports and writers, copies it aside and opens the copy. Throws exit 4 when
 * another process holds it, exit 5 when the folder or the disk refuses.
 */
export async function startBuild(path: string): Promise<Build> {
  if (path === "") throw new CliError("--db needs the name of a file", { exitCode: exitCodes.usage });
  const target = resolveDatabase(path);
  const aside = `${target}.importing`;
  checkFolder(target);
  const opened: Database[] = [];
  const discard = (): void => {
    for (const database of opened.splice(0).toReversed()) database.close();
  };
  const lock = await lockBuilds(`${aside}.lock`);
  opened.push({ ...lock, close: () => unlock(lock, aside) });
  let releaseOld: (() => void) | undefined;
  try {
    removeAside(aside);
    await removeSpills(target);
    if (existsSync(target)) {
      await replayWal(target);
      const old = await openForReading(target);
      releaseOld = once(old.close);
      opened.push({ ...old, close: releaseOld });
      refuseWal(target);
      await copyAside(target, aside);
    } else copyTemplate(aside);
    const database = await openForImport(aside, `${aside}.tmp`);
    const unregister = once(database.close);
    opened.push({ ...database, close: unregister });
    const commit = async (isAnew = false): Promise<void> => {
      const next = isAnew ? await copyAnew(database) : aside;
      await database.connection.run("checkpoint");
      unregister();
      // Windows renames over no open file; elsewhere the old one is held until it is replaced, to keep writers out.
      if (process.platform === "win32") releaseOld?.();
      try {
        await swap(next, target);
      } catch (error) {
        throw outputError(target, error);
      }
      discard();
    };
    return { database, commit, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

/** The empty database that was made with the build; without it a first import makes all tables and views itself. */
const template = fileURLToPath(new URL("template.duckdb", import.meta.url));

function copyTemplate(aside: string): void {
  if (!existsSync(template)) return;
  try {
    // Not copyFileSync: a copy has the mode of what it is of, and whoever opens it then reads what is written later.
    writeFileSync(aside, readFileSync(template), { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw outputError(aside, error);
  }
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
    rmSync(probe);
  } catch (error) {
    refuse(`cannot be written (${messageOf(error)})`);
  }
}

/** Holds a DuckDB file open for writing: the engine's own file lock, which a dead process gives up. */
async function lockBuilds(path: string): Promise<Database> {
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
    const why = `another import is running on it (${holder}). Wait until it has ended and try again.`;
    throw new CliError(`${target}: ${why}`, { exitCode: exitCodes.database });
  }
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

function removeAside(aside: string): void {
  for (const ending of ["", ...walEndings, ".tmp", ".copy", ".fresh", ".fresh.wal"])
    rmSync(aside + ending, { force: true, recursive: true });
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

function refuseWal(target: string): void {
  const left = walEndings.map((ending) => target + ending).find((path) => existsSync(path));
  if (left === undefined) return;
  throw new CliError(
    `${left} holds changes that are not yet in the database. Open and close ${target} with the program that wrote them, then try again.`,
    { exitCode: exitCodes.database },
  );
}

/** Copies in a child process: reading the file in ours would drop the lock that DuckDB holds on it. */
async function copyAside(target: string, aside: string): Promise<void> {
  const child = spawn(process.execPath, ["-e", copyScript, target, aside], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  child.stderr.on("data", (data: Buffer) => (words += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on("error", reject).on("close", resolve),
  );
  if (code === 0) return;
  const why = /ENOSPC/.test(words)
    ? `the disk is full (${statSync(target).size} bytes are needed)`
    : (words.match(/Error: .*/)?.[0] ?? `code ${code}`);
  throw new CliError(`cannot copy ${target} aside: ${why}`, { exitCode: exitCodes.output });
}
