import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { CliError, exitCodes } from "../errors.ts";
import { hearSignals, removeOnSignal } from "../signals.ts";

/** What DuckDB puts beside a database for what is not in it yet. */
export const walEndings = [".wal", ".wal.checkpoint", ".wal.recovery"];

/** Whether a program that was stopped has left something beside the database. */
export function hasWal(path: string): boolean {
  return walEndings.some((ending) => existsSync(path + ending));
}

/** Throws exit 4 where something is left beside the database that does not stand in it yet. */
export function refuseWal(path: string, endings = walEndings): void {
  const left = endings.map((ending) => path + ending).find((file) => existsSync(file));
  if (left === undefined) return;
  throw new CliError(
    `${left} holds changes that are not yet in the database. Open and close ${path} with the program that wrote them, then try again.`,
    { exitCode: exitCodes.database },
  );
}

/**
 * Throws exit 4 where the changes beside a database cannot be taken into it as a whole. A process of its own tries it,
 * without writing: DuckDB may crash on changes that are damaged or of another file. Where another program holds the
 * database nothing is said; opening it will tell.
 */
export async function checkWal(path: string): Promise<void> {
  if (!hasWal(path)) return;
  const { isDone, words } = await tryReading(path);
  if (!isDone && /lock on file|being used by another process/i.test(words)) return;
  // Whoever wrote it may have taken it in meanwhile.
  if (!hasWal(path)) return;
  refuseWal(path, walEndings.slice(1));
  if (isDone && isWhole(`${path}.wal`)) return;
  throw new CliError(
    `${path}.wal holds changes that cannot be taken into the database: they are not whole, damaged, or of another database. Restore both files from a copy, or remove ${path}.wal to go on without these changes.`,
    { exitCode: exitCodes.database },
  );
}

/** Reads every value of every table with the changes in memory. */
const readingScript = `
const [api, path] = process.argv.slice(1);
const { DuckDBInstance } = require(api);
const quote = (name) => '"' + name.replaceAll('"', '""') + '"';
const read = async () => {
  const config = { access_mode: "READ_ONLY", autoinstall_known_extensions: "false", autoload_known_extensions: "false" };
  const instance = await DuckDBInstance.create(path, config);
  const connection = await instance.connect();
  const sql = "select schema_name, table_name from duckdb_tables() where not internal";
  for (const [schema, table] of (await connection.runAndReadAll(sql)).getRows())
    await connection.run("select bit_xor(hash(t)) from " + quote(schema) + "." + quote(table) + " as t");
};
read().then(() => process.exit(0), (error) => (console.error(error.message), process.exit(1)));`;

async function tryReading(path: string): Promise<{ isDone: boolean; words: string }> {
  const api = createRequire(import.meta.url).resolve("@duckdb/node-api");
  const child = spawn(process.execPath, ["-e", readingScript, api, path], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const release = removeOnSignal(() => child.kill("SIGKILL"));
  let words = "";
  child.stderr.on("data", (data: Buffer) => (words += data.toString()));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  // Ctrl-C at a terminal hits the child, too.
  await hearSignals();
  release();
  return { isDone: code === 0, words };
}

/** What DuckDB begins a log with, and what it ends a transaction with; then a log that it has taken over. */
const header = Buffer.from([0x64, 0, 0x62, 0x65, 0, 2, 0xff, 0xff]);
const endings = ["640064ffff", "640063"];
const entryHead = 16;

/**
 * Whether a log ends with a whole transaction. DuckDB takes what is not for nothing, but not always all of it: rows
 * that stand in the database already may stay, without the rest of their transaction.
 */
function isWhole(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return true;
  const descriptor = openSync(path, "r");
  try {
    const read = (at: number, bytes: number): Buffer => {
      const block = Buffer.alloc(bytes);
      return block.subarray(0, readSync(descriptor, block, 0, bytes, at));
    };
    if (!read(0, header.length).equals(header)) return false;
    let last: Buffer | undefined;
    let at = header.length;
    while (at + entryHead <= size) {
      const length = Number(read(at, 8).readBigUInt64LE());
      last = read(at + entryHead, Math.min(length, 5));
      at += entryHead + length;
    }
    const isEnded = last === undefined || endings.some((ending) => last?.toString("hex").startsWith(ending));
    return at === size && isEnded;
  } finally {
    closeSync(descriptor);
  }
}
