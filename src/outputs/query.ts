import { StatementType } from "@duckdb/node-api";
import { openForQuery, type Database } from "../database/open.ts";
import { toEngineError } from "../database/errors.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { streamRows, type Rows } from "../database/rows.ts";
import { findMakerToRead, isOfOther } from "../ledger/format.ts";
import { settleForSql } from "../transform/as-of.ts";
import { type ForeignChanges, findForeignChanges, maybeLostError } from "../transform/foreign-changes.ts";
import { hashViews } from "../transform/models.ts";

/** The parameters of the outputs; what is left out has the default of `intermediate.parameters`. */
export interface Parameters {
  readonly asOf?: string | undefined;
  readonly inactiveAfterDays?: number | undefined;
  readonly reclaimAfterDays?: number | undefined;
  /** Workloads that no verdict needs, as their names stand in `last_activity_source`. */
  readonly withoutWorkloads?: readonly string[] | undefined;
}

/** A database whose outputs are read. */
export interface Outputs extends Database {
  /** Another build of the program made its views. */
  readonly isOfOtherBuild: boolean;
  /** What another program has dropped or replaced of what this build made. */
  readonly foreignChanges: ForeignChanges;
}

/** Opens a database for SQL of any origin: read-only and without a way to files, settings or the network. Throws exit 4 for a database that is none of ours, is newer, or lacks what was imported. */
export async function openOutputs(path: string, parameters: Parameters, isSmall = false): Promise<Outputs> {
  const variables = Object.entries({
    as_of: parameters.asOf,
    inactive_after_days: parameters.inactiveAfterDays,
    reclaim_after_days: parameters.reclaimAfterDays,
    without_workloads: parameters.withoutWorkloads?.join(","),
  }).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  const database = await openForQuery(path, Object.fromEntries(variables), isSmall);
  try {
    const maker = await findMakerToRead(database.connection, path, hashViews());
    const isOfOtherBuild = isOfOther(maker);
    const foreignChanges = isOfOtherBuild
      ? { remade: [], lost: [] }
      : await findForeignChanges(database.connection);
    const lost = maybeLostError(path, foreignChanges);
    if (lost !== undefined) throw lost;
    return { ...database, isOfOtherBuild, foreignChanges };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * What a query is made of. The database is read-only, so that whatever creates or changes does it in memory;
 * SET sets variables only. Everything else acts on the world: COPY, ATTACH, LOAD, PRAGMA, CALL, …
 */
const allowed = new Set([
  StatementType.SELECT,
  StatementType.EXPLAIN,
  StatementType.SET,
  StatementType.VARIABLE_SET,
  StatementType.TRANSACTION,
  StatementType.CREATE,
  StatementType.CREATE_FUNC,
  StatementType.INSERT,
  StatementType.UPDATE,
  StatementType.DELETE,
  StatementType.MERGE_INTO,
  StatementType.ALTER,
  StatementType.DROP,
]);

function checkType(type: StatementType): void {
  if (allowed.has(type)) return;
  const name = StatementType[type].replaceAll("_", " ");
  throw refusal(`query runs no ${name} statement: it reads the database and does nothing else`);
}

/** Functions that run SQL out of a text, or make the engine print for itself: no statement's type shows them. */
const actingFunctions =
  /\b(query|json_execute_serialized_sql|(?:en|dis)able_(?:logging|profil\w+))"?(?:\s|\/\*[^]*?\*\/|--.*)*\(/i;

function checkFunctions(sql: string): void {
  const [, name] = actingFunctions.exec(sql) ?? [];
  if (name !== undefined)
    throw refusal(`query runs no ${name}(): it reads the database and does nothing else`);
}

/** Runs the user's SQL; errors, also those met between rows, are exit 2 with DuckDB's words, but for a damaged database. */
export async function runQuery(database: Database, sql: string): Promise<Rows> {
  try {
    checkFunctions(sql);
    await settleForSql(database.connection, sql);
    const { columns, batches } = await streamRows(database.connection, sql, checkType);
    return { columns, batches: withRefusal(database, batches) };
  } catch (error) {
    throw toRefusal(database, error);
  }
}

async function* withRefusal<Batch>(database: Database, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  try {
    yield* batches;
  } catch (error) {
    throw toRefusal(database, error);
  }
}

/** The same for what is said of a query once it has run: it may have set variables that the outputs read. */
export function toNoteError(database: Database, sql: string, error: unknown): unknown {
  return /\bvariable\b/i.test(sql) ? toRefusal(database, error) : error;
}

function toRefusal({ path }: Database, thrown: unknown): unknown {
  const error = toEngineError(thrown, path);
  if (error instanceof CliError) return error;
  const words = messageOf(error).replace("Failed to extract statements: ", "").trim();
  const [first = "", ...lines] = words.split("\n").filter((line) => line.trim() !== "");
  return new CliError(`DuckDB refused the SQL: ${first}`, {
    exitCode: exitCodes.usage,
    lines,
    cause: error,
  });
}

function refusal(message: string): CliError {
  return new CliError(message, { exitCode: exitCodes.usage });
}
