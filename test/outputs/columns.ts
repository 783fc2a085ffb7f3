import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../../src/database/open.ts";
import { loadDatasets, type Dataset, type Property } from "../../src/schema/dataset.ts";
import { quoteName, quoteText, recordStructure } from "../../src/schema/ddl.ts";
import { settleData } from "../../src/transform/create-views.ts";
import { settleFindings } from "../../src/transform/findings.ts";
import { outputNames, readViews } from "../../src/transform/models.ts";
import { followsRule2 } from "./never-signed-in.ts";

/** A property of a dataset, or what stands in one: `prepaidUnits.enabled`. */
export interface Column {
  readonly dataset: string;
  readonly path: readonly string[];
  /** It stands in the entries of a list. */
  readonly isInEntries?: boolean;
}

/** How the values of a column are gone: none was exported, some records lack it, the exporter lost it in some. */
export type Loss = "absent" | "absent in part" | "lost in part";

export type Outputs = ReadonlyMap<string, readonly Row[]>;

/** A database in memory from which columns can be taken, as if the files had come without them. */
export interface Tenant {
  readonly full: Outputs;
  readonly columns: readonly Column[];
  readonly without: (column: Column, loss: Loss) => Promise<Outputs>;
  readonly close: () => void;
}

export const datasets = loadDatasets();

export const nameOf = ({ dataset, path }: Column): string => `${dataset}.${path.join(".")}`;

/** All columns of a dataset, those in structures and in the entries of lists too. */
function columnsOf({ name, properties }: Dataset): Column[] {
  const walk = (property: Property, above: readonly string[], isInEntries = false): Column[] => {
    const path = [...above, property.name];
    const entries = property.items?.properties ?? [];
    return [
      { dataset: name, path, isInEntries },
      ...property.properties.flatMap((child) => walk(child, path, isInEntries)),
      ...entries.flatMap((child) => walk(child, path, true)),
    ];
  };
  // Without one that is required no record is loaded, and the import says so.
  return properties.filter(({ isRequired }) => !isRequired).flatMap((property) => walk(property, []));
}

/** What license outputs read several times is computed once for each question. */
const shared = ["person_activity", "license_facts"];

/** Copies an imported database into memory. */
export async function openTenant(path: string): Promise<Tenant> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "1GB" });
  const connection = await instance.connect();
  const run = async (...statements: string[]): Promise<unknown> => await connection.run(statements.join(";"));
  await run(
    "set global TimeZone = 'UTC'",
    `attach ${quoteText(path)} as source (read_only)`,
    "copy from database source to memory",
    "detach source",
    "create schema kept",
    "create table kept.source_properties as from meta.source_properties",
  );
  for (const name of shared) {
    const view = readViews().find((each) => each.schema === "intermediate" && each.name === name);
    await run(
      `create view kept.${name}_computed as ${String(view?.sql)}`,
      `create table kept.${name} as from kept.${name}_computed`,
      `create or replace view intermediate.${name} as from kept.${name}`,
    );
  }
  const found = await readRows(
    connection,
    "select distinct dataset, property from meta.source_properties join meta.source_files using (source_file_id) where records_present > records_null",
  );
  const filled = new Set(found.map(({ dataset, property }) => `${String(dataset)}.${String(property)}`));
  const columns = [...datasets.values()].flatMap(columnsOf);
  return {
    full: await readOutputs(connection),
    columns: columns.filter(({ dataset, path: [first = ""] }) => filled.has(`${dataset}.${first}`)),
    without: async (column, loss) => {
      await run(`create or replace table kept.records as from raw.${quoteName(column.dataset)}`);
      await takeColumn(connection, column, loss);
      await settleAnew(connection);
      const outputs = await readOutputs(connection);
      await run(
        `delete from raw.${quoteName(column.dataset)}`,
        `insert into raw.${quoteName(column.dataset)} from kept.records`,
        "delete from meta.source_properties",
        "insert into meta.source_properties from kept.source_properties",
      );
      return outputs;
    },
    close: () => (connection.closeSync(), instance.closeSync()),
  };
}

/** Takes every value away, or that of every second record, and counts as an import of such files would. */
async function takeColumn(
  connection: DuckDBConnection,
  { dataset, path }: Column,
  loss: Loss,
): Promise<void> {
  const some = loss === "absent" ? "true" : "record_number % 2 = 0";
  const table = `raw.${quoteName(dataset)}`;
  const [first = "", ...inner] = path;
  if (inner.length > 0) return await takeInner(connection, { dataset, path }, some);
  const ofFile = `p.property = ${quoteText(first)} and p.source_file_id = taken.source_file_id`;
  const count =
    loss === "lost in part"
      ? "records_lost = taken.records, records_null = p.records_null + taken.records - taken.nulls"
      : "records_present = p.records_present - taken.records, records_null = p.records_null - taken.nulls";
  await connection.run(
    [
      `create or replace temp table taken as
       select source_file_id, count(*) as records, count(*) filter (${quoteName(first)} is null) as nulls
       from ${table} where ${some} group by all`,
      `update meta.source_properties as p set ${count} from taken where ${ofFile}`,
      // Duplicates and rejected records are counted too.
      ...(loss === "absent"
        ? [
            `update meta.source_properties as p set records_present = 0, records_null = 0, records_lost = 0, records_concealed = 0 from taken where ${ofFile}`,
          ]
        : []),
      `update ${table} set ${quoteName(first)} = null where ${some}`,
    ].join(";"),
  );
}

/** Takes what stands in a structure: the records are written once more, without it. */
async function takeInner(
  connection: DuckDBConnection,
  { dataset, path }: Column,
  some: string,
): Promise<void> {
  const table = `raw.${quoteName(dataset)}`;
  const found = await readRows(
    connection,
    `select to_json(r)::varchar as record from ${table} as r where ${some}`,
  );
  const texts = found.map(({ record }) => {
    const value = JSON.parse(String(record)) as Row;
    return JSON.stringify(withoutPath(value, path));
  });
  const structure = recordStructure(datasets.get(dataset) as Dataset);
  await connection.run(`delete from ${table} where ${some}`);
  await connection.run(
    `insert into ${table} by name
     select unnest(from_json(text, ${quoteText(structure)}))
     from (select unnest(from_json($texts, '["VARCHAR"]')) as text)`,
    { texts: JSON.stringify(texts) },
  );
}

function withoutPath(value: unknown, [name = "", ...inner]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPath(item, [name, ...inner]));
  if (typeof value !== "object" || value === null) return value;
  const { [name]: own, ...others } = value as Row;
  return inner.length === 0 || own === undefined ? others : { ...others, [name]: withoutPath(own, inner) };
}

async function settleAnew(connection: DuckDBConnection): Promise<void> {
  await connection.run("delete from meta.settled_tables");
  await settleData(connection);
  for (const name of shared)
    await connection.run(`create or replace table kept.${name} as from kept.${name}_computed`);
  await settleFindings(connection);
}

async function readOutputs(connection: DuckDBConnection): Promise<Outputs> {
  const outputs = new Map<string, readonly Row[]>();
  for (const name of outputNames())
    outputs.set(name, await readRows(connection, `from main.${quoteName(name)}`));
  return outputs;
}

const keys = [
  "user_id",
  "user_principal_name",
  "sku_id",
  "other_sku_id",
  "containing_sku_id",
  "app_id",
  "sign_in_date",
  "dimension",
  "value",
  "dataset",
  "reason",
  "snapshot_date",
  "row_kind",
  "department",
  "country",
  "currency",
  "kind",
  "condition",
  "source_file_id",
  "record_number",
];

/** Values that say that they are not known. */
const unknown: ReadonlySet<unknown> = new Set([null, undefined, "", "Unknown", "Not Available"]);
/** Words about the other values of a row. */
const words = /_reason$|detail|explanation|_source$|_covers$|blocker|^data_status$/;

const least = /(?:inactive|no_activity|disabled)_users$|^(?:reclaimable|surplus)_|_licenses$/;

/** What became of a tenant without a column that neither says that it is unknown nor is in an output that tells of the column. */
export function findInventions(full: Outputs, less: Outputs, column: Column, loss: Loss): string[] {
  const isRule2 = nameOf(column) === "users.signInActivity" && loss === "absent in part";
  const follows = isRule2 ? followsRule2(less) : (): boolean => false;
  const statuses = new Map((less.get("output_status") ?? []).map((row) => [row["output"], row]));
  return [...less].flatMap(([output, rows]) => {
    if (output === "output_status" || output === "data_quality") return [];
    const status = statuses.get(output);
    const isTold =
      status?.["data_status"] !== "Complete" &&
      column.path.some((name) => String(status?.["reasons"]).includes(name));
    return isTold
      ? []
      : compare(full.get(output) ?? [], rows, (name, row) => follows(output, name, row)).map(
          (what) => `${nameOf(column)}: ${output}.${what}`,
        );
  });
}

type Follows = (name: string, row: Row) => boolean;

function compare(full: readonly Row[], less: readonly Row[], follows: Follows): string[] {
  const names = Object.keys(full[0] ?? less[0] ?? {});
  const known = keys.filter((key) => names.includes(key));
  if (!names.includes("user_id") && names.includes("mfa_status")) known.push("mfa_status");
  const keyOf = (row: Row): string => JSON.stringify(known.map((key) => String(row[key])));
  const before = new Map(full.map((row) => [keyOf(row), row]));
  const after = new Map(less.map((row) => [keyOf(row), row]));
  const isUnknownRow = (row: Row): boolean => known.some((key) => unknown.has(row[key]));
  const come = [...after].filter(([key]) => !before.has(key)).map(([, row]) => row);
  const gone = [...before].filter(([key]) => !after.has(key));
  const moved = come.some(isUnknownRow);
  return [
    ...(moved ? [] : gone.map(([key]) => `(row gone) ${key}`)),
    ...come.filter((row) => !isUnknownRow(row)).map((row) => `(row new) ${keyOf(row)}`),
    ...[...after].flatMap(([key, row]) =>
      changes(before.get(key), row, follows).map((what) => `${what} of ${key}`),
    ),
  ];
}

function changes(before: Row | undefined, row: Row, follows: Follows): string[] {
  if (before === undefined) return [];
  return Object.entries(row).flatMap(([name, value]) => {
    const isSame = String(before[name]) === String(value);
    if (isSame || unknown.has(value) || words.test(name)) return [];
    // Where something is unknown of some, a count above zero is the least that it can be.
    if (least.test(name) && Number(value) > 0 && Number(value) < Number(before[name])) return [];
    if (follows(name, row)) return [];
    return [`${name} was ${String(before[name])}, is ${String(value)}`];
  });
}
