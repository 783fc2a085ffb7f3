import { createHash } from "node:crypto";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows, type Row } from "../database/open.ts";
import { readBytes } from "../files.ts";
import { manifestVersion, type ManifestFile, type Reason, type Status } from "../handoff/manifest.ts";
import { referenceFolder } from "../paths.ts";
import { readSql, readViews } from "../transform/models.ts";
import { version } from "../version.ts";
import type { OutputFile } from "./export.ts";

/** What a manifest says before its files, behind them, and of each. */
export interface Described {
  readonly head: Readonly<Record<string, unknown>> & { readonly tenant: Row | null; readonly as_of: unknown };
  readonly tail: Readonly<Record<string, unknown>> & {
    readonly sources: readonly Row[];
    readonly snapshots: readonly Row[];
  };
  readonly describeFiles: (written: readonly OutputFile[], payload: string) => readonly ManifestFile[];
  readonly saidOf: (output: string) => SaidOfOutput;
}

/** How far an output can be trusted, and what its columns mean. */
export interface SaidOfOutput extends Pick<ManifestFile, "data_status" | "reasons" | "notes"> {
  readonly meaningOf: (column: string) => string;
}

/** Reads what one must know of a database to use a bundle of these outputs, in ten years too. */
export async function describeDatabase(
  connection: DuckDBConnection,
  outputs: readonly string[],
): Promise<Described> {
  const ask = async (name: string, values?: Record<string, string>): Promise<Row[]> =>
    await readRows(connection, readSql(`ledger/${name}`), values);
  const [tenant] = await readRows(connection, "select tenant_id, tenant_name from meta.tenant");
  const [parameters] = await readRows(connection, "from intermediate.parameters");
  const [engine] = await readRows(connection, "select version() as version");
  const chosen = { outputs: outputs.join(",") };
  const [basis] = await ask("export_rests_on", chosen);
  const status = await readRows(connection, "from output_status");
  const reasons = await ask("export_reasons");
  const meanings = await readRows(connection, "select output, column_name, meaning from meta.output_columns");
  const head = {
    manifest_version: manifestVersion,
    tool: { name: "m365-offline", version, engine: { name: "duckdb", version: engine?.["version"] } },
    tenant: tenant ?? null,
    as_of: parameters?.["as_of"] ?? null,
    as_of_rests_on: basis?.["as_of_rests_on"] ?? null,
    parameters,
    profile: null,
  };
  const tail = {
    sources: (await ask("export_sources")).map(withoutNulls),
    snapshots: await ask("export_snapshots", chosen),
    lists: describeLists(await ask("export_lists")),
    views: Object.fromEntries(outputs.toSorted().map((output) => [output, hashView(output)])),
  };
  const describeFiles: Described["describeFiles"] = (written, payload) =>
    written
      .map((file) => describeFile(file, { written, payload, status, reasons, meanings }))
      .toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const saidOf: Described["saidOf"] = (output) => findSaid(output, { status, reasons, meanings });
  return { head, tail, describeFiles, saidOf };
}

interface Said {
  readonly written: readonly OutputFile[];
  readonly payload: string;
  readonly status: readonly Row[];
  readonly reasons: readonly Row[];
  readonly meanings: readonly Row[];
}

function findSaid(output: string, said: Pick<Said, "status" | "reasons" | "meanings">): SaidOfOutput {
  const ofOutput = (row: Row): boolean => row["output"] === output;
  const reasons = said.reasons.filter(ofOutput);
  const meanings = said.meanings.filter(ofOutput);
  return {
    data_status: String(said.status.find(ofOutput)?.["data_status"]) as Status,
    reasons: reasons.filter((row) => row["is_note"] === false).map(toReason),
    notes: reasons.filter((row) => row["is_note"] === true).map(toReason),
    meaningOf: (column) => String(meanings.find((row) => row["column_name"] === column)?.["meaning"] ?? ""),
  };
}

function describeFile(file: OutputFile, said: Said): ManifestFile {
  const { output, columns, tally, table, seen, bytes, sha256 } = file;
  const { meaningOf, ...status } = findSaid(output, said);
  // The sum of what nobody knows is unknown, as in SQL.
  const isKnown = ([index]: readonly [number, bigint]): boolean => seen.rows > (tally.nulls[index] ?? 0);
  const totals = [...tally.sums]
    .filter(isKnown)
    .map(([index, sum]) => [columns[index]?.name ?? "", String(sum)] as const);
  return {
    file: said.payload + file.file,
    output,
    rows: seen.rows,
    bytes,
    sha256,
    ...status,
    columns: describeColumns(file, meaningOf),
    key: table.key,
    sorted_by: columns.map(({ name }) => name),
    relations: describeRelations(file, said),
    ...(totals.length > 0 ? { totals: Object.fromEntries(totals) } : {}),
  };
}

function describeColumns(
  { columns, types, tally, table }: OutputFile,
  meaningOf: SaidOfOutput["meaningOf"],
): ManifestFile["columns"] {
  return columns.map(({ name }, index) => {
    const nulls = tally.nulls[index] ?? 0;
    const values = table.enums?.[name];
    return {
      name,
      ...(types[index] ?? { type: "text" }),
      nullable: nulls > 0 || !table.required.includes(name),
      nulls,
      empties: tally.empties[index] ?? 0,
      ...(values ? { enum: values } : {}),
      personal: table.personal?.[name] ?? "none",
      meaning: meaningOf(name),
    };
  });
}

function describeRelations(
  { columns, tally, table }: OutputFile,
  { written, payload }: Said,
): ManifestFile["relations"] {
  return (table.relations ?? []).flatMap(({ column, output, hard }) => {
    const other = written.find((file) => file.output === output);
    if (other === undefined) return [];
    const valuesOf = (file: Pick<OutputFile, "columns" | "tally">): ReadonlySet<unknown> =>
      file.tally.sets.get(file.columns.findIndex(({ name }) => name === column)) ?? new Set();
    const there = valuesOf(other);
    const unmatched = [...valuesOf({ columns, tally })].filter((value) => !there.has(value)).length;
    const names = [column];
    return [
      {
        columns: names,
        file: payload + other.file,
        columns_there: names,
        hard: hard && unmatched === 0,
        unmatched,
      },
    ];
  });
}

function toReason({ code, dataset, text }: Row): Reason {
  return {
    code: String(code),
    ...(dataset === null ? {} : { dataset: String(dataset) }),
    text: String(text),
  };
}

function withoutNulls(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

const shipped = "sku_names";

/** The lists in use: those that were imported, and else of names the one that ships. */
function describeLists(rows: readonly Row[]): Readonly<Record<string, Row | null>> {
  const find = (list: string): Row | null => {
    const { list: _, ...row } = rows.find((one) => one["list"] === list) ?? {};
    return "sha256" in row ? withoutNulls(row) : null;
  };
  const names = readBytes(join(referenceFolder, `${shipped}.csv`));
  const ofShipped = { sha256: createHash("sha256").update(names).digest("hex") };
  return {
    [shipped]: find(shipped) ?? ofShipped,
    sku_prices: find("sku_prices"),
    reclaim_policy: find("reclaim_policy"),
  };
}

/** The SHA-256 of the SQL of an output and of all that it reads. */
function hashView(output: string): string {
  const views = readViews();
  const places = new Map(views.map((view) => [`${view.schema}.${view.name}`, view]));
  const seen = new Map<string, string>();
  const visit = (place: string): void => {
    const view = places.get(place);
    if (view === undefined || seen.has(place)) return;
    seen.set(place, view.sql);
    for (const [name] of view.sql.matchAll(/\b\w+\.\w+/g)) visit(name);
  };
  visit(`main.${output}`);
  const hash = createHash("sha256");
  for (const [place, sql] of [...seen].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${place}\n${sql}\n`);
  return hash.digest("hex");
}
