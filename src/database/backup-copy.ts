import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRows, type Database } from "./open.ts";
import { CliError, exitCodes, messageOf, outputError } from "../errors.ts";
import { openFile } from "../files.ts";
import { isOutOfMemory, memoryError } from "./memory.ts";
import { hearSignals } from "../signals.ts";
import { compileWasm, startWasm } from "../wasm.ts";
import { bundleFolder, templateFile } from "../paths.ts";
import { copyOf } from "./identity.ts";

/** The exit code of a process, or the signal that ended it. */
type Ending = number | string | null;

/** A copy that is made, and the check of the original that goes on beside the import. */
export interface Copy {
  /** Whether every block has the sum that the engine gave it; one that is not used need not. Throws exit 4 where that cannot be found out. */
  readonly isRight: () => Promise<boolean>;
  readonly stop: () => void;
}

// The compiled one also for the tests, which run the sources.
const program = join(bundleFolder, "copy-child.js");

/** Copies an open database in a child process, which then checks all its blocks: reading the file in ours would drop the engine's lock. */
export async function copyAside(old: Database, aside: string, signal?: AbortSignal): Promise<Copy> {
  const { path } = old;
  const child = await startCopying(old, aside);
  const kill = (): boolean => child.kill("SIGKILL");
  signal?.addEventListener("abort", kill);
  let said = "";
  let words = "";
  const ended = new Promise<Ending>((resolve, reject) =>
    child.on("error", reject).on("close", (code, by) => resolve(code ?? by)),
  );
  // Where no process can be started there are no streams either.
  const { stdout, stderr } = child;
  stderr?.on("data", (data: Buffer) => (words += data.toString()));
  const watch = watchChild(() => `${said.length} ${sizeOf(copyOf(aside))}`, kill);
  void ended.catch(() => {}).finally(() => clearInterval(watch));
  const isCopied = await new Promise<boolean>((resolve, reject) => {
    stdout?.on("data", (data: Buffer) => {
      said += data.toString();
      if (said.startsWith("copied\n")) resolve(true);
    });
    ended.then(() => resolve(said.startsWith("copied\n")), reject);
  });
  if (!isCopied) throw await toCopyError(aside, words, { path, code: await ended, signal });
  const isRight = async (): Promise<boolean> => {
    const code = await ended;
    signal?.throwIfAborted();
    if (code !== 0) throw toCheckError(path, words, code);
    return said.endsWith("whole\n");
  };
  const stop = (): void => {
    signal?.removeEventListener("abort", kill);
    clearInterval(watch);
    kill();
  };
  return { isRight, stop };
}

async function startCopying({ path, connection }: Database, aside: string): Promise<ChildProcess> {
  checkInstallation(path);
  const [size] = await readRows(connection, "pragma database_size");
  const blocks = ["total_blocks", "block_size"].map((name) => String(size?.[name]));
  const args = [program, path, aside, ...blocks, String(process.pid)];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
}

/** How long a child may do nothing that can be seen. */
export const patience = { ms: 60_000 };

/** Ends a child that hangs: what there is to see of its work has not changed for too long. */
function watchChild(look: () => string, kill: () => void): NodeJS.Timeout {
  let seen = look();
  let since = performance.now();
  return setInterval(
    () => {
      const now = look();
      if (now !== seen) since = performance.now();
      else if (performance.now() - since > patience.ms) kill();
      seen = now;
    },
    Math.min(1000, patience.ms / 4),
  ).unref();
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Without its programs the child would say that the database cannot be read. */
function checkInstallation(path: string): void {
  const fail = (why: string): CliError =>
    new CliError(
      `the program that checks ${path} is missing or damaged, so nothing was changed; install m365-offline anew and try again`,
      { exitCode: exitCodes.database, lines: [why] },
    );
  if (!existsSync(program)) throw fail(`there is no ${program}`);
  let calls: object;
  try {
    calls = startWasm(compileWasm("blocks")) as object;
  } catch (error) {
    if (isOutOfMemory(error)) throw memoryError("to check the database; close other programs", error);
    throw fail(messageOf(error));
  }
  if (!("isWhole" in calls)) throw fail("blocks.wasm is another program");
}

async function toCopyError(aside: string, words: string, { path, code, signal }: Failed): Promise<unknown> {
  // Ctrl-C at a terminal hits the child, too: then the signal is the reason.
  await hearSignals();
  if (signal?.aborted) return signal.reason;
  if (words.startsWith("{"))
    return outputError(aside, toError(words), { needed: statSync(path).size, held: 0 });
  const why = `the copying process was ended by ${code}, or did nothing for a minute; try again`;
  return new CliError(`${path} cannot be copied aside: ${why}`, { exitCode: exitCodes.output });
}

interface Failed {
  readonly path: string;
  readonly code: Ending;
  readonly signal: AbortSignal | undefined;
}

function toError(words: string): Error {
  return Object.assign(new Error(), JSON.parse(words) as object);
}

function toCheckError(path: string, words: string, code: Ending): CliError {
  const why = words.startsWith("{")
    ? messageOf(toError(words))
    : `the checking process was ended by ${code}, or did nothing for a minute; try again`;
  return new CliError(`${path} cannot be read to its end, so nothing was changed: ${why}`, {
    exitCode: exitCodes.database,
  });
}

/** The empty database that was made with the build; without it a first import makes all tables and views itself. */
export function copyTemplate(aside: string): void {
  if (!existsSync(templateFile)) return;
  try {
    // Not copyFileSync: a copy has the mode of what it is of, and whoever opens it then reads what is written later.
    const file = openFile(aside, "wx");
    try {
      writeFileSync(file, readFileSync(templateFile));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw outputError(aside, error, { needed: statSync(templateFile).size, held: 0 });
  }
}
