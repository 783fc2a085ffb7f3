import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "./database.ts";
import type { View } from "./views.ts";

/** The datasets of all files that were ever imported. */
export async function readSupplied(connection: DuckDBConnection): Promise<ReadonlySet<unknown>> {
  const rows = await readRows(
    connection,
    "select distinct dataset from meta.source_files where dataset is not null",
  );
  return new Set(rows.map(({ dataset }) => dataset));
}

/** Whether a view may have rows: where none of the datasets that it needs was supplied it is not worth planning. */
export function hasNeeds({ needs }: Pick<View, "needs">, supplied: ReadonlySet<unknown>): boolean {
  return needs === undefined || needs.some((dataset) => supplied.has(dataset));
}
