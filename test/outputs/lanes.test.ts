import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRows } from "../../src/database/open.ts";
import { exportOutputs } from "../../src/outputs/export.ts";
import { workTogether } from "../../src/outputs/lanes.ts";
import { Workdir } from "../workdir.ts";

let instance: DuckDBInstance;
let connections: readonly DuckDBConnection[] = [];

beforeAll(async () => {
  const config = { threads: "2", memory_limit: "100MB", temp_directory: "" };
  instance = await DuckDBInstance.create(":memory:", config);
  connections = [await instance.connect(), await instance.connect()];
});

afterAll(() => {
  for (const connection of connections) connection.closeSync();
  instance.closeSync();
});

/** Keeps so many megabytes in the engine until something has happened, for 20 seconds at most. */
async function fill(
  megabytes: number,
  connection: DuckDBConnection,
  hasHappened: () => boolean,
): Promise<number> {
  await connection.run(
    `create or replace temp table filled as select uuid() || n as text from range(${megabytes} * 15000) as numbers (n)`,
  );
  for (let wait = 0; wait < 2000 && !hasHappened(); wait += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const [row] = await readRows(connection, "select count(*) as rows from filled");
  await connection.run("drop table filled");
  return Number(row?.["rows"]);
}

test("results stand in the order of the items, whichever ends first, and no more work goes on than there are connections", async () => {
  let atWork = 0;
  let most = 0;
  const results = await workTogether(connections, [40, 5, 20, 0], async (milliseconds) => {
    most = Math.max(most, (atWork += 1));
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    atWork -= 1;
    return milliseconds;
  });
  expect([results, most, atWork]).toEqual([[40, 5, 20, 0], 2, 0]);
});

test("what the engine has no memory for beside other work is done by itself, and what it has none for at all is an error", async () => {
  // What fitted in first stays until the other has found no room.
  let failed = 0;
  const work = async (megabytes: number, connection: DuckDBConnection): Promise<number> => {
    try {
      return await fill(megabytes, connection, () => failed > 0);
    } catch (error) {
      failed += 1;
      throw error;
    }
  };
  const items = [70, 71, 72];
  expect(await workTogether(connections, items, work)).toEqual(items.map((megabytes) => megabytes * 15_000));
  expect(failed).toBeGreaterThan(0);
  await expect(workTogether(connections, [1, 150], work)).rejects.toThrow("Out of Memory");
  await expect(workTogether(connections.slice(0, 1), [150], work)).rejects.toThrow("Out of Memory");
});

test("behind an error nothing more is begun, and what was under way has ended when it is told", async () => {
  const begun: string[] = [];
  const ended: string[] = [];
  const work = async (name: string): Promise<void> => {
    begun.push(name);
    if (name === "bad") throw new Error("no");
    await new Promise((resolve) => setTimeout(resolve, 20));
    ended.push(name);
  };
  await expect(workTogether(connections, ["good", "bad", "late", "later"], work)).rejects.toThrow("no");
  expect([begun, ended]).toEqual([["good", "bad"], ["good"]]);
});

test("an export for which there is too little memory in any case says so and leaves nothing", async () => {
  const dir = new Workdir();
  dir.import(dir.sample("contoso/users"));
  const config = { access_mode: "READ_ONLY", memory_limit: "2MB", temp_directory: "" };
  const own = await DuckDBInstance.create(dir.file("tenant.duckdb"), config);
  const connection = await own.connect();
  const connect = async (): Promise<DuckDBConnection> => await own.connect();
  const database = { path: "", connection, connect, close: () => {} };
  const options = { outputs: [], folder: dir.file("out"), format: "csv", isSafe: false } as const;
  await expect(exportOutputs(database, options)).rejects.toThrow("this machine has too little memory");
  expect(dir.has("out")).toBe(false);
  connection.closeSync();
  own.closeSync();
});
