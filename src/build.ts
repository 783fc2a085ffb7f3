import { spawn } from "node:child_process";
import { chmodSync, closeSync, copyFileSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { copyAnew } from "./compact.ts";
import { openForImport, openForReading, resolveDatabase, spillFolder, type Database } from "./database.ts";
import { CliError, exitCodes, messageOf, outputError } from "./errors.ts";
import { hearSignals, removeOnSignal } from "./interrupt.ts";
import { lockBuilds, removeAll, removeAside, unlock } from "./lock.ts";
import { swap } from "./swap.ts";
import { checkWal, hasWal, refuseWal } from "./wal.ts";

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
 * another process holds it, exit 5 when the folder or the disk refuses. An aborted signal interrupts what runs in it,
 * and `commit` up to the moment of the renaming.
 */
export async function startBuild(path: string, signal?: AbortSignal): Promise<Build> {
  if (path === "") throw new CliError("--db needs the name of a file", { exitCode: exitCodes.usage });
  const target = resolveDatabase(path);
  const aside = `${target}.importing`;
  let isLocked = false;
  // Until the lock is ours, what stands there is another import's.
  const release = removeOnSignal(() => {
    if (isLocked) removeAll(target);
  });
  const opened: { readonly close: () => void }[] = [{ close: release }];
  const discard = (): void => {
    for (const { close } of opened.splice(0).toReversed()) close();
  };
  try {
    checkFolder(target);
    const lock = await lockBuilds(`${aside}.lock`);
    isLocked = true;
    opened.push({ close: () => unlock(lock, aside) });
    signal?.throwIfAborted();
    removeAside(aside);
    rmSync(spillFolder(target), { recursive: true, force: true });
    const old = await copyOld({ target, aside, signal });
    opened.push(old);
    signal?.throwIfAborted();
    const database = await openAside(aside);
    const close = once(database.close);
    const interrupt = (): void => database.connection.interrupt();
    signal?.addEventListener("abort", interrupt);
    opened.push({ close }, { close: () => signal?.removeEventListener("abort", interrupt) });
    const commit = async (isAnew = false): Promise<void> => {
      const next = isAnew ? await copyAnew(database) : aside;
      await database.connection.run("checkpoint");
      close();
      // Windows renames over no open file; elsewhere the old one is held until it is replaced, to keep writers out.
      if (process.platform === "win32") old.close();
      await replace(next, target, signal);
      discard();
    };
    return { database, commit, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

async function openAside(aside: string): Promise<Database> {
  const database = await openForImport(aside, `${aside}.tmp`);
  // What is discarded need not be made whole before; `commit` does it itself.
  await database.connection.run("pragma disable_checkpoint_on_shutdown");
  return database;
}

interface Copying {
  readonly target: string;
  readonly aside: string;
  readonly signal: AbortSignal | undefined;
}

/** Makes the file aside out of the old one, which then is held, or out of the empty one that comes with the build. */
async function copyOld({ target, aside, signal }: Copying): Promise<{ readonly close: () => void }> {
  if (!existsSync(target)) {
    copyTemplate(aside);
    return { close: () => {} };
  }
  await replayWal(target);
  const old = await openForReading(target);
  const close = once(old.close);
  try {
    refuseWal(target);
    await copyAside({ target, aside, signal });
  } catch (error) {
    close();
    throw error;
  }
  return { close };
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

async function replace(next: string, target: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await swap(next, target, signal);
  } catch (error) {
    throw signal?.aborted ? error : outputError(target, error);
  }
  // A signal that came meanwhile is heard here, before this process stops to listen: what follows may be left out.
  await hearSignals();
}

/** The empty database that was made with the build; without it a first import makes all tables and views itself. */
const template = fileURLToPath(new URL("template.duckdb", import.meta.url));

function copyTemplate(aside: string): void {
  if (!existsSync(template)) return;
  try {
    copyFileSync(template, aside);
    chmodSync(aside, 0o600);
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

/** Refuses to copy for a parent that is dead: another import may be at work on the copy by then. */
const copyScript = `
const [target, aside, parent] = process.argv.slice(1);
const { COPYFILE_FICLONE, COPYFILE_EXCL } = fs.constants;
if (process.platform !== "win32" && process.ppid !== Number(parent)) process.exit(1);
fs.copyFileSync(target, aside, COPYFILE_FICLONE | COPYFILE_EXCL);`;

/** Copies in a child process: reading the file in ours would drop the lock that DuckDB holds on it. */
async function copyAside({ target, aside, signal }: Copying): Promise<void> {
  const args = ["-e", copyScript, target, aside, String(process.pid)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const kill = (): boolean => child.kill("SIGKILL");
  signal?.addEventListener("abort", kill);
  let words = "";
  child.stderr.on("data", (data: Buffer) => (words += data.toString()));
  const ending = await new Promise<number | string | null>((resolve, reject) =>
    child.on("error", reject).on("close", (code, by) => resolve(code ?? by)),
  );
  signal?.removeEventListener("abort", kill);
  if (ending === 0) return;
  // Ctrl-C at a terminal hits the child, too: then the signal is the reason.
  await hearSignals();
  signal?.throwIfAborted();
  const why = /ENOSPC/.test(words)
    ? `the disk is full (${statSync(target).size} bytes are needed)`
    : (words.match(/Error: .*/)?.[0] ?? `the copying process was ended by ${ending}; try again`);
  throw new CliError(`cannot copy ${target} aside: ${why}`, { exitCode: exitCodes.output });
}
