import { cpSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import papaparse from "papaparse";
import { beforeAll, expect, test } from "vitest";
import { readRows, type Row } from "../../src/database/open.ts";
import { importFiles, loadDatasets, openOutputs, type Dataset, type Property } from "../../src/index.ts";
import { filesIn } from "../outputs/missing.ts";
import { isWhole, suiteTest, thoroughTest } from "../extent.ts";
import { page, Workdir } from "../workdir.ts";

const dir = new Workdir();
const datasets = loadDatasets();
const sample = dir.sample("contoso");
const files = filesIn(sample);

type Outputs = Readonly<Record<string, readonly string[]>>;

/** What the outputs say, each row as one text without case: which spelling of a name stays is no figure. */
async function readOutputs(db: string): Promise<Outputs> {
  const { connection, close } = await openOutputs(db, {});
  const said: Record<string, string[]> = {};
  const rows = await readRows(connection, "select output, data_status from output_status order by output");
  for (const { output } of rows) {
    const all = await readRows(connection, `from ${String(output)}`);
    // Findings count what stands twice, and verdicts tell of each file.
    const figures = output === "data_quality" ? [] : output === "output_status" ? rows : all;
    said[String(output)] = figures.map((row) => foldRow(row)).toSorted();
  }
  close();
  return said;
}

function foldRow(row: Row): string {
  return JSON.stringify(row, (name, value: unknown) => (name === "files" ? undefined : value)).toLowerCase();
}

let imports = 0;

/** Imports folders one after the other, each a file or more beside what was there. */
async function outputsOf(...folders: readonly string[]): Promise<Outputs> {
  const db = dir.file(`${++imports}.duckdb`);
  for (const folder of folders) await importFiles({ paths: [folder], db });
  return await readOutputs(db);
}

let base: Outputs = {};
/** The rows of each dataset of the sample, under Graph's names. */
const records = new Map<string, readonly Row[]>();
const datasetOf = new Map<string, Dataset>();

beforeAll(async () => {
  const db = dir.file("base.duckdb");
  const { files: reports } = await importFiles({ paths: [sample], db });
  base = await readOutputs(db);
  const { connection, close } = await openOutputs(db, {});
  for (const { file, dataset: name } of reports) {
    const dataset = datasets.get(name ?? "");
    if (dataset === undefined) throw new Error(`nobody knows ${file}`);
    datasetOf.set(files.find((path) => file.endsWith(path)) ?? "", dataset);
    const rows = await readRows(
      connection,
      `select to_json(t) as record from raw.${dataset.name} as t order by source_file_id, record_number`,
    );
    records.set(
      dataset.name,
      rows.map(({ record }) => JSON.parse(String(record)) as Row),
    );
  }
  close();
});

/** Ways in which the records of a file may come again: what to write, and under which name. */
const ways: Readonly<Record<string, (file: string) => [name: string, content: string] | undefined>> = {
  "as a copy": (file) => [beside(file, "(1)"), readFileSync(join(sample, file), "utf8")],
  "in another case and order": (file) => [
    beside(file, "(2)"),
    reverse(file, shout(readFileSync(join(sample, file), "utf8"))),
  ],
  "in the other format": (file) => {
    const dataset = datasetOf.get(file);
    // The other lists have no CSV that says all that they say.
    if (dataset?.snapshotDate !== "reportRefreshDate") return undefined;
    const rows = records.get(dataset.name) ?? [];
    const isCsv = extname(file) === ".csv";
    return isCsv
      ? [beside(file, "(3)", ".json"), toPage(dataset, rows)]
      : [beside(file, "(3)", ".csv"), toCsv(dataset, rows)];
  },
};

function beside(file: string, mark: string, ending = extname(file)): string {
  return join(dirname(file), `${basename(file, extname(file))} ${mark}${ending}`);
}

/** Ids and names in capitals. */
function shout(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (id) => id.toUpperCase())
    .replaceAll(/[\w.'#+-]+@contoso[\w.-]*/g, (name) => name.toUpperCase());
}

function reverse(file: string, text: string): string {
  if (extname(file) === ".csv") {
    const [head = "", ...rows] = text.trimEnd().split("\r\n");
    return `${[head, ...rows.toReversed()].join("\r\n")}\r\n`;
  }
  const document = JSON.parse(text) as { value?: unknown[] };
  return JSON.stringify(document.value ? { ...document, value: document.value.toReversed() } : document);
}

function toPage({ contexts, properties }: Dataset, rows: readonly Row[]): string {
  const value = rows.map((row) =>
    Object.fromEntries(properties.flatMap(({ name }) => (row[name] === null ? [] : [[name, row[name]]]))),
  );
  const context =
    contexts[0] === undefined
      ? {}
      : { "@odata.context": `https://graph.microsoft.us/v1.0/$metadata#${contexts[0]}` };
  return JSON.stringify({ ...context, value });
}

/** One row per record, or per entry of the list of objects in it. */
function toCsv({ properties }: Dataset, rows: readonly Row[]): string {
  const isNested = ({ items }: Property): boolean => items?.type === "object";
  const flat = properties.filter((property) => !isNested(property));
  const nested = properties.find(isNested);
  const lines = rows.flatMap((row) => {
    const entries = ((nested && row[nested.name]) ?? []) as Row[];
    return entries.length === 0 ? [row] : entries.map((entry) => ({ ...row, ...entry }));
  });
  return `${papaparse.unparse([
    flat.map(({ name, headers }) => headers[0] ?? name),
    ...lines.map((line) => flat.map((property) => toCell(property, line[property.name]))),
  ])}\r\n`;
}

function toCell({ splits }: Property, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join(splits[0] ?? ";");
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}

/** A folder of the sample, or an empty one, with these of its files again. */
function withRepeats(chosen: readonly string[], how: readonly string[], isAlone = false): string {
  const name = `again-${++imports}`;
  if (!isAlone) cpSync(sample, dir.file(name), { recursive: true, preserveTimestamps: true });
  for (const way of how)
    for (const file of chosen) {
      const [path, content] = ways[way]?.(file) ?? [];
      if (path !== undefined && content !== undefined) dir.write(join(name, path), content);
    }
  return dir.file(name);
}

/** The first rows in which outputs differ, by output. */
function differences(outputs: Outputs): Outputs {
  const names = new Set([...Object.keys(base), ...Object.keys(outputs)]);
  const differing = [...names].flatMap((name) => {
    const [before, after] = [base[name] ?? [], outputs[name] ?? []];
    const changed = [
      ...before.filter((row) => !after.includes(row)).map((row) => `- ${row}`),
      ...after.filter((row) => !before.includes(row)).map((row) => `+ ${row}`),
    ];
    const isCounted = before.length === after.length;
    return changed.length === 0 && isCounted
      ? []
      : [[name, [`${before.length} and ${after.length} rows`, ...changed.slice(0, 6)]] as const];
  });
  return Object.fromEntries(differing);
}

const everyWay = Object.keys(ways);

thoroughTest("all files of the sample again, in every way and in one import, change no figure", async () => {
  expect(differences(await outputsOf(withRepeats(files, everyWay)))).toEqual({});
});

suiteTest(
  "all files of the sample again, in another case and order in a later import, change no figure",
  async () => {
    expect(
      differences(await outputsOf(sample, withRepeats(files, ["in another case and order"], true))),
    ).toEqual({});
  },
);

const each = files.flatMap((file) => everyWay.map((way) => [file, way] as const));

test.skipIf(!isWhole).each(each)(
  "%s again %s changes no figure, in one import or in a later one",
  async (file, way) => {
    expect(differences(await outputsOf(withRepeats([file], [way])))).toEqual({});
    if (ways[way]?.(file) !== undefined)
      expect(differences(await outputsOf(sample, withRepeats([file], [way], true)))).toEqual({});
  },
);

test("an export that a corrected one of its day replaced does not come back by being imported again, until that one is forgotten", async () => {
  const place = new Workdir();
  const user = (number: number): object => ({
    id: `00000000-0000-4000-8000-00000000000${number}`,
    userPrincipalName: `user${number}@contoso.example`,
  });
  const [first, second] = [
    place.write("2026-10-31/users.json", page("users", [user(1), user(2), user(3)])),
    place.write("corrected/2026-10-31/users.json", page("users", [user(1), user(2)])),
  ];
  const count = (): unknown => place.query("select count(*) as n from users");
  for (const file of [first, second]) place.import(file);
  expect(count()).toEqual([{ n: 2 }]);
  const again = place.run("import", first, "--no-progress");
  expect([again.status, again.stdout]).toEqual([
    0,
    expect.stringContaining("import 2 brought that day again"),
  ]);
  expect(count()).toEqual([{ n: 2 }]);
  place.run("forget", "--import", "2");
  expect(count()).toEqual([{ n: 3 }]);
});
