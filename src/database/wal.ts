import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { CliError, exitCodes } from "../errors.ts";
import { insistOn } from "../files.ts";
import { hearSignals, removeOnSignal } from "../signals.ts";
import { isHeldBriefly, maybeLockError } from "./errors.ts";

/** What DuckDB puts beside a database for what is not in it yet. */
export const walEndings = [".wal", ".wal.checkpoint", ".wal.recovery"];

const patienceMs = 20_000;

/** Throws exit 4 where changes stand beside the database that are not in it: they are for the program that wrote them to take in. */
export function refuseWal(path: string): void {
  const left = walEndings.map((ending) => path + ending).find((file) => existsSync(file));
  if (left === undefined) return;
  throw new CliError(
    `${left} holds changes that are not in the database yet. Open ${path} once with the program that wrote them and close it there (for example: duckdb ${path} -c checkpoint), then try again. Where that fails, restore both files from a copy.`,
    { exitCode: exitCodes.database },
  );
}

/** The same, or exit 4 with the name of the program that has the database open and is still at work on these changes. */
export async function refuseLeftWal(path: string): Promise<void> {
  if (!walEndings.some((ending) => existsSync(path + ending))) return;
  const look = async (): Promise<void> => {
    const error = new Error(await tryOpening(path));
    if (maybeLockError(path, error) !== undefined) throw error;
  };
  await insistOn(look, (error) => isHeldBriefly(path, error)).catch((error: unknown) => {
    throw maybeLockError(path, error) ?? error;
  });
  refuseWal(path);
}

const openingScript = `
const [api, path] = process.argv.slice(1);
require(api).DuckDBInstance.create(path, { access_mode: "READ_ONLY" })
  .then(() => process.exit(0), (error) => (console.error(error.message), process.exit(1)));`;

/** What the engine says when it opens a database, in a process of its own: it may crash on changes that are damaged. */
async function tryOpening(path: string): Promise<string> {
  const api = createRequire(import.meta.url).resolve("@duckdb/node-api");
  const words = await new Promise<string>((resolve) => {
    const child = execFile(
      process.execPath,
      ["-e", openingScript, api, path],
      { timeout: patienceMs, killSignal: "SIGKILL" },
      (_error, _stdout, stderr) => {
        release();
        resolve(stderr.trim());
      },
    );
    const release = removeOnSignal(() => child.kill("SIGKILL"));
  });
  // Ctrl-C at a terminal hits the child, too.
  await hearSignals();
  return words;
}
