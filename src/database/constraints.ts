import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { modelsFolder } from "../paths.ts";
import { openForReading, readRows } from "./open.ts";

/** Whether the engine refused to write what a constraint forbids. */
export function isConstraint(error: unknown): boolean {
  return /^(?:TransactionContext|Constraint|Dependency|Catalog) Error: /.test(messageOf(error));
}

/** What others put on our tables, where that is what has failed: the engine's own words have values of records. */
export async function findConstraints(path: string): Promise<CliError | undefined> {
  if (!existsSync(path)) return undefined;
  const database = await openForReading(path);
  try {
    const rows = await readRows(
      database.connection,
      readFileSync(join(modelsFolder, "ledger/foreign_constraints.sql"), "utf8"),
    );
    if (rows.length === 0) return undefined;
    return new CliError(
      `${path} has constraints on our tables that are none of ours, and what is to be written breaks one. Nothing was changed. Drop them with the program that made them, and try again:`,
      {
        exitCode: exitCodes.database,
        lines: rows.map(({ place, what }) => `${String(place)}: ${String(what)}`),
      },
    );
  } finally {
    database.close();
  }
}
