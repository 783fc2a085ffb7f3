import type { DuckDBConnection } from "@duckdb/node-api";
import type { PropertyCount } from "../batch/file-stats.ts";
import { readRows } from "../database/open.ts";
import type { FileLoad } from "../load/loader.ts";
import type { Dataset, Property } from "../schema/dataset.ts";
import { quoteName } from "../schema/ddl.ts";
import { keySql, type KeySql } from "../schema/key.ts";

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
 * file ids. Of the newest day that the records state the one that says most stays, the last where several do. What
 * names nobody stays as often as in the one file where it stands most often.
 */
export async function removeRepeated(
  connection: DuckDBConnection,
  dataset: Dataset,
  { collections, partRows = 1 << 19 }: Sought,
): Promise<DuplicateCounts> {
  const counts = new Map<number, number>();
  const remove = async (sql: string): Promise<void> => {
    for (const [file, count] of await deleteRows(connection, names(dataset).table, sql))
      counts.set(file, (counts.get(file) ?? 0) + count);
  };
  const { table, key } = names(dataset);
  for (const files of collections) {
    const isHere = `source_file_id in (${files.join(", ")})`;
    const [found] = await readRows(
      connection,
      `select count(*) filter (level is not null) as named, count(*) filter (level is null) as nameless,
         max(level) > min(level) as is_mixed
       from (select ${key.level} as level from ${table} where ${isHere})`,
    );
    const parts = Math.ceil(Number(found?.["named"]) / partRows);
    for (let part = 0; part < parts; part += 1)
      await remove(
        repeatedSql(dataset, parts === 1 ? isHere : `${isHere} and ${key.hash} % ${parts} = ${part}`),
      );
    if (found?.["is_mixed"] === true)
      for (let level = 1; level < dataset.keys.length; level += 1)
        await remove(lesserSql(dataset, level, isHere));
    if (files.length > 1 && Number(found?.["nameless"]) > 0) await remove(namelessSql(dataset, isHere));
  }
  return counts;
}

/** All but one of the rows that have a key in common. */
function repeatedSql(dataset: Dataset, isHere: string): string {
  const { table, key, columns } = names(dataset);
  const day = dataset.snapshotDate === undefined ? "" : `${quoteName(dataset.snapshotDate)} desc nulls last,`;
  const filled = columns.map((column) => `(${column} is not null)::integer`).join(" + ");
  // Hashes first: the window runs only over the few rows whose hash is there twice.
  const hashes = `select ${key.hash} from ${table} where ${isHere} group by 1 having count(*) > 1`;
  return `select id, source_file_id, null as kept_file_id from (
    select rowid as id, source_file_id,
      row_number() over (partition by ${key.own} order by ${day} ${filled} desc, source_file_id desc, record_number desc) as place
    from ${table} where ${isHere} and ${key.own} is not null and ${key.hash} in (${hashes})
  ) where place > 1`;
}

/** Rows that have only a lesser key, which is that of one fuller record alone. */
function lesserSql(dataset: Dataset, level: number, isHere: string): string {
  const { table, key } = names(dataset);
  const lesser = key.keys[level] ?? "null";
  return `with keyed as (
      select rowid as id, source_file_id, ${key.level} as level, ${key.own} as own, ${lesser} as lesser
      from ${table} where ${isHere}
    )
    select id, source_file_id, null as kept_file_id from keyed
    where level = ${level} and lesser in (
      select lesser from keyed where level < ${level} and lesser is not null group by lesser having count(distinct own) = 1
    )`;
}

/** Rows that name nobody and stand in several files, beyond the number of the one file that has most of them. */
function namelessSql(dataset: Dataset, isHere: string): string {
  const { table, key, columns } = names(dataset);
  const content = columns.join(", ");
  return `with nameless as (
      select rowid as id, source_file_id, record_number, ${content}, hash(${content}) as content_hash
      from ${table} where ${isHere} and ${key.level} is null
    ),
    shared as (
      select content_hash from nameless group by content_hash having count(distinct source_file_id) > 1
    ),
    counted as (
      select *, row_number() over (partition by source_file_id, ${content} order by record_number) as nth
      from nameless where content_hash in (from shared)
    )
    select id, source_file_id, null as kept_file_id from (
      select id, source_file_id, row_number() over (partition by nth, ${content} order by source_file_id desc) as place
      from counted
    ) where place > 1`;
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
  const { table, columns } = names(dataset);
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
  const pairs = `from (${olds}) o join (${news}) n on ${keySql(dataset, "n.").own} = ${keySql(dataset, "o.").own}`;
  const [shares] = await readRows(connection, `select exists (select 1 ${pairs}) as is_there`);
  if (!shares?.["is_there"]) return nothing;
  const shared = (kept: string, gone: string): string =>
    `select ${gone}.${rowPlace} as id, ${gone}.source_file_id, ${kept}.source_file_id as kept_file_id ${pairs}`;
  const isEqual = columns.map((column) => `n.${column} is not distinct from o.${column}`).join(" and ");
  const repeated = await deleteRows(connection, table, `${shared("o", "n")} where ${isEqual}`);
  const replaced = await deleteRows(connection, table, shared("n", "o"));
  return { repeated, replaced };
}

/** Takes out of a file's rows those whose key another file has: of events any, else one of the same snapshot. */
export async function removeKnown(
  connection: DuckDBConnection,
  dataset: Dataset,
  fileId: number,
): Promise<void> {
  const { table, key } = names(dataset);
  const rivals =
    dataset.kind === "event"
      ? ""
      : `and source_file_id in (select f.source_file_id from meta.source_files f
           where f.snapshot_id = (select snapshot_id from meta.source_files where source_file_id = ${fileId}))`;
  await connection.run(
    `delete from ${table} where source_file_id = ${fileId} and ${key.own} in
       (select ${key.own} from ${table} where source_file_id <> ${fileId} ${rivals} and ${key.own} is not null)`,
  );
}

/**
 * Whether one of the files of a dataset has a record of another's; of records that name nobody that says nothing, but
 * where there are no others, most of the fewer being in both says that they are the same.
 */
export async function sharesRecords(
  connection: DuckDBConnection,
  dataset: Dataset,
  one: readonly number[],
  others: readonly number[],
): Promise<boolean> {
  const { table, key, columns } = names(dataset);
  const keysOf = (files: readonly number[]): string =>
    `select ${key.own} as key from ${table} where ${isOf(files)} and ${key.own} is not null`;
  const [row] = await readRows(
    connection,
    `select exists (${keysOf(one)} intersect ${keysOf(others)}) as shares,
       exists (${keysOf(one)}) and exists (${keysOf(others)}) as has_keys`,
  );
  if (row?.["shares"] === true || row?.["has_keys"] === true) return row["shares"] === true;
  const contentOf = (files: readonly number[]): string =>
    `select hash(${columns.join(", ")}) as content from ${table} where ${isOf(files)} and ${key.own} is null`;
  const [counts] = await readRows(
    connection,
    `with one as (${contentOf(one)}), other as (${contentOf(others)})
     select (select count(*) from (from one intersect all from other)) as shared,
       least((select count(*) from one), (select count(*) from other)) as fewer`,
  );
  return Number(counts?.["fewer"]) > 0 && Number(counts?.["shared"]) * 2 > Number(counts?.["fewer"]);
}

function isOf(files: readonly number[]): string {
  return `source_file_id in (${[-1, ...files].join(", ")})`;
}

function names(dataset: Dataset): { table: string; key: KeySql; columns: string[] } {
  return {
    table: `raw.${quoteName(dataset.name)}`,
    key: keySql(dataset),
    columns: dataset.properties.map(({ name }) => quoteName(name)),
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
