import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { type Database, readRows, type Row } from "../database/open.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { prepareTables } from "../ledger/ledger.ts";
import { loadDatasets } from "../schema/dataset.ts";
import { readSql, readViews } from "./models.ts";

/** What another program has dropped, or put something else in the place of, in a database of this build. */
export interface ForeignChanges {
  /** What any import makes anew. */
  readonly remade: readonly string[];
  /** Tables of what was imported, which nothing brings back. */
  readonly lost: readonly string[];
}

/** Tables of the ledger that only spare work. */
const sparing = ["meta.settled_tables", "meta.earlier_upns"];

/** Looks for our views and tables by their names and comments: nobody who replaces one gives it its comment. */
export async function findForeignChanges(connection: DuckDBConnection): Promise<ForeignChanges> {
  const rows = await readRows(
    connection,
    `select schema_name || '.' || view_name as place, comment from duckdb_views() where not internal
     union all
     select schema_name || '.' || table_name, comment from duckdb_tables() where not internal`,
  );
  const comments = new Map(rows.map(({ place, comment }) => [String(place), String(comment ?? "")]));
  const isOurs = (place: string, grain: string): boolean => comments.get(place)?.startsWith(grain) === true;
  const changed = readViews().filter(({ schema, name, grain }) => !isOurs(`${schema}.${name}`, grain));
  // A view of what is settled names its table.
  const named = [...comments.values()].flatMap(
    (comment) => /Settled in ([\w.]+)\.$/.exec(comment)?.[1] ?? [],
  );
  const madeWithViews = namesIn(readSql("ledger/outputs"), "table");
  const made = ["meta.datasets", ...sparing, ...named, ...madeWithViews];
  const ledger = namesIn(readSql("ledger/meta"), "table").filter((place) => !made.includes(place));
  const isThere = (place: string): boolean => comments.has(place);
  const datasets = isThere("meta.datasets") ? await readDatasets(connection) : [];
  const raw = datasets.map(({ dataset }) => `raw.${String(dataset)}`);
  return {
    remade: [
      ...changed.map(({ schema, name }) => `${schema}.${name}`),
      ...made.filter((place) => !isThere(place)),
    ],
    lost: [...ledger, ...raw].filter((place) => !isThere(place)),
  };
}

function isLost(place: string): boolean {
  return !["meta.datasets", ...sparing].includes(place);
}

/** The same, and functions and columns, for who has failed in a database. */
async function findAllForeignChanges(connection: DuckDBConnection): Promise<ForeignChanges> {
  const { remade, lost } = await findForeignChanges(connection);
  const macros = await findDroppedMacros(connection);
  const there = new Set((await readColumns(connection)).map(describeColumn));
  const datasets = remade.includes("meta.datasets") ? [] : await readDatasets(connection);
  const known = loadDatasets();
  const isKnown = (table: string): boolean =>
    table.startsWith("meta.") ||
    datasets.some(
      ({ dataset, schema_hash: hash }) =>
        `raw.${String(dataset)}` === table && known.get(String(dataset))?.hash === hash,
    );
  const wanted = (await readOwnColumns()).filter((column) => !there.has(describeColumn(column)));
  const tables = new Set(wanted.map(({ place }) => String(place)).filter(isKnown));
  return {
    remade: [...new Set([...remade, ...macros, ...[...tables].filter((place) => !isLost(place))])],
    lost: [...new Set([...lost, ...[...tables].filter(isLost)])],
  };
}

/** Functions of ours that are not there: only who writes looks for them before, as the engine lists thousands of its own. */
export async function findDroppedMacros(connection: DuckDBConnection): Promise<readonly string[]> {
  const functions = await readRows(
    connection,
    "select distinct schema_name || '.' || function_name as place from duckdb_functions() where schema_name = 'macros'",
  );
  const places = new Set(functions.map(({ place }) => place));
  return namesIn(readSql("ledger/meta"), "macro").filter((place) => !places.has(place));
}

/** The columns of the tables as this build makes them. */
async function readOwnColumns(): Promise<readonly Row[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await prepareTables(connection, readSql("ledger/meta"), loadDatasets().values());
    return await readColumns(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function readColumns(connection: DuckDBConnection): Promise<readonly Row[]> {
  return await readRows(
    connection,
    `select schema_name || '.' || table_name as place, column_name, data_type from duckdb_columns()
     where schema_name in ('meta', 'raw')`,
  );
}

function describeColumn({ place, column_name: name, data_type: type }: Row): string {
  return JSON.stringify([place, name, type]);
}

async function readDatasets(connection: DuckDBConnection): Promise<readonly Row[]> {
  return await readRows(connection, "select dataset, schema_hash from meta.datasets");
}

/** The names of what statements of ours make. */
function namesIn(sql: string, kind: "table" | "macro"): string[] {
  return [...sql.matchAll(/^create (?:or replace )?(table|macro) (?:if not exists )?([\w.]+)/gm)].flatMap(
    ([, what, name = ""]) => (what === kind ? [name] : []),
  );
}

const mostNames = 3;

function listNames(names: readonly string[]): string {
  const more = names.length - mostNames;
  return more > 0 ? `${names.slice(0, mostNames).join(", ")} and ${more} more` : names.join(", ");
}

/** The error, exit 4, for a database that lacks what was imported into it; undefined where it has all of that. */
export function maybeLostError(path: string, { lost }: ForeignChanges): CliError | undefined {
  if (lost.length === 0) return undefined;
  return refusal(
    path,
    `lacks ${listNames(lost)}, or columns of that, which another program dropped or changed, and with it what was imported. Restore it from a copy, or import your files into a new database (--db FILE).`,
  );
}

/** What one says of a database that another program changed, to who reads it. */
export function describeForeignChanges(path: string, { remade }: ForeignChanges): string {
  return `notice: another program dropped or replaced ${listNames(remade)} in ${path}. Any import makes that anew, of files that are in it, too.`;
}

interface Failed extends Pick<Database, "path" | "connect"> {
  readonly act: "read" | "write";
  /** What was found before anything was done. */
  readonly known?: ForeignChanges;
}

const kinds = /^(?:Catalog|Binder|Constraint|Conversion|Dependency|Invalid Input) Error: /;

/** What fails because another program has dropped or replaced something is no fault of ours: exit 4 with what to do. Anything else as it is. */
export async function toForeignError(
  error: unknown,
  { path, connect, act, known }: Failed,
): Promise<unknown> {
  // What the user's SQL says may be refused for what it reads, too.
  const cause = error instanceof CliError && error.exitCode === exitCodes.usage ? error.cause : error;
  if (!kinds.test(messageOf(cause))) return error;
  // The connection that failed may be in a transaction that does no more; what cannot be looked at is told as it is.
  const changes = await maybeForeignChanges(connect);
  if (changes === undefined) return error;
  const lost = maybeLostError(path, changes);
  if (lost !== undefined) return lost;
  if (cause !== error && changes.remade.every((place) => !isNamed(cause, place))) return error;
  const remade = known?.remade.length ? known.remade : changes.remade;
  if (remade.length === 0) return error;
  const why = {
    read: `lacks ${listNames(remade)}, which another program dropped or replaced. Any import makes that anew, of files that are in it, too.`,
    write: `lacks ${listNames(remade)}, which another program dropped or replaced, and what it put there cannot be replaced; nothing was changed. Drop or rename that, or import your files into a new database (--db FILE).`,
  };
  return refusal(path, why[act], error);
}

async function maybeForeignChanges(connect: Database["connect"]): Promise<ForeignChanges | undefined> {
  try {
    return await findAllForeignChanges(await connect());
  } catch {
    return undefined;
  }
}

/** Whether the engine's words name a place, with its schema or without. */
function isNamed(error: unknown, place: string): boolean {
  return messageOf(error).includes(place.slice(place.indexOf(".") + 1));
}

function refusal(path: string, why: string, cause?: unknown): CliError {
  return new CliError(`${path.replace(/\.importing$/, "")} ${why}`, { exitCode: exitCodes.database, cause });
}
