import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dataset } from "../schema/dataset.ts";
import { readRows, type Row } from "../database/open.ts";
import { quoteName, quoteText, sqlType, tableSql } from "../schema/ddl.ts";
import { version } from "../version.ts";

type Cell = string | number | boolean | null;

/** Appends rows to a ledger table by column name; a column that a row does not have is null. */
export async function insertRows(
  connection: DuckDBConnection,
  table: string,
  rows: readonly Readonly<Record<string, Cell>>[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = await readRows(connection, `describe ${table}`);
  const structure = Object.fromEntries(
    columns.map((column) => [column["column_name"], column["column_type"]]),
  );
  const sql = `insert into ${table} by name select unnest(item) from
    (select unnest(from_json($rows, ${quoteText(JSON.stringify([structure]))})) as item)`;
  await connection.run(sql, { rows: JSON.stringify(rows, wellFormed) });
}

/** Keys of records and words of error answers may hold halves of characters, which DuckDB refuses. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** Creates or alters the ledger and one raw table per dataset, and writes down what this version knows. */
export async function prepareTables(
  connection: DuckDBConnection,
  ledgerSql: string,
  datasets: Iterable<Dataset>,
): Promise<void> {
  const known = [...datasets];
  // In one transaction: some 200 statements, each of which would be made durable by itself.
  const statements = ["begin", ledgerSql, ...known.flatMap((dataset) => tableSql(dataset, "raw")), "commit"];
  await connection.run(statements.join(";\n"));
  for (const dataset of known) await alterTypes(connection, dataset);
  await insertRows(connection, "meta.datasets", known.map(toDatasetRow));
}

/** Gives the columns that an older schema made with other types those of this one; structures keep what both have. */
async function alterTypes(connection: DuckDBConnection, dataset: Dataset): Promise<void> {
  const table = `raw.${quoteName(dataset.name)}`;
  const wanted = dataset.properties.map((property) => ({ name: property.name, type: sqlType(property) }));
  const nulls = wanted.map(({ name, type }) => `null::${type} as ${quoteName(name)}`).join(", ");
  const types = async (of: string): Promise<Map<unknown, unknown>> =>
    new Map(
      (await readRows(connection, `describe ${of}`)).map((row) => [row["column_name"], row["column_type"]]),
    );
  const [there, due] = [await types(table), await types(`select ${nulls}`)];
  for (const { name, type } of wanted) {
    if (there.get(name) === due.get(name)) continue;
    await connection.run(`alter table ${table} alter column ${quoteName(name)} set data type ${type}`);
  }
}

/** Whether the tables were made for just these datasets under just these schemas. */
export async function hasDatasets(
  connection: DuckDBConnection,
  datasets: ReadonlyMap<string, Dataset>,
): Promise<boolean> {
  const rows = await readRows(connection, "select dataset, schema_hash from meta.datasets");
  const isSame = ({ dataset, schema_hash: hash }: Row): boolean =>
    datasets.get(String(dataset))?.hash === hash;
  return rows.length === datasets.size && rows.every(isSame);
}

function toDatasetRow({ name, title, kind, hash, source }: Dataset): Readonly<Record<string, Cell>> {
  return {
    dataset: name,
    title,
    kind,
    schema_hash: hash,
    export_graph: source.graph,
    export_portal: source.portal,
    export_powershell: source.powershell ?? null,
  };
}

interface FinishedImport {
  readonly importId: number;
  readonly startedAt: Date;
  readonly asOf?: string | undefined;
  readonly complete?: readonly string[] | undefined;
  readonly files: number;
  readonly isSameTenant?: boolean | undefined;
}

/** Writes down that an import was done. */
export async function recordImport(
  connection: DuckDBConnection,
  { importId, startedAt, asOf, complete = [], files, isSameTenant = false }: FinishedImport,
): Promise<void> {
  const row = {
    import_id: importId,
    started_at: startedAt.toISOString(),
    finished_at: new Date().toISOString(),
    tool_version: version,
    stated_as_of: asOf ?? null,
    stated_complete: complete.length > 0 ? complete.join(", ") : null,
    files,
    same_tenant: isSameTenant,
  };
  await insertRows(connection, "meta.imports", [row]);
}

/** The next free number in a ledger column; one that something forgotten had is never given again. */
export async function nextId(connection: DuckDBConnection, table: string, column: string): Promise<number> {
  const [row] = await readRows(
    connection,
    `select coalesce(max(id), 0) + 1 as id
     from (select ${column} as id from ${table} union all select ${column} from meta.forgotten)`,
  );
  return Number(row?.["id"] ?? 1);
}

const withIssues = `select f.*,
    (select list({code: i.code, severity: i.severity, pointer: i.pointer, records: i.records, message: i.message, cure: i.cure})
       from meta.issues i where i.source_file_id = f.source_file_id) as issues`;

/** Files as the ledger has them now. */
export async function findFilesById(connection: DuckDBConnection, ids: readonly number[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return await readRows(
    connection,
    `${withIssues} from meta.source_files f where f.source_file_id in (${ids.join(", ")})`,
  );
}

/** Earlier files with one of these sizes that the outputs still read, newest first: candidates for being the same file again. */
export async function findEarlierFiles(
  connection: DuckDBConnection,
  sizes: readonly number[],
): Promise<Row[]> {
  if (sizes.length === 0) return [];
  return await readRows(
    connection,
    // Also of those that a later export of the same day replaced: they come back by forgetting that one, not by themselves.
    `${withIssues} from meta.source_files f
     where f.bytes in (${sizes.join(", ")})
       -- A file that --strict refused has no snapshot: without --strict it is to be loaded.
       and (f.snapshot_id is not null or f.dataset is null or f.wrapper in ('unknown', 'error'))
     order by f.source_file_id desc`,
  );
}
