import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import papaparse from "papaparse";
import { expect } from "vitest";
import { readRows, type Row } from "../../src/database/open.ts";
import { importFiles, openOutputs, type ImportResult } from "../../src/index.ts";
import type { Workdir } from "../workdir.ts";

/** What an import of exports leaves: the verdict on each file, what was there, and every row of every output. */
export interface Answers {
  readonly result: ImportResult;
  readonly properties: ReadonlySet<string>;
  readonly outputs: ReadonlyMap<string, readonly Row[]>;
}

/** Imports a folder into a database of its own and reads the outputs that need one of these datasets, or all of them. */
export async function answersOf(
  dir: Workdir,
  folder: string,
  datasets?: readonly string[],
): Promise<Answers> {
  const db = dir.file(`${basename(folder)}.duckdb`);
  const result = await importFiles({ paths: [folder], db });
  const database = await openOutputs(db, {});
  const read = async (sql: string): Promise<Row[]> => await readRows(database.connection, sql);
  const there = await read(
    "select distinct dataset || '.' || property as name from meta.source_properties join meta.source_files using (source_file_id) where records_present > 0",
  );
  const outputs = new Map<string, Row[]>();
  for (const { output } of await read("from output_status"))
    if (datasets === undefined || output === "output_status" || needs(String(output), datasets))
      outputs.set(String(output), await read(`from ${String(output)}`));
  database.close();
  rmSync(db);
  return { result, properties: new Set(there.map(({ name }) => String(name))), outputs };
}

/** The data files of a folder, as paths in it. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => /\.(json|csv)$/.test(path))
    .toSorted();
}

/** Writes a report as a tenant that conceals names would: each name and address by 32 hexadecimal digits. */
export function conceal(folder: string, file: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const hash = (value: string): string =>
    value === "" ? "" : createHash("md5").update(value.toLowerCase()).digest("hex").toUpperCase();
  if (file.endsWith(".csv")) {
    const { data } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, "").trimEnd());
    const [head = [], ...rows] = data;
    const hidden = head.map((name) => /Principal Name|Display Name|Site URL/.test(name));
    const written = rows.map((row) =>
      row.map((cell, index) => {
        if (head[index] === "User Id") return "00000000-0000-0000-0000-000000000000";
        return hidden[index] ? hash(cell) : cell;
      }),
    );
    writeFileSync(path, `${papaparse.unparse([head, ...written])}\r\n`);
  } else {
    const names = /"(userPrincipalName|displayName)":\s*"([^"]*)"/g;
    writeFileSync(
      path,
      text.replaceAll(names, (_all, name: string, value: string) => `"${name}": "${hash(value)}"`),
    );
  }
}

/** Writes a file without a property: of every record of a JSON document, or the columns of a CSV that are named so. */
export function dropProperty(folder: string, file: string, names: readonly string[]): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const same = (name: string): string => name.trim().replaceAll(/\s+/g, " ").toLowerCase();
  const isDropped = (name: string): boolean => names.some((one) => same(one) === same(name));
  if (file.endsWith(".csv")) {
    const { data } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, "").trimEnd());
    const kept = (data[0] ?? []).map((name) => !isDropped(name));
    writeFileSync(path, `${papaparse.unparse(data.map((row) => row.filter((_cell, at) => kept[at])))}\r\n`);
    return;
  }
  const page = JSON.parse(text) as { value: Row[] };
  const value = page.value.map((record) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !isDropped(name))),
  );
  writeFileSync(path, JSON.stringify({ ...page, value }));
}

/** All properties that outputs need, as `dataset.property`. */
export function neededProperties(): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".needs.json"));
  const all = files.flatMap((file) => Object.values(needsOf(file.replace(".needs.json", ""))).flat(2));
  const named = all.flatMap(({ dataset, property }) => (property ? [`${dataset}.${property}`] : []));
  return [...new Set(named)].toSorted();
}

interface Need {
  readonly dataset: string;
  readonly property?: string;
  readonly substitute?: boolean;
}

const folder = new URL("../../src/models/outputs/", import.meta.url);

function needsOf(output: string): Partial<Record<"essential" | "helpful" | "noted", Need[][]>> {
  const { essential = [], helpful = [], noted = [] } = readNeeds(output) as Record<string, Need[][]>;
  return { essential, helpful, noted };
}

/** The columns that must be there where their dataset is: one of each group. */
function columnsOf(output: string): Need[][] {
  const { columns = {} } = readNeeds(output) as { columns?: Record<string, (string | string[])[]> };
  return Object.entries(columns).flatMap(([dataset, names]) =>
    names.map((name) => [name].flat().map((property) => ({ dataset, property }))),
  );
}

function readNeeds(output: string): Readonly<Record<string, unknown>> {
  const file = new URL(`${output}.needs.json`, folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
}

function needs(output: string, datasets: readonly string[]): boolean {
  const groups = [...Object.values(needsOf(output)), columnsOf(output)].flat(2);
  return groups.some(({ dataset }) => datasets.includes(dataset));
}

/**
 * What the needs of an output say of its status when only these datasets and properties are there: a second reading
 * of the needs files, in plain words.
 */
function expectedStatus(
  output: string,
  { result, properties }: Answers,
  concealed: ReadonlySet<string> = new Set(),
): string {
  const { essential = [], helpful = [] } = needsOf(output);
  const files = result.files.filter(({ status }) => status === "loaded");
  const isThere = ({ dataset, property, substitute }: Need): boolean => {
    if (!files.some((file) => file.dataset === dataset)) return false;
    if (concealed.has(dataset) && (substitute === true || property?.endsWith("PrincipalName") === true))
      return false;
    return property === undefined || properties.has(`${dataset}.${property}`);
  };
  const isCut = (dataset: string): boolean =>
    files.some((file) => file.dataset === dataset && file.completeness === "Incomplete");
  if (essential.some((group) => !group.some(isThere))) return "Not supplied";
  const isWhole = (group: Need[]): boolean => group.some((need) => isThere(need) && !isCut(need.dataset));
  const hasColumn = (group: Need[]): boolean =>
    group.some(
      ({ dataset, property }) =>
        !files.some((file) => file.dataset === dataset) || properties.has(`${dataset}.${String(property)}`),
    );
  const isAll = [...essential, ...helpful].every(isWhole) && columnsOf(output).every(hasColumn);
  return isAll ? "Complete" : "Partial";
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
  "output",
  "row_kind",
  "department",
  "country",
  "currency",
  "kind",
  "condition",
  "finding",
];
const worse = new Set([
  "Disabled",
  "Non-compliant",
  "Inactive",
  "No activity",
  "Not monitored",
  "none",
  "Direct",
]);
/** Words about the data; sums and dates of what remains; what is read from other rows. */
const free =
  /_reason$|^reasons?$|detail|remedy|explanation|source|covers|days|storage_used|_date$|_at$|as_of|percent|blocker|rank|position/;
/** Counts of what speaks against users and licenses must not grow for want of evidence. */
const against = /disabled_users|inactive_users|no_activity_users|reclaimable|surplus|failed/;

/** Counts of users by what is known of their use of a SKU; with those of Not Available they come to the assigned users. */
const usesOfSku = [
  "sku_active_users",
  "sku_inactive_users",
  "sku_no_activity_users",
  "sku_not_monitored_users",
];

/**
 * Whether a zero among the uses of a SKU follows from the sum: the five counts are one partition of the assigned
 * users, so whose use becomes unknown (without service plans nobody can say Not monitored either) moves to Not
 * Available, and leaves a zero behind that invents nothing. True only where all of them moved there, and nowhere else.
 */
export function isMovedToNotAvailable(column: string, before: Row, now: Row): boolean {
  const isGained = column === "sku_not_available_users";
  if (!isGained && (Number(now[column]) !== 0 || !usesOfSku.includes(column))) return false;
  const left = usesOfSku.map((use) => gained(now, before, use));
  if (left.some((users) => !(users >= 0))) return false;
  const sum = left.reduce((total, users) => total + users, 0);
  return (
    gained(before, now, "assigned_users") === 0 && gained(before, now, "sku_not_available_users") === sum
  );
}

/** By how much a count is larger in the second row; not a number where one of them is unknown. */
function gained(first: Row, second: Row, column: string): number {
  const [from, to] = [first[column] ?? null, second[column] ?? null];
  return from === null || to === null ? Number.NaN : Number(to) - Number(from);
}

/** Fails unless every output says of itself what its needs say of it. */
export function expectStatuses(less: Answers, concealed: ReadonlySet<string> = new Set()): void {
  const said = less.outputs.get("output_status") ?? [];
  const statuses = said.map(({ output, data_status: status }) => [String(output), status] as const);
  expect(Object.fromEntries(statuses)).toEqual(
    Object.fromEntries(statuses.map(([output]) => [output, expectedStatus(output, less, concealed)])),
  );
}

/** Fails where something missing has become a zero, a no, a none, or a worse status than with everything there. */
export function expectNoInvention(full: Answers, less: Answers, missing: string): void {
  for (const [output, rows] of less.outputs) {
    if (["output_status", "data_quality", "orphans"].includes(output)) continue;
    // What an output notes it shows beside the figure: "Review: mailbox type was not supplied".
    const noted = (needsOf(output).noted ?? []).flat().map(({ dataset }) => dataset);
    const isNoted = noted.includes(missing) || missing === "reclaim_policy";
    compareRows(`${output} without ${missing}`, full.outputs.get(output) ?? [], { less: rows, isNoted });
  }
}

interface Less {
  readonly less: readonly Row[];
  readonly isNoted: boolean;
}

function compareRows(what: string, full: readonly Row[], { less, isNoted }: Less): void {
  const [first = {}] = full;
  const known = keys.filter((key) => key in first);
  // A summary has a row for each status.
  if (!("user_id" in first) && "mfa_status" in first) known.push("mfa_status");
  const keyOf = (row: Row): string => JSON.stringify(known.map((key) => row[key]));
  const byKey = new Map(full.map((row) => [keyOf(row), row]));
  for (const row of less) {
    const before = byKey.get(keyOf(row));
    if (before === undefined) continue;
    for (const [column, value] of Object.entries(row)) {
      const old = before[column];
      const where = `${what}: ${column} of ${keyOf(row)} was ${String(old)}, is ${String(value)}`;
      if (value === old || value === null || old === null || old === undefined) continue;
      // Capable and not registered contradict each other; of the second alone the rule makes Disabled.
      if (column === "mfa_status" && String(before["user_principal_name"]).startsWith("noor.")) continue;
      if (free.test(column) || (isNoted && /reclaim|surplus/.test(column))) continue;
      if (what.startsWith("license") && against.test(column))
        expect(Number(value) <= Number(old), where).toBe(true);
      if (isMovedToNotAvailable(column, before, row)) continue;
      expect(value === 0 || value === "0" || value === false || value === "", where).toBe(false);
      expect(worse.has(String(value)), where).toBe(false);
    }
  }
}
