import { readFileSync, writeFileSync } from "node:fs";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { streamSorted } from "../../src/outputs/packed.ts";
import { streamRows, type Rows } from "../../src/database/rows.ts";
import { Workdir } from "../workdir.ts";

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  connection = await instance.connect();
  await connection.run(
    "create table numbers as select i, i::varchar as name from range(1000000) as numbers (i)",
  );
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const late = "select if(i = 900000, error('a late error'), i) as i from range(1000000) as numbers (i)";

/** How many rows come, after the first of which something is done. */
async function count({ batches }: Rows, afterFirst: () => void = () => {}): Promise<number> {
  let rows = 0;
  for await (const batch of batches) {
    if (rows === 0) afterFirst();
    rows += batch.length;
  }
  return rows;
}

test("a stream of rows that fails amid them is an error with the engine's words, not an end", async () => {
  expect(await count(await streamRows(connection, "from numbers"))).toBe(1_000_000);
  await expect(count(await streamRows(connection, late))).rejects.toThrow("a late error");
});

test("nor is one that is broken off for another reason, of packed rows or others", async () => {
  const interrupt = (): void => connection.interrupt();
  expect(await count(await streamSorted(connection, "numbers"))).toBe(1_000_000);
  await expect(count(await streamSorted(connection, "numbers"), interrupt)).rejects.toThrow("broke off");
  await expect(count(await streamRows(connection, "from numbers"), interrupt)).rejects.toThrow("broke off");
});

test("a query that fails amid its rows ends with exit 2 and the engine's words, and leaves no file", () => {
  const dir = new Workdir();
  dir.import(dir.sample("contoso/users"));
  for (const more of [[], ["--out", "numbers.csv"]]) {
    const { status, stderr } = dir.run("query", late, "--format", "csv", ...more);
    expect([status, stderr]).toEqual([2, expect.stringContaining("a late error")]);
  }
  expect(dir.has("numbers.csv")).toBe(false);
});

test("a database with a damaged block is named, also where the rows before it have come", async () => {
  const dir = new Workdir();
  dir.import(dir.sample("contoso/users"), "--db", "damaged.duckdb");
  const file = dir.file("damaged.duckdb");
  const own = await DuckDBInstance.create(file);
  const writer = await own.connect();
  await writer.run("create table many as select uuid()::varchar as name from range(600000); checkpoint");
  const last = await writer.runAndReadAll("select max(block_id) from pragma_storage_info('many')");
  writer.closeSync();
  own.closeSync();
  const bytes = readFileSync(file);
  const place = 3 * 4096 + Number(last.getRows()[0]?.[0]) * 262_144 + 1000;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  writeFileSync(file, bytes);
  const { status, stdout, stderr } = dir.run(
    "query",
    "from many",
    "--format",
    "csv",
    "--db",
    "damaged.duckdb",
  );
  expect([status, stderr]).toEqual([4, expect.stringContaining("is damaged")]);
  expect(stdout.split("\n").length).toBeGreaterThan(2);
});
