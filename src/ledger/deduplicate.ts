import type { DuckDBConnection } from "@duckdb/node-api";
import type { PropertyCount } from "../batch/file-stats.ts";
import { readRows } from "../database/open.ts";
import type { FileLoad } from "../load/loader.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { quoteName } from "../schema/ddl.ts";

/** A name that no property can have. */
const rowPlace = quoteName("row of table");

/** Rows taken out, by source_file_id. */
export type DuplicateCounts = ReadonlyMap<number, number>;

interface Sought {
  /** Files whose records are compared with each other. */
  readonly collections: readonly (readonly number[])[];
  /** About so many are compared at a time, parted by their hashes: three million at once take 60 MB more. */
  readonly partRows?: number | undefined;
}

/**
 * Removes records that stand twice among files of one dataset: the same key in the same one of the `collections` of
 * file ids; the last one stays. A record without the first part of its key is never a duplicate.
 */
export async function removeRepeated(
  connection: DuckDBConnection,
  dataset: Dataset,
  { collections, partRows = 1 << 19 }: Sought,
): Promise<DuplicateCounts> {
  const counts = new Map<number, number>();
  for (const files of collections) {
    const { table, key, identity } = names(dataset);
    const isNew = `source_file_id in (${files.join(", ")}) and ${identity} is not null`;
    const [found] = await readRows(connection, `select count(*) as rows from ${table} where ${isNew}`);
    const parts = Math.ceil(Number(found?.["rows"]) / partRows);
    for (let part = 0; part < parts; part += 1) {
      const isHere = parts === 1 ? isNew : `${isNew} and hash(${key}) % ${parts} = ${part}`;
      // Hashes first: the window runs only over the few rows whose hash is there twice.
      const hashes = `select hash(${key}) from ${table} where ${isHere} group by 1 having count(*) > 1`;
      const rows = await deleteRows(
        connection,
        table,
        `select id, source_file_id, null as kept_file_id from (
           select rowid as id, source_file_id,
             row_number() over (partition by ${key} order by source_file_id desc, record_number desc) as place
           from ${table} where ${isHere} and hash(${key}) in (${hashes})
         ) where place > 1`,
      );
      for (const [file, count] of rows) counts.set(file, (counts.get(file) ?? 0) + count);
    }
  }
  return counts;
}

/**
 * Makes one event of the same key in the new files and in earlier ones. Where the contents agree the earlier row
 * stays and the new one is the duplicate (`repeated`); where they differ the new one replaces it (`replaced`).
 */
export async function mergeEvents(
  connection: DuckDBConnection,
  dataset: Dataset,
  firstFile: number,
): Promise<{ repeated: DuplicateCounts; replaced: DuplicateCounts }> {
  const { table, columns, match } = names(dataset);
  const isNew = `source_file_id >= ${firstFile}`;
  const [rows] = await readRows(
    connection,
    `select count(*) filter (${isNew}) as fresh, count(*) filter (not ${isNew}) as earlier from ${table}`,
  );
  const [fresh, earlier] = [Number(rows?.["fresh"]), Number(rows?.["earlier"])];
  const nothing = { repeated: new Map(), replaced: new Map() };
  if (fresh === 0 || earlier === 0) return nothing;
  // The limit is no limit: it tells the planner how few there are, else it may build its hash table of all others.
  const [limit, oldLimit] = fresh <= earlier ? [`limit ${fresh}`, ""] : ["", `limit ${earlier}`];
  const news = `select rowid as ${rowPlace}, * from ${table} where ${isNew} ${limit}`;
  const olds = `select rowid as ${rowPlace}, * from ${table} where not ${isNew} ${oldLimit}`;
  const pairs = `from (${olds}) o join (${news}) n on ${match}`;
  const [shares] = await readRows(connection, `select exists (select 1 ${pairs}) as is_there`);
  if (!shares?.["is_there"]) return nothing;
  const shared = (kept: string, gone: string): string =>
    `select ${gone}.${rowPlace} as id, ${gone}.source_file_id, ${kept}.source_file_id as kept_file_id ${pairs}`;
  const isEqual = columns.map((column) => `n.${column} is not distinct from o.${column}`).join(" and ");
  const repeated = await deleteRows(connection, table, `${shared("o", "n")} where ${isEqual}`);
  const replaced = await deleteRows(connection, table, shared("n", "o"));
  return { repeated, replaced };
}

function names(dataset: Dataset): {
  table: string;
  key: string;
  identity: string;
  columns: string[];
  match: string;
} {
  const keys = dataset.key.map((name) => quoteName(name));
  return {
    table: `raw.${quoteName(dataset.name)}`,
    key: keys.join(", "),
    identity: keys[0] ?? "null",
    columns: dataset.properties.map(({ name }) => quoteName(name)),
    match: keys.map((name) => `n.${name} = o.${name}`).join(" and "),
  };
}

/** Deletes the rows of the query; where it says in which file each is kept, the ledger notes it. */
async function deleteRows(
  connection: DuckDBConnection,
  table: string,
  doomedSql: string,
): Promise<DuplicateCounts> {
  const [made] = await readRows(connection, `create or replace temp table doomed as ${doomedSql}`);
  if (Number(made?.["Count"]) === 0) return new Map();
  const counts = await readRows(
    connection,
    "select source_file_id, count(distinct id) as rows from doomed group by all",
  );
  await connection.run(`delete from ${table} where rowid in (select id from doomed)`);
  await connection.run(
    `insert into meta.shared_events by name
     select kept_file_id as source_file_id, source_file_id as other_file_id, count(distinct id) as records
     from doomed where kept_file_id is not null group by all`,
  );
  await connection.run("drop table doomed");
  return new Map(counts.map((row) => [Number(row["source_file_id"]), Number(row["rows"])]));
}

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
  const lists = properties.map(({ name }) => quoteName(name));
  return `update raw.${quoteName(dataset.name)} set ${lists.map((name) => `${name} = coalesce(${name}, [])`).join(", ")}
    where source_file_id = ${fileId} and (${lists.map((name) => `${name} is null`).join(" or ")})`;
}
