import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import accessors from "@duckdb/node-api/lib/vectors/dataAccessors.js";
import { CliError, exitCodes, maybeErrorCode } from "../errors.ts";
import { quoteText } from "../schema/ddl.ts";
import { toOpenError } from "./errors.ts";
import { createInstance } from "./instance.ts";
import { smallMemory } from "./memory.ts";
import { toRows } from "./rows.ts";
import { makeScratch, removeLeftovers, temporary } from "./spill.ts";
import { refuseLeftWal, walEndings } from "./wal.ts";

// The binding's own decoder takes away the byte order mark that a text begins with.
Object.assign(accessors, { textDecoder: new TextDecoder("utf-8", { ignoreBOM: true }) });

export type Row = Readonly<Record<string, unknown>>;

/** An open DuckDB file, its connection, and a way to more of them with the same variables; all are closed with it. */
export interface Database {
  readonly path: string;
  readonly connection: DuckDBConnection;
  readonly connect: () => Promise<DuckDBConnection>;
  readonly close: () => void;
}

/** Every connection says times in UTC, whatever the zone of the machine. */
const inUtc = "set global TimeZone = 'UTC'";

/** No extension is ever installed, loaded or looked for: everything needed is built in. */
const offline = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  allow_community_extensions: "false",
  custom_extension_repository: "none",
} as const;

/**
 * SQL that stands in a database file, as in its views, may not read or write a file either. The engine lets SQL have
 * the database itself and its WAL all the same (COPY TO overwrites them), unless it is to open no file at all any more.
 */
const isolation = ["set enable_external_access = false", "set lock_configuration = true"];
const isolationFromAllFiles = isolation.toSpliced(1, 0, "set disabled_filesystems = 'LocalFileSystem'");

/** Where `copyAnew` writes to; besides its own files nothing else is open to a connection that imports. */
export function freshPath(path: string): string {
  return `${path}.fresh`;
}

/**
 * Opens for writing with the threads that an import may use, and with little memory unless it is not to be small;
 * `spill` is the folder for what does not fit.
 */
export async function openForImport(path: string, spill: string, isSmall = true): Promise<Database> {
  const threads = String(Math.max(1, availableParallelism() - 1));
  const limit = isSmall ? { memory_limit: smallMemory } : {};
  const config = { ...offline, ...limit, threads, temp_directory: spill };
  const place = placeOf(path);
  const own = [place, freshPath(place)].flatMap((file) => ["", ...walEndings].map((ending) => file + ending));
  const allow = `set allowed_paths = [${own.map(quoteText).join(", ")}]`;
  // What is discarded need not be made whole before; whoever keeps it checkpoints.
  const settings = [inUtc, "pragma disable_checkpoint_on_shutdown", allow, ...isolation];
  return await open(path, config, { settings });
}

/** Opens read-only and keeps the file from writers in other processes; for looking up, not for the user's SQL. */
export async function openForReading(path: string): Promise<Database> {
  const config = { ...offline, access_mode: "READ_ONLY", threads: "1", temp_directory: "" };
  return await openExisting(path, config, { settings: [inUtc, ...isolationFromAllFiles] });
}

/** How the folders beside a database begin where a query with little memory may spill. */
function spillStart(path: string): string {
  return `${resolveDatabase(resolve(path))}.spill-`;
}

/** Removes what killed processes could not: folders beside this database, and those of `check`. */
export async function removeSpills(path: string): Promise<void> {
  await removeLeftovers(temporary());
  await removeLeftovers(spillStart(path));
}

/**
 * Opens read-only for SQL that we did not write: no files, no settings, no extensions; variables are set first.
 * With `isSmall` it takes the memory of an import at most, and spills beside the database.
 */
export async function openForQuery(
  path: string,
  values: Readonly<Record<string, string | number>>,
  isSmall = false,
): Promise<Database> {
  await removeSpills(path);
  // A database in a folder that cannot be written is read with the memory that there is.
  const scratch = isSmall ? await makeScratch(spillStart(path)).catch(() => undefined) : undefined;
  const spill = scratch === undefined ? "" : join(scratch.folder, "spill");
  const limit = isSmall ? { memory_limit: smallMemory, threads: "1" } : {};
  const config = { ...offline, ...limit, access_mode: "READ_ONLY", temp_directory: spill };
  const variables = Object.entries(values).map(([name, value]) =>
    typeof value === "number"
      ? `set variable ${name} = ${value}`
      : `set variable ${name} = '${value.replaceAll("'", "''")}'`,
  );
  const settings = [inUtc, ...(isSmall ? isolation : isolationFromAllFiles)];
  const database = await openExisting(path, config, { settings, variables }).catch((error: unknown) => {
    scratch?.remove();
    throw error;
  });
  const close = (): void => {
    database.close();
    scratch?.remove();
  };
  return { ...database, close };
}

/** What is run when a database is open: what holds for all of it, and what each connection is to know. */
interface Preparation {
  readonly settings: readonly string[];
  readonly variables?: readonly string[];
}

async function openExisting(
  path: string,
  config: Record<string, string>,
  preparation: Preparation,
): Promise<Database> {
  const target = existingPath(path);
  checkName(target);
  await refuseLeftWal(target);
  return await open(target, config, preparation);
}

async function open(
  path: string,
  config: Record<string, string>,
  { settings, variables = [] }: Preparation,
): Promise<Database> {
  let instance: DuckDBInstance;
  try {
    instance = await createInstance(placeOf(path), config);
  } catch (error) {
    throw toOpenError(path, error);
  }
  const connections: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    connections.push(connection);
    for (const variable of variables) await connection.run(variable);
    return connection;
  };
  const close = (): void => {
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
  };
  try {
    const connection = await connect();
    for (const setting of settings) await connection.run(setting);
    return { path, connection, connect, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** A name such as `md:x` or `s3://x` is a file in this folder, never something that the engine would look for elsewhere. */
function placeOf(path: string): string {
  return path === ":memory:" ? path : resolve(path);
}

/** The file behind a path, symbolic links resolved; the path itself when nothing is there yet. Throws exit 4 for a link that leads to nothing, and for what is no database. */
export function resolveDatabase(path: string): string {
  if (existsSync(path)) return refuseOther(realpathSync(path));
  if (isLink(path))
    throw new CliError(
      `${path} is a link that leads to no file, so there is no place for a database: make what it leads to reachable, or remove the link`,
      { exitCode: exitCodes.database },
    );
  return path;
}

/**
 * No database is an empty file (one was cut to nothing, or somebody made the file for it), nor a folder, a device or a
 * pipe, at which the engine would wait for ever.
 */
function refuseOther(path: string): string {
  const stats = statSync(path);
  if (stats.isFile() && stats.size > 0) return path;
  const why = stats.isFile()
    ? "is an empty file and no database. Remove it to begin anew, or restore it from a copy."
    : "is not a file, so no database; choose another place with --db FILE";
  throw new CliError(`${path} ${why}`, { exitCode: exitCodes.database });
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Throws exit 4 where the system does not say it: a folder that may not be entered hides what is in it. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    const code = maybeErrorCode(error);
    if (code !== "EACCES" && code !== "EPERM") return false;
    throw new CliError(
      `${path} may not be opened: permission denied for a folder above it. Ask for the right to enter it, or use the account that has it.`,
      { exitCode: exitCodes.database, cause: error },
    );
  }
}

/** The file behind a path that must be there. Throws exit 4 where nothing is. */
export function existingPath(path: string): string {
  const target = resolveDatabase(path);
  if (isThere(target)) return target;
  throw new CliError(`there is no database ${path}. Make one with: m365-offline import PATH… --db ${path}`, {
    exitCode: exitCodes.database,
  });
}

/** Runs SQL and returns its rows as plain objects: dates and times as texts, integers as numbers where those are exact. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values?: Record<string, DuckDBValue>,
): Promise<Row[]> {
  const { columns, batches } = toRows(await connection.run(sql, values));
  const rows: Row[] = [];
  for await (const batch of batches)
    for (const row of batch)
      rows.push(Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
  return rows;
}

/** The schemas of a database. DuckDB names a database after its file, and takes `meta.tenant` for either then. */
export const schemas = [
  "raw",
  "reference",
  "staging",
  "intermediate",
  "checks",
  "lineage",
  "meta",
  "macros",
] as const;

const taken = new Set<string>([...schemas, "information_schema"]);

/** Names that are no files on Windows, whatever stands behind a dot. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Throws exit 2 for a file whose name is that of a schema (no SQL could tell the two apart), or whose path the engine reads otherwise. */
export function checkName(path: string): void {
  // The engine puts its log beside what stands before a question mark, and takes the rest for options.
  if (resolve(path).includes("?"))
    throw new CliError(
      `a database cannot lie at ${path}, because its path has a question mark in it; choose another place with --db FILE`,
      { exitCode: exitCodes.usage },
    );
  if (process.platform === "win32" && devices.test(basename(path)))
    throw new CliError(
      `a database cannot be named ${basename(path)}, which Windows keeps for a device; name the file, for example, tenant.duckdb`,
      { exitCode: exitCodes.usage },
    );
  // The engine's name for a file is what stands before the first dot behind those it begins with.
  const [name = ""] = basename(path).replace(/^\.+/, "").split(".");
  if (taken.has(name.toLowerCase()))
    throw new CliError(
      `a database cannot be named ${name}, because SQL could not tell it from the schema ${name.toLowerCase()} in it; name the file, for example, tenant.duckdb`,
      { exitCode: exitCodes.usage },
    );
}
