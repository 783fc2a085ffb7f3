import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset, Property } from "./dataset.ts";
import { quoteName } from "./ddl.ts";
import type { FileLoad } from "./load-files.ts";
import type { PropertyCount } from "./tally.ts";

/**
 * Settles what null means in a file of a PowerShell module, whose objects have every property: one that is null in
 * all records was not asked for, and one that some records have is, where it is a list, empty in the others.
 */
export async function settleUnselected(
  connection: DuckDBConnection,
  { id, recognition: { dataset, csv }, tally }: FileLoad,
): Promise<void> {
  if (dataset === undefined || (tally.pascalRecords === 0 && !csv?.isPascal)) return;
  const empty: Property[] = [];
  for (const property of dataset.properties) {
    const counts = tally.properties.find((count) => count.property === property.name);
    if (counts === undefined || counts.nulls === 0 || counts.lost > 0) continue;
    if (counts.present === counts.nulls) forget(counts);
    else if (property.type === "array") {
      empty.push(property);
      counts.nulls = 0;
    }
  }
  if (empty.length > 0) await connection.run(emptySql(dataset, empty, id));
}

function forget(counts: PropertyCount): void {
  counts.present = 0;
  counts.nulls = 0;
}

function emptySql(dataset: Dataset, properties: readonly Property[], fileId: number): string {
  const names = properties.map(({ name }) => quoteName(name));
  return `update raw.${quoteName(dataset.name)} set ${names.map((name) => `${name} = coalesce(${name}, [])`).join(", ")}
    where source_file_id = ${fileId} and (${names.map((name) => `${name} is null`).join(" or ")})`;
}
