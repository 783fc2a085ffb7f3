import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./database.ts";
import { quoteName } from "./ddl.ts";
import { readChecks, readSql } from "./views.ts";

/**
 * Gathers the rows of the output data_quality into `temp.findings`, one check after another and without those that have
 * nothing to look at: the output itself runs all of them at once, and what each takes of the memory adds up.
 */
export async function gatherFindings(connection: DuckDBConnection): Promise<void> {
  await connection.run(readSql("findings"));
  const rows = await readRows(connection, "select distinct dataset from meta.source_files");
  const datasets = new Set(rows.map(({ dataset }) => dataset));
  for (const { name, needs } of readChecks())
    if (needs === undefined || needs.some((dataset) => datasets.has(dataset)))
      await connection.run(`insert into temp.findings by name from checks.${quoteName(name)}`);
}
