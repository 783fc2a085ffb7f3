import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { statedWhole } from "./completeness.ts";

/**
 * Writes down that files are said to be whole: a suspicion goes, and what a file leaves open is settled. Returns the
 * files whose verdict changed and the datasets whose snapshots are to be settled anew.
 */
export async function stateFilesWhole(
  connection: DuckDBConnection,
  ids: readonly number[],
): Promise<{ readonly files: ReadonlySet<number>; readonly settle: ReadonlySet<string> }> {
  if (ids.length === 0) return { files: new Set(), settle: new Set() };
  const those = `source_file_id in (${ids.join(", ")})`;
  const rows = await readRows(
    connection,
    `select source_file_id, dataset from meta.source_files where ${those}
       and (own_completeness is not null or completeness = 'Unknown' or is_stated_whole is distinct from true)`,
  );
  await connection.run(
    `update meta.source_files set is_stated_whole = true,
       completeness = coalesce(own_completeness, completeness),
       completeness_reason = case when own_completeness is null then completeness_reason else own_reason end,
       own_completeness = null, own_reason = null
     where ${those}`,
  );
  await connection.run(
    `update meta.source_files set completeness = 'Complete', completeness_reason = $reason
     where ${those} and completeness = 'Unknown'`,
    { reason: statedWhole },
  );
  await connection.run(`delete from meta.issues where code = 'suspected_partial' and ${those}`);
  return {
    files: new Set(rows.map((row) => Number(row["source_file_id"]))),
    settle: new Set(rows.map(({ dataset }) => String(dataset))),
  };
}
