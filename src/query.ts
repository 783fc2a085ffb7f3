import { openForQuery, type Database } from "./database.ts";
import { toEngineError } from "./engine-errors.ts";
import { CliError, exitCodes, messageOf } from "./errors.ts";
import { streamRows, type Rows } from "./rows.ts";

/** The parameters of the outputs; what is left out has the default of `intermediate.parameters`. */
export interface Parameters {
  readonly asOf?: string | undefined;
  readonly inactiveAfterDays?: number | undefined;
  readonly reclaimAfterDays?: number | undefined;
}

/** Opens a database for SQL of any origin: read-only and without a way to files, settings or the network. */
export async function openOutputs(path: string, parameters: Parameters, isSmall = false): Promise<Database> {
  const variables = Object.entries({
    as_of: parameters.asOf,
    inactive_after_days: parameters.inactiveAfterDays,
    reclaim_after_days: parameters.reclaimAfterDays,
  }).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return await openForQuery(path, Object.fromEntries(variables), isSmall);
}

/** Runs the user's SQL; errors, also those met between rows, are exit 2 with DuckDB's words, but for a damaged database. */
export async function runQuery(database: Database, sql: string): Promise<Rows> {
  try {
    const { columns, batches } = await streamRows(database.connection, sql);
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

function toRefusal({ path }: Database, error: unknown): unknown {
  const known = toEngineError(error, path);
  if (known instanceof CliError) return known;
  const words = messageOf(error).replace("Failed to extract statements: ", "").trim();
  return new CliError(`DuckDB refused the SQL: ${words}`, { exitCode: exitCodes.usage, cause: error });
}
