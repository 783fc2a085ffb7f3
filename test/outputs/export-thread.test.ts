import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shortenTimes } from "../times.ts";
import { CliError } from "../../src/errors.ts";
import { writeRows, type Writing } from "../../src/outputs/export-file.ts";
import { writeFiles } from "../../src/outputs/export.ts";
import { startExportThread } from "../../src/outputs/export-thread.ts";
import { streamPacked, type PackedRows } from "../../src/outputs/packed.ts";
import { bin, page, Workdir } from "../workdir.ts";

const folder = mkdtempSync(join(tmpdir(), "m365-offline-export-"));
const thread = startExportThread();
let instance: DuckDBInstance;
let connection: DuckDBConnection;

/** Rows of every type that an output has, more than come at once; in some texts all that needs care. */
const many = `select (i * 7919) % 10007 as n, i - 5000 as whole, 9007199254740993 + i as large,
  (i / 4)::decimal(10, 2) as amount, i % 3 = 0 as is_third, date '2026-01-01' + i::integer as day,
  timestamp '2026-01-01' + to_seconds(i) as "time",
  case i % 8 when 0 then null when 1 then '' when 2 then '=1+1' when 3 then 'a "b", ' || chr(10) when 4 then 'ż 漢 😀'
    when 5 then chr(1) || 'x' when 6 then '＝1' else '-5' end as text
  from range(10000) as numbers (i)`;

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  connection = await instance.connect();
  await connection.run(`create table many as ${many}`);
  // In a late vector of these one text looks like what rows are packed with.
  const late = async (table: string, text: string): Promise<unknown> =>
    await connection.run(
      `create table ${table} as select * replace (if(n = 6000, ${text}, text) as text) from many`,
    );
  await late("odd", "chr(0) || 'x'");
  await late("marked", "chr(1)");
  await connection.run("create table nested as select n, [text] as texts from many");
});

afterAll(async () => {
  await thread.end();
  connection.closeSync();
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

const writing = (name: string, format: Writing["format"] = "csv", isSafe = false): Writing => ({
  path: join(folder, name),
  format,
  isSafe,
  plan: { sums: [], sets: [] },
});

const manyUsers = (): readonly object[] =>
  Array.from({ length: 6000 }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    userPrincipalName: `user${index}@contoso.example`,
  }));

const rowsOf = async (table: string): Promise<PackedRows> => await streamPacked(connection, table);

test.each(["many", "odd", "marked", "nested"])(
  "a thread writes of %s what is written without it, byte by byte, in every format",
  async (table) => {
    for (const format of ["csv", "json", "ndjson"] as const)
      for (const isSafe of [false, true]) {
        const here = await writeRows(writing("here", format, isSafe), await rowsOf(table));
        const there = await thread.write(writing("there", format, isSafe), await rowsOf(table));
        expect(there).toEqual(here);
        expect(here.seen.rows).toBe(10_000);
        expect(readFileSync(join(folder, "there")).equals(readFileSync(join(folder, "here")))).toBe(true);
      }
  },
);

test("what was packed is what the engine says value by value", async () => {
  const path = join(folder, "copy.csv");
  await connection.run(
    `copy (select * replace (replace("time"::varchar, ' ', 'T') || 'Z' as "time") from many order by all) to '${path}' (format csv, header, nullstr '')`,
  );
  const { seen } = await thread.write(writing("ours.csv"), await rowsOf("many"));
  const ours = readFileSync(join(folder, "ours.csv"), "utf8");
  const engine = readFileSync(path, "utf8");
  // The engine also puts quotes where none are needed, and around nothing that is empty.
  const bare = (text: string): string => text.replaceAll('"', "");
  expect(shortenTimes(bare(ours))).toBe(bare(engine));
  expect(seen.formulaCells).toBe(2500);
});

test("a file that cannot be written is the same error as without a thread, and the next is written", async () => {
  const place = writing("missing/file.csv");
  const refusal = async (written: Promise<unknown>): Promise<unknown> =>
    await written.then(
      () => "written",
      (error: unknown) => error instanceof CliError && [error.message, error.exitCode, error.lines],
    );
  const here = await refusal(writeRows(place, await rowsOf("many")));
  expect(here).toEqual([expect.stringContaining("its folder does not exist"), 5, []]);
  expect(await refusal(thread.write(place, await rowsOf("many")))).toEqual(here);
  expect((await thread.write(writing("later.csv"), await rowsOf("many"))).seen.rows).toBe(10_000);
});

test("rows that break off are an error, and the next file is written", async () => {
  const rows = await rowsOf("many");
  let pieces = 0;
  const next: PackedRows["next"] = async () => {
    pieces += 1;
    if (pieces === 3) throw new Error("no more");
    return await rows.next();
  };
  await expect(thread.write(writing("broken.csv"), { ...rows, next })).rejects.toThrow("no more");
  expect((await thread.write(writing("whole.csv"), await rowsOf("many"))).seen.rows).toBe(10_000);
});

test("rows that are closed amid them have ended, packed or not, and the engine waits for nobody", async () => {
  for (const table of ["many", "nested"]) {
    const rows = await rowsOf(table);
    expect(await rows.next()).toBeDefined();
    await rows.close();
    expect(await rows.next()).toBeUndefined();
  }
  const [missing, own] = [join(folder, "missing"), await instance.connect()];
  const lanes = [own, await instance.connect()];
  const how = { folder: missing, format: "csv", isSafe: false } as const;
  await expect(writeFiles(lanes, ["many", "odd"], how)).rejects.toThrow("its folder does not exist");
  expect((await own.runAndReadAll("select count(*)::integer from many")).getRows()).toEqual([[10_000]]);
  for (const lane of lanes) lane.closeSync();
});

test("a thread that ends or fails by itself is an error and no wait without end", async () => {
  for (const [program, message] of [
    ["process.exit()", "has ended"],
    ["throw new Error('a fault in it')", "a fault in it"],
  ] as const) {
    const bad = startExportThread(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    await expect(bad.write(writing("never.csv"), await rowsOf("many"))).rejects.toThrow(message);
    await bad.end();
  }
});

test("a thread that ends or fails between two files, or is none, costs no file", async () => {
  for (const [rest, count] of [
    ["setTimeout(() => process.exit(), 50);", 2],
    ["setTimeout(() => { throw new Error('idle'); }, 50);", 2],
    ["setInterval(() => {}, 1000);", 1],
  ] as const) {
    // Writes nothing, and says that it did.
    const program = `import { parentPort } from "node:worker_threads";
      parentPort.once("message", ({ path }) => { parentPort.postMessage({ written: { sha256: path } }); ${rest} });`;
    const idle = startExportThread(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    for (let file = 1; file <= count; file += 1) {
      const { path, ...how } = writing(`idle${file}.csv`);
      expect((await idle.write({ path, ...how }, await rowsOf("many"))).sha256).toBe(path);
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    await idle.end();
  }
  const none = startExportThread(new URL("http://localhost/none"));
  expect((await none.write(writing("none.csv"), await rowsOf("many"))).seen.rows).toBe(10_000);
});

test("a program given as a text may export", async () => {
  const dir = new Workdir();
  dir.write("users.json", page("users", manyUsers()));
  dir.import("users.json");
  const script = `import { exportOutputs, openOutputs } from ${JSON.stringify(new URL("../../dist/index.js", import.meta.url))};
    const database = await openOutputs("tenant.duckdb", {});
    const options = { outputs: ["users"], folder: "out", format: "csv", isSafe: false };
    console.log((await exportOutputs(database, options)).files[0].rows); database.close();`;
  const ran = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: dir.path,
    encoding: "utf8",
  });
  expect([ran.status, ran.stdout, ran.stderr]).toEqual([0, "6000\n", ""]);
});

test("of outputs written together each stands in its file, few rows and many", async () => {
  await connection.run("create table few as from many limit 3; create table none as from many limit 0");
  const own = join(folder, "own");
  mkdirSync(own);
  const connections = [connection, await instance.connect()];
  const names = ["few", "many", "none", "odd", "nested"];
  const files = await writeFiles(connections, names, { folder: own, format: "csv", isSafe: false });
  expect(files.map(({ output, seen }) => [output, seen.rows])).toEqual([
    ["few", 3],
    ["many", 10_000],
    ["none", 0],
    ["odd", 10_000],
    ["nested", 10_000],
  ]);
  expect(readdirSync(own).toSorted()).toEqual(names.map((name) => `${name}.csv`).toSorted());
  for (const { output, sha256 } of files)
    expect((await writeRows(writing("again.csv"), await rowsOf(output))).sha256).toBe(sha256);
  connections[1]?.closeSync();
});

test("a signal while threads write leaves nothing, and a limit on the size of files is told as such", () => {
  const dir = new Workdir();
  dir.write("users.json", page("users", manyUsers()));
  dir.import("users.json");
  const before = dir.list();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    const amid = dir.write(
      `${signal}.cjs`,
      `const threads = require("node:worker_threads"); const { Worker } = threads;
      threads.Worker = class extends Worker {
        constructor(...given) { super(...given); this.on("message", () => process.kill(process.pid, "${signal}")); }
      };`,
    );
    const ended = spawnSync(process.execPath, ["--require", amid, bin, "export", "--out", "out"], {
      cwd: dir.path,
      encoding: "utf8",
    });
    expect([ended.signal, ended.stdout]).toEqual([signal, ""]);
    rmSync(amid);
    expect(dir.list()).toEqual(before);
  }
  const limited = spawnSync(
    "sh",
    ["-c", `ulimit -f 11; "$0" ${bin} export users --out out`, process.execPath],
    {
      cwd: dir.path,
      encoding: "utf8",
    },
  );
  expect([limited.status, limited.stderr]).toEqual([5, expect.stringContaining("ulimit -f")]);
  expect(dir.list()).toEqual(before);
});
