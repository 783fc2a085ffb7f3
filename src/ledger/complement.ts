import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import type { FileLoad } from "../load/loader.ts";
import type { Dataset } from "../schema/dataset.ts";
import { quoteName } from "../schema/ddl.ts";
import { idsOf, keyOf, tableOf } from "./compare-exports.ts";
import type { DuplicateCounts } from "./deduplicate.ts";
import type { ExportOfList } from "./list-exports.ts";

/**
 * Makes one record of what several exports say of the same person, where they have other properties or come from
 * elsewhere: that of Graph stays, and gets what only the others have. Returns how many records of each file went.
 */
export async function completeRecords(
  connection: DuckDBConnection,
  dataset: Dataset,
  exports: readonly ExportOfList[],
): Promise<DuplicateCounts> {
  const counts = new Map<number, number>();
  const [first, ...others] = exports.toSorted(byRank);
  if (first === undefined) return counts;
  let whole = first;
  for (const other of others) {
    const isAlike = [...other.properties].every((name) => whole.properties.has(name));
    if (isAlike && other.isCsv === whole.isCsv) {
      whole = joined(whole, other);
      continue;
    }
    for (const [file, count] of await fold(connection, dataset, { whole, other }))
      counts.set(file, (counts.get(file) ?? 0) + count);
    whole = joined(whole, other);
  }
  return counts;
}

/** Graph's JSON before lists of a portal, more properties before fewer. */
function byRank(left: ExportOfList, right: ExportOfList): number {
  return Number(left.isCsv) - Number(right.isCsv) || right.properties.size - left.properties.size;
}

function joined(one: ExportOfList, other: ExportOfList): ExportOfList {
  return {
    files: [...one.files, ...other.files],
    properties: new Set([...one.properties, ...other.properties]),
    selected: new Set([...one.selected, ...other.selected]),
    isCsv: one.isCsv,
  };
}

interface Fold {
  readonly whole: ExportOfList;
  readonly other: ExportOfList;
}

async function fold(
  connection: DuckDBConnection,
  dataset: Dataset,
  { whole, other }: Fold,
): Promise<DuplicateCounts> {
  const key = keyOf(dataset, [whole, other]);
  if (key === undefined) return new Map();
  const table = tableOf(dataset);
  const added = dataset.properties
    .map(({ name }) => name)
    .filter((name) => other.properties.has(name) && !whole.properties.has(name));
  const rowsOf = (files: ExportOfList["files"], columns: readonly string[]): string =>
    `select ${[...columns, `{k: row(${key.columns})} as record_key`].join(", ")} from ${table}
     where source_file_id in (${idsOf(files)}) and ${key.isThere}`;
  const values = added.map((name) => quoteName(name));
  // The last record of a list that has somebody twice.
  await connection.run(
    `create or replace temp table completed as
     select whole.place, whole.source_file_id, ${["other.other_file_id", ...values.map((name) => `other.${name}`)].join(", ")}
     from (${rowsOf(whole.files, ["rowid as place", "source_file_id"])}) as whole
     join (${rowsOf(other.files, ["source_file_id as other_file_id", "record_number", ...values])}
           qualify row_number() over (partition by record_key order by other_file_id desc, record_number desc) = 1) as other
       using (record_key)`,
  );
  if (values.length > 0)
    await connection.run(
      `update ${table} as rows set ${values.map((name) => `${name} = completed.${name}`).join(", ")}
       from completed where rows.rowid = completed.place`,
    );
  await moveCounts(connection, { whole, other, added });
  const doomed = `source_file_id in (${idsOf(other.files)}) and ${key.isThere}
    and {k: row(${key.columns})} in (select record_key from (${rowsOf(whole.files, [])}))`;
  const gone = await readRows(
    connection,
    `select source_file_id, count(*) as rows from ${table} where ${doomed} group by all`,
  );
  await connection.run(`delete from ${table} where ${doomed}`);
  await connection.run("drop table completed");
  for (const file of other.files) {
    const row = gone.find((found) => Number(found["source_file_id"]) === file.id);
    if (row) file.tally.issues.add({ code: "completes", properties: added }, undefined, Number(row["rows"]));
  }
  return new Map(gone.map((row) => [Number(row["source_file_id"]), Number(row["rows"])]));
}

/** Counts what records got from another file as theirs. */
async function moveCounts(
  connection: DuckDBConnection,
  { whole, other, added }: Fold & { readonly added: readonly string[] },
): Promise<void> {
  const nulls = added.map((name, index) => `count(*) - count(${quoteName(name)}) as nulls_${index}`);
  const move = async (files: readonly FileLoad[], column: string, sign: 1 | -1): Promise<void> => {
    const rows = await readRows(
      connection,
      `select ${[`${column} as file`, "count(*) as rows", ...nulls].join(", ")} from completed group by ${column}`,
    );
    for (const row of rows) {
      const tally = files.find(({ id }) => id === Number(row["file"]))?.tally;
      for (const [index, name] of added.entries()) {
        const count = tally?.properties.find(({ property }) => property === name);
        if (count === undefined) continue;
        count.present = Math.max(0, count.present + sign * Number(row["rows"]));
        count.nulls = Math.max(0, count.nulls + sign * Number(row[`nulls_${index}`]));
      }
    }
  };
  await move(whole.files, "source_file_id", 1);
  await move(other.files, "other_file_id", -1);
}
