import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { expect } from "vitest";
import { groupBy } from "../../src/group-by.ts";
import { removeRepeated } from "../../src/ledger/deduplicate.ts";
import { compileCanonical } from "../../src/batch/canonical.ts";
import type { Completeness } from "../../src/ledger/completeness.ts";
import { loadDatasets, type Dataset } from "../../src/schema/dataset.ts";
import { readRows, type Database, type Row } from "../../src/database/open.ts";
import type { FileDate } from "../../src/ledger/dates.ts";
import { quoteName, quoteText, recordStructure, tableSql } from "../../src/schema/ddl.ts";
import { insertRows, prepareTables } from "../../src/ledger/ledger.ts";
import { recordSnapshots } from "../../src/ledger/snapshots.ts";
import { createTally } from "../../src/batch/file-stats.ts";
import { settleForSql, withAside } from "../../src/transform/as-of.ts";
import { createViews, settleData } from "../../src/transform/create-views.ts";
import { hasNeeds } from "../../src/transform/materialize.ts";
import { dependsOnData, readShapes, settle } from "../../src/transform/materialize.ts";
import {
  hashViews,
  outputNames,
  readChecks,
  readSql,
  readViews,
  type View,
} from "../../src/transform/models.ts";

/** What is known of a file beside its records. */
export interface Facts {
  /** The day of a state file; without it the newest that its records state, else `today`. */
  readonly date?: string;
  readonly dateSource?: FileDate["source"];
  readonly completeness?: Completeness;
  readonly reason?: string;
  readonly rejected?: number;
  /** Records that were there twice: in the file, but not among those loaded. */
  readonly duplicates?: number;
  /** Records stand in the files of its snapshot more than once: those are left out, as an import does. */
  readonly isRepeated?: boolean;
  /** False where a report states no period; else one that its records lack is 180 days. */
  readonly hasPeriod?: boolean;
  /** In how many records PowerShell lost a property. */
  readonly lost?: Readonly<Record<string, number>>;
  readonly name?: string;
  readonly wrapper?: string;
  /** The code and the message of an error answer in place of records. */
  readonly error?: readonly [code: string, message: string];
  /** The import that brought it: files of one import, dataset, date and period are one collection. */
  readonly import?: number;
}

/** A file of a dataset: its records under Graph's names. A property that none of them has was not exported. */
export type GivenFile = readonly [dataset: string, records: readonly Row[], facts?: Facts | undefined];

/** Runs a query over the given data, under other parameters or another time zone where wanted. */
export type Query = (sql: string, settings?: Settings) => Promise<Row[]>;

interface Settings {
  readonly timeZone?: string;
  readonly as_of?: string;
  readonly inactive_after_days?: number;
  readonly reclaim_after_days?: number;
  readonly without_workloads?: string;
}

export const today = "2026-10-31";

/** Two SKUs that the list shipped with the tool names, and one that it does not. */
export const e3 = "00000000-0000-4000-8000-0000000000e3";
export const e5 = "00000000-0000-4000-8000-0000000000e5";
export const odd = "00000000-0000-4000-8000-0000000000dd";

const datasets = loadDatasets();
const ledger = [
  "snapshots",
  "source_files",
  "source_properties",
  "issues",
  "rejected_records",
  "earlier_upns",
  "settled_tables",
];

let database: Database;
let isOpen = false;

/** Opens the database that all files of tests in this process use. */
async function open(): Promise<void> {
  isOpen = true;
  // Not openForImport: these tests change the zone and the parameters, which that locks.
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: "256MB",
    // Not in the folder of the project, which is the default.
    temp_directory: join(tmpdir(), `m365-offline-given-${process.pid}`),
  });
  const connection = await instance.connect();
  const connect = async (): Promise<DuckDBConnection> => await instance.connect();
  const close = (): void => (connection.closeSync(), instance.closeSync());
  database = { path: ":memory:", connection, connect, close };
  await ((await copyPrepared()) ? empty(["reference.sku_names"]) : prepare());
  await connection.run(
    `insert into reference.sku_names by name select 0 as source_file_id, 0 as record_number, unnest(
      [{skuId: '${e3}', skuPartNumber: 'E3', productName: 'Office E3'}, {skuId: '${e5}', skuPartNumber: 'E5', productName: 'Office E5'}], recursive := true)`,
  );
}

/** Begins with the empty database of the build (3 s less for each file of tests); false where it has not these views. */
async function copyPrepared(): Promise<boolean> {
  const template = fileURLToPath(new URL("../../dist/template.duckdb", import.meta.url));
  if (!existsSync(template)) return false;
  await database.connection.run(`attach ${quoteText(template)} as template (read_only)`);
  const [made] = await readRows(database.connection, "select views_hash from template.meta.database");
  const isOurs = made?.["views_hash"] === hashViews();
  if (isOurs) await database.connection.run("copy from database template to memory");
  await database.connection.run("detach template");
  return isOurs;
}

async function prepare(): Promise<void> {
  await prepareTables(database.connection, readSql("ledger/meta"), datasets.values());
  await database.connection.run(tableSql(datasetOf("sku_names"), "reference").join(";"));
  await createViews(database.connection);
}

/** An issue of the ledger, of the file with this number in the order given. */
export async function givenIssue(file: number, code: string, severity: string): Promise<void> {
  const texts = { message: `the message of ${code}`, cure: `the cure of ${code}` };
  await insertRows(database.connection, "meta.issues", [
    { source_file_id: file, code, severity, pointer: null, records: 1, ...texts },
  ]);
}

/** A check that finds something here may not be one that is left out for want of what it needs. */
export function expectLookedFor(check: string, files: readonly GivenFile[], found: readonly unknown[]): void {
  const needs = readChecks().find(({ name }) => name === check)?.needs;
  const supplied = new Set(files.map(([dataset]) => dataset));
  if (found.length > 0) expect(hasNeeds({ needs }, supplied)).toBe(true);
}

/** The tables with records of the tenant before. */
const filled = new Set<string>();

async function empty(tables: readonly string[]): Promise<void> {
  // The engine gives memory back at checkpoints only.
  await database.connection.run([...tables.map((table) => `delete from ${table}`), "checkpoint"].join(";"));
}

/** What is settled once a query reads it, in the order in which an import settles it. */
let waiting: readonly View[] = [];
let shapes: Awaited<ReturnType<typeof readShapes>>;

/**
 * Puts the files into the empty database and returns how to ask it. What an import settles for the newest date is
 * computed by each query instead: settling all of it takes longer than a few queries do, and newest.test.ts and the
 * random tenants hold the two to be the same. The rest is settled when a query reads it.
 */
export async function given(...files: readonly GivenFile[]): Promise<Query> {
  await load(files);
  shapes = { ...(await readShapes(database.connection)), connection: keepingViews(database.connection) };
  waiting = readViews().filter(dependsOnData);
  return query;
}

/** Several models follow from each of these: to settle them is sooner done than to compute them in each. */
const settled = new Set(["named_people", "known_names", "column_reach", "report_editions", "person_facts"]);

async function settleFor(sql: string): Promise<void> {
  const read = placesIn(sql);
  const due = waiting.filter((view) => read.has(placeOf(view)));
  waiting = waiting.filter((view) => !read.has(placeOf(view)));
  for (const view of due)
    await settle(
      shapes,
      view.settledWith && !settled.has(view.name) ? { ...view, settledWith: ["no dataset"] } : view,
    );
}

const placeOf = ({ schema, name }: View): string => `${schema}.${name}`;
const byPlace = new Map(readViews().map((view) => [placeOf(view), view]));

/** The views and tables that SQL names, and those that they follow from. */
function placesIn(sql: string, found = new Set<string>()): ReadonlySet<string> {
  for (const [word] of sql.matchAll(/\b\w+(\.\w+)?\b/g)) {
    const place = word.includes(".") ? word : `main.${word}`;
    const view = byPlace.get(place);
    if (view === undefined || found.has(place)) continue;
    found.add(place);
    placesIn(`${view.sql} ${view.rowsOf ?? ""}`, found);
  }
  return found;
}

/** By the statements that made it: a view that stands, and the names of those that stand aside. */
const standing = new Map<string, string>();
const aside = new Map<string, string>();
let namesAside = 0;

/**
 * The connection, on which a view that was there before in the same shape is not made but given its name again: to
 * make one the engine plans it, which is a third of what a case takes.
 */
function keepingViews(connection: DuckDBConnection): DuckDBConnection {
  const run: DuckDBConnection["run"] = async (sql, ...rest) => {
    const [, place, schema = "", name = ""] = /^create or replace view ((\w+)\.(\S+)) as /.exec(sql) ?? [];
    if (place === undefined) return await connection.run(sql, ...rest);
    const [before, again] = [standing.get(place), aside.get(sql)];
    if (before !== undefined) {
      const other = `aside_${(namesAside += 1)}`;
      await connection.run(`alter view ${place} rename to ${other}`);
      aside.set(before, other);
    }
    standing.set(place, sql);
    if (again === undefined) return await connection.run(sql);
    aside.delete(sql);
    return await connection.run(
      `drop view if exists ${place}; alter view ${schema}.${again} rename to ${name}`,
    );
  };
  return new Proxy(connection, {
    get: (target, key) => {
      if (key === "run") return run;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** The same as an import leaves it; at other parameters asked as the commands do, which compute once what is read often. */
export async function givenSettled(...files: readonly GivenFile[]): Promise<Query> {
  await load(files);
  waiting = [];
  await settleData(keepingViews(database.connection));
  return async (sql, settings) => {
    const named = outputNames().filter((output) => new RegExp(`\\b${output}\\b`).test(sql));
    await setParameters(settings);
    return await withAside(database.connection, named, async () => await query(sql, settings));
  };
}

async function load(files: readonly GivenFile[]): Promise<void> {
  if (!isOpen) await open();
  await empty([...ledger.map((name) => `meta.${name}`), ...filled]);
  filled.clear();
  for (const [name] of files) filled.add(`raw.${name}`);
  const numbered = files.map(([name, records, facts = {}], index) => ({
    id: index + 1,
    dataset: datasetOf(name),
    records,
    facts,
  }));
  for (const number of new Set(numbered.map(({ facts }) => facts.import ?? 1)))
    await importFiles(
      numbered.filter(({ facts }) => (facts.import ?? 1) === number),
      number,
    );
  // As the connection of an import, which no query had before.
  await database.connection.run("reset variable as_of; reset variable settled_aside");
}

interface NumberedFile {
  readonly id: number;
  readonly dataset: Dataset;
  readonly records: readonly Row[];
  readonly facts: Facts;
}

async function importFiles(files: readonly NumberedFile[], importId: number): Promise<void> {
  const properties = [];
  for (const file of files) properties.push(...(await loadRecords(file)));
  await insertRows(database.connection, "meta.source_properties", properties);
  const loaded = files.filter(({ facts }) => facts.error === undefined);
  const dated = loaded.map(({ id, dataset, records, facts }) => ({
    id,
    dataset,
    date: dateOf(dataset, records, facts),
    verdict: { completeness: facts.completeness ?? "Complete", reason: facts.reason ?? null },
  }));
  const repeats = await removeRepeats(loaded, dated);
  const snapshots = await recordSnapshots(database.connection, dated, importId);
  await insertRows(
    database.connection,
    "meta.source_files",
    files.map(({ id, dataset, records, facts }) => ({
      source_file_id: id,
      import_id: importId,
      snapshot_id: snapshots.get(id) ?? null,
      file_name: facts.name ?? `${dataset.name}-${id}`,
      sha256: "",
      bytes: 0,
      dataset: dataset.name,
      wrapper: facts.error ? "error" : (facts.wrapper ?? "page"),
      encoding: "utf-8",
      snapshot_date: dated.find((file) => file.id === id)?.date.date ?? null,
      completeness: facts.error ? "Incomplete" : (facts.completeness ?? "Complete"),
      completeness_reason: facts.reason ?? null,
      records_read: records.length + (facts.rejected ?? 0) + (facts.duplicates ?? 0),
      records_loaded: records.length - (repeats.get(id) ?? 0),
      records_rejected: facts.rejected ?? 0,
      records_duplicate: (facts.duplicates ?? 0) + (repeats.get(id) ?? 0),
      error_code: facts.error?.[0] ?? null,
      error_message: facts.error?.[1] ?? null,
    })),
  );
}

/** Takes out what stands there more than once, in each snapshot of which that is said; how many rows of which file. */
async function removeRepeats(
  files: readonly NumberedFile[],
  dated: readonly { readonly id: number; readonly date: FileDate }[],
): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  const datasetsRepeated = new Set(files.flatMap(({ dataset, facts }) => (facts.isRepeated ? dataset : [])));
  for (const dataset of datasetsRepeated) {
    const own = files.filter((file) => file.dataset === dataset);
    const days = groupBy(own, ({ id }) => JSON.stringify(dated.find((file) => file.id === id)?.date));
    const collections = [...days.values()]
      .filter((some) => some.some(({ facts }) => facts.isRepeated))
      .map((some) => some.map(({ id }) => id));
    for (const [id, count] of await removeRepeated(database.connection, dataset, { collections }))
      counts.set(id, (counts.get(id) ?? 0) + count);
  }
  return counts;
}

/** A report that does not say otherwise is of 180 days. */
function periodOf({ snapshotPeriod }: Dataset, { hasPeriod = true }: Facts): Row {
  return snapshotPeriod === undefined || !hasPeriod ? {} : { [snapshotPeriod]: 180 };
}

function dateOf(dataset: Dataset, records: readonly Row[], facts: Facts): FileDate {
  const { kind, snapshotDate, snapshotPeriod } = dataset;
  const stated = records.flatMap((record) => String(record[snapshotDate ?? ""] ?? "").slice(0, 10) || []);
  const date = facts.date ?? stated.toSorted().at(-1) ?? today;
  const periods = records.map((record) =>
    Number({ ...periodOf(dataset, facts), ...record }[snapshotPeriod ?? ""] ?? 0),
  );
  const period = Math.max(0, ...periods) || null;
  return { date, source: facts.dateSource ?? (kind === "event" ? "records" : "file"), period };
}

/** Loads records as canonical JSON, as an import does; returns how often each property was there. */
async function loadRecords({ id, dataset, records, facts }: NumberedFile) {
  const write = compileCanonical(dataset);
  const { properties } = createTally(dataset);
  const texts = records.map((record, index) => {
    const { date } = dateOf(dataset, records, facts);
    const value =
      dataset.snapshotDate === "reportRefreshDate"
        ? { reportRefreshDate: date, ...periodOf(dataset, facts), ...record }
        : record;
    const text = write({ value, exact: () => value }, properties);
    return `{"source_file_id":${id},"record_number":${index + 1},${String(text)}`;
  });
  await database.connection.run(
    `insert into raw.${quoteName(dataset.name)} by name
     select unnest(from_json_strict(text, ${quoteText(recordStructure(dataset))}))
     from (select unnest(from_json($texts, '["VARCHAR"]')) as text)`,
    { texts: JSON.stringify(texts) },
  );
  if (facts.error) return [];
  // A row without the name that every row has names nobody, as an import counts it.
  const names = new Set(
    dataset.properties.flatMap(({ name, isRequired, isConcealable }) =>
      isRequired && isConcealable ? name : [],
    ),
  );
  return properties.map(({ property, present, nulls, concealed }) => ({
    source_file_id: id,
    property,
    records_present: present,
    records_null: nulls,
    records_lost: facts.lost?.[property] ?? 0,
    records_concealed: concealed + (names.has(property) ? nulls : 0),
  }));
}

/** The rows with numbers as numbers, dates and times as texts. */
async function query(sql: string, settings: Settings = {}): Promise<Row[]> {
  await settleFor(sql);
  await setParameters(settings);
  // As the commands do, which compute once what is read often.
  if (settings.as_of !== undefined) await settleForSql(database.connection, sql);
  const rows = await readRows(
    database.connection,
    `select to_json(answer)::varchar as answer from (${sql}) as answer`,
  );
  return rows.map(({ answer }) => JSON.parse(String(answer)) as Row);
}

async function setParameters({ timeZone = "UTC", ...parameters }: Settings = {}): Promise<void> {
  await database.connection.run(`set TimeZone = '${timeZone}'`);
  for (const name of ["as_of", "inactive_after_days", "reclaim_after_days", "without_workloads"] as const) {
    const value = parameters[name];
    await database.connection.run(
      value === undefined ? `reset variable ${name}` : `set variable ${name} = '${value}'`,
    );
  }
}

interface Operator {
  readonly operator_name?: string;
  readonly extra_info?: { readonly Condition?: string };
  readonly children?: readonly Operator[];
}

const flatten = (operators: readonly Operator[]): Operator[] =>
  operators.flatMap((operator) => [operator, ...flatten(operator.children ?? [])]);

async function planOf(view: string, how: string): Promise<Operator[]> {
  await settleFor(view);
  const rows = await readRows(database.connection, `explain (${how}) from ${view}`);
  return flatten([JSON.parse(String(rows.at(-1)?.["explain_value"]))].flat() as Operator[]);
}

/** The size of a view's plan, which is what planning it costs. */
export async function countOperators(view: string): Promise<number> {
  return (await planOf(view, "format json")).length;
}

/** Reads a view; returns the conditions of its joins that compare every row with every other. */
export async function readComparing(view: string): Promise<string[]> {
  const plan = await planOf(view, "analyze, format json");
  return plan.flatMap(({ operator_name: name, extra_info: { Condition = "" } = {} }) =>
    name === "BLOCKWISE_NL_JOIN" ? [Condition] : [],
  );
}

function datasetOf(name: string): Dataset {
  const dataset = datasets.get(name);
  if (dataset === undefined) throw new Error(`there is no dataset ${name}`);
  return dataset;
}
