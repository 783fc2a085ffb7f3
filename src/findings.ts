import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "./ddl.ts";
import { hasNeeds, readSupplied } from "./needs.ts";
import { readChecks, readSql } from "./views.ts";

/**
 * Gathers the rows of the output data_quality into `temp.findings`, one check after another and without those that have
 * nothing to look at: the output itself runs all of them at once, and what each takes of the memory adds up.
 */
export async function gatherFindings(connection: DuckDBConnection): Promise<void> {
  await connection.run(readSql("findings"));
  const supplied = await readSupplied(connection);
  for (const check of readChecks())
    if (hasNeeds(check, supplied))
      await connection.run(`insert into temp.findings by name from checks.${quoteName(check.name)}`);
}
