import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadDatasets } from "../../src/schema/dataset.ts";
import { openForImport, readRows, type Database } from "../../src/database/open.ts";
import { tableSql } from "../../src/schema/ddl.ts";
import { toInputFile } from "../../src/source/discover.ts";
import { isSheet, type Load } from "../../src/load/batch-queue.ts";
import { createLoader, type Loader } from "../../src/load/loader.ts";
import { loadDataset, type FileLoad } from "../../src/load/loader.ts";
import { createPacketWriter, takePacket, writeRecord, type Packet } from "../../src/batch/byte-writer.ts";
import { recogniseFile } from "../../src/detect/detect.ts";
import { createTally } from "../../src/batch/file-stats.ts";
import { statSync } from "node:fs";
import { Workdir } from "../workdir.ts";

const datasets = loadDatasets();
const [organization, groups] = ["organization", "groups"].map((name) => datasets.get(name));
if (organization === undefined || groups === undefined) throw new Error("a dataset is missing");
const dataset = organization;
let database: Database;
let loader: Loader;

beforeAll(async () => {
  database = await openForImport(":memory:", "");
  const tables = [dataset, groups].flatMap((each) => tableSql(each, "raw"));
  await database.connection.run(`create schema raw; ${tables.join("; ")}`);
  loader = createLoader(database.connection);
});

afterAll(() => database.close());

const count = async ({ name } = dataset): Promise<unknown> =>
  (await readRows(database.connection, `select count(*) as n from raw.${name}`))[0]?.["n"];

test("an error while records are read fails the statement with no rows, and comes out as it was", async () => {
  const failure = new Error("the disk went away");
  const packets = function* (): Generator<Packet> {
    const text =
      '{"source_file_id":1,"record_number":1,"id":null,"displayName":null,"countryLetterCode":null,"createdDateTime":null,"tenantType":null,"verifiedDomains":null}';
    const writer = createPacketWriter();
    writeRecord(writer, text);
    yield takePacket(writer);
    throw failure;
  };
  await expect(loader.load(dataset, packets())).rejects.toBe(failure);
  expect(await count()).toBe(0);
});

test("of records of megabytes, each by a statement of its own, all are loaded or none", async () => {
  const text = (record: number, bytes: number): string =>
    `{"source_file_id":2,"record_number":${record},"id":null,"displayName":"${"x".repeat(bytes)}","countryLetterCode":null,"createdDateTime":null,"tenantType":null,"verifiedDomains":null}`;
  const packets = function* (failure?: Error): Generator<Packet> {
    const writer = createPacketWriter();
    for (const [index, bytes] of [5, 3 << 20, 4 << 20, 7, 3 << 20].entries()) {
      writeRecord(writer, text(index + 1, bytes));
      yield takePacket(writer);
    }
    if (failure) throw failure;
  };
  const failure = new Error("the disk went away");
  await expect(loader.load(dataset, packets(failure))).rejects.toBe(failure);
  expect(await count()).toBe(0);
  expect(await loader.load(dataset, packets())).toBe(5);
  const sql = "select sum(length(displayName))::bigint as n from raw.organization where source_file_id = 2";
  expect(await readRows(database.connection, sql)).toEqual([{ n: (10 << 20) + 12 }]);
  await database.connection.run("delete from raw.organization");
});

test("why a commit failed is said, not that nothing is left to roll back", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const [mine, other] = [await instance.connect(), await instance.connect()];
  const table = tableSql(dataset, "raw").join("; ");
  await mine.run(`create schema raw; ${table}; create unique index one on raw.organization (record_number)`);
  const packets = function* (): Generator<Packet> {
    const writer = createPacketWriter();
    const nothing =
      '"id":null,"countryLetterCode":null,"createdDateTime":null,"tenantType":null,"verifiedDomains":null}';
    writeRecord(
      writer,
      `{"source_file_id":1,"record_number":1,"displayName":"${"x".repeat(3 << 20)}",`,
      nothing,
    );
    yield takePacket(writer);
    // The statement ends behind so large a record; before the commit somebody else writes the same number.
    const inserted = { isDone: false };
    setTimeout(() => {
      void other
        .run("insert into raw.organization (source_file_id, record_number) values (2, 1)")
        .finally(() => (inserted.isDone = true));
    }, 700);
    while (!inserted.isDone) yield takePacket(writer);
  };
  await expect(createLoader(mine).load(dataset, packets())).rejects.toThrow(/commit.*constraint/i);
  for (const connection of [mine, other]) connection.closeSync();
  instance.closeSync();
});

test.each([
  ["by the fast path of CSV", "csv", groups, {}, "sheets"],
  ["by the slow path", "json", dataset, { isSlow: true }, "packets"],
])(
  "should DuckDB refuse a record proven %s, just that one is rejected and all others load",
  async (_path, form, target, hints, kind) => {
    await database.connection.run(`truncate raw.${target.name}`);
    // What sheets bring needs no cast, but where somebody has altered the table.
    if (kind === "sheets")
      await database.connection.run(`alter table raw.${target.name} alter displayName type integer`);
    const dir = new Workdir();
    const records = Array.from({ length: 5000 }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
      displayName: kind === "packets" ? `T${index}` : index === 3000 ? "three" : String(index),
      createdDateTime: "2020-01-02T03:04:05Z",
      verifiedDomains: [],
    }));
    const rows = records.map(
      (record) => `${record.id},${record.displayName},true,${record.createdDateTime}\n`,
    );
    const content =
      form === "json" ? records : `id,displayName,mailEnabled,createdDateTime\n${rows.join("")}`;
    const path = dir.write(`${target.name}.${form}`, content);
    const file = toInputFile(path, statSync(path));
    // A loader that sees one canonical record go bad on its way, as a fault of ours would make it.
    const kinds: string[] = [];
    const spoiling: Loader = {
      load: async (into, loads) =>
        await loader.load(
          into,
          spoil(loads, (one) => kinds.push(one)),
        ),
    };
    const [recognition] = recogniseFile(file, datasets, hints);
    if (!recognition) throw new Error("nothing was recognised");
    const load: FileLoad = { id: 7, recognition, tally: createTally(target) };
    await loadDataset(spoiling, target, { files: [load], onProgress: () => {} });
    expect(kinds[0]).toBe(kind);
    expect(await count(target)).toBe(4999);
    expect([load.tally.read, load.tally.rejected]).toEqual([5000, 1]);
    expect(load.tally.rejections.map(({ code, record }) => [code, record])).toEqual([
      ["engine_refused", 3001],
    ]);
  },
);

function* spoil(
  loads: Iterable<Load | undefined>,
  onKind: (kind: "sheets" | "packets") => void,
): Generator<Load | undefined> {
  for (const load of loads) {
    if (load) onKind(isSheet(load) ? "sheets" : "packets");
    if (load === undefined || isSheet(load)) {
      yield load;
      continue;
    }
    const { bytes, ends } = load;
    const writer = createPacketWriter();
    ends.forEach((end, index) => {
      const text = bytes.toString("utf8", ends[index - 1] ?? 0, end);
      const isBad = text.includes('"T3000"');
      writeRecord(writer, isBad ? text.replace("2020-01-02T03:04:05Z", "x") : text);
    });
    yield takePacket(writer);
  }
}
