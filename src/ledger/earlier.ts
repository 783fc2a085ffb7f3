import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import type { Dataset } from "../schema/dataset.ts";
import { groupBy } from "../group-by.ts";
import { removeRepeated } from "./deduplicate.ts";

/** What was found in a database that a build of an earlier format made, whose rules let it in. */
export interface Earlier {
  /** Records that stood twice in one snapshot, or in a log, and count once now. */
  readonly repeated: number;
  /** The ids of the tenants, where exports of several were taken for those of one. */
  readonly tenants: readonly string[];
}

/** Takes out of the database of an earlier build what stands twice in it, and finds out whether it is of one tenant. */
export async function mendEarlier(
  connection: DuckDBConnection,
  datasets: ReadonlyMap<string, Dataset>,
  tenantSql: string,
): Promise<Earlier> {
  const rows = await readRows(
    connection,
    "select source_file_id, dataset, snapshot_id from meta.source_files where snapshot_id is not null order by all",
  );
  let repeated = 0;
  for (const [name, files] of groupBy(rows, ({ dataset }) => String(dataset))) {
    const dataset = datasets.get(name);
    if (dataset === undefined) continue;
    // Events are compared over all files, lists and reports within a snapshot.
    const groups = groupBy(files, (file) => (dataset.kind === "event" ? 0 : Number(file["snapshot_id"])));
    const collections = [...groups].map(([, group]) => group.map((file) => Number(file["source_file_id"])));
    for (const [file, count] of await removeRepeated(connection, dataset, { collections })) {
      repeated += count;
      await connection.run(
        `update meta.source_files set records_loaded = records_loaded - ${count}, records_duplicate = records_duplicate + ${count}
         where source_file_id = ${file}`,
      );
    }
  }
  const named = await readRows(connection, tenantSql, { first_file: 0 });
  const tenants = new Set(named.map((row) => String(row["tenant_id"])));
  return { repeated, tenants: tenants.size > 1 ? [...tenants].toSorted() : [] };
}
