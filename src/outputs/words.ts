import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { readSql } from "../transform/models.ts";

/** How a screen says a value, of a column or of a subject as a whole; most values as they are. */
export type Words = (
  value: unknown,
  of: { readonly property?: unknown; readonly subject?: unknown },
) => unknown;

/** Reads in which words screens say values that stand for themselves in queries and files. */
export async function readWords(connection: DuckDBConnection): Promise<Words> {
  const rows = await readRows(connection, readSql("screens/words"));
  return (value, { property, subject }) =>
    rows.find(
      (row) =>
        row["value"] === value &&
        (property === undefined || property === null
          ? row["subject"] === subject
          : row["property"] === property),
    )?.["words"] ?? value;
}
