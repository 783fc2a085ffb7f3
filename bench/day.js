// What the rest of the day costs: starting, querying, every output and its export over a large tenant, and a small import into a large database: npm run bench:day [DATA=folder]
import { statSync, rmSync, mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { formatTable } from "../dist/outputs/format.js";
import { openOutputs } from "../dist/index.js";
import { outputNames } from "../dist/transform/models.js";
import { dataOf } from "./data.js";
import { measureBounds, measureReady } from "./exports.js";
import { describeMachine, measure, median } from "./measure.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "bin/m365-offline.js");
const data = process.env["DATA"] ?? join(tmpdir(), "m365-offline-bench");
const work = mkdtempSync(join(tmpdir(), "m365-offline-day-"));
const rounds = 9;

/** Runs the program. @param {readonly string[]} args */
const run = async (...args) => await measure([process.execPath, bin, ...args], work);

/** The median of several runs after one to warm up. @param {readonly string[]} args */
async function runOften(...args) {
  const seconds = [];
  for (let round = 0; round <= rounds; round += 1) seconds.push((await run(...args)).seconds);
  return median(seconds.slice(1));
}

async function measureStart() {
  await run("import", join(root, "samples/contoso"), "--db", "sample.duckdb", "--json");
  const empty = [];
  for (let round = 0; round < rounds; round += 1)
    empty.push((await measure([process.execPath, "-e", "0"], work)).seconds);
  console.log(`node alone: ${median(empty).toFixed(3)} s`);
  console.log(`--help: ${(await runOften("--help")).toFixed(3)} s (target 0.150)`);
  const query = await runOften("query", "from mfa_summary", "--db", "sample.duckdb");
  console.log(`query of an output of the sample: ${query.toFixed(3)} s (target 0.350)`);
}

/** An import of generated files, and the answer that one without `--json` prints. @param {string} db @param {readonly string[]} files */
async function measureImport(db, files) {
  const paths = files.map((name) => dataOf(data, name));
  const { seconds, peakMegabytes } = await run("import", ...paths, "--db", db, "--json");
  const answer = await run("answer", "--db", db);
  console.log(
    `import of ${files.join(", ")}: ${seconds.toFixed(1)} s, peak ${peakMegabytes.toFixed(0)} MB; the answer, which it prints without --json: ${answer.seconds.toFixed(1)} s more, peak ${answer.peakMegabytes.toFixed(0)} MB`,
  );
}

/** Rows and seconds of every output, the median of three. @param {string} db */
async function timeOutputs(db) {
  const database = await openOutputs(join(work, db), {});
  const timed = [];
  for (const output of outputNames()) {
    const sql = `select count(*), bit_xor(hash(o)) from (from ${output}) as o`;
    const times = [];
    let rows = 0;
    for (let round = 0; round < 3; round += 1) {
      const started = performance.now();
      const [[count] = []] = (await database.connection.runAndReadAll(sql)).getRows();
      times.push((performance.now() - started) / 1000);
      rows = Number(count);
    }
    timed.push({ output, rows, seconds: median(times) });
  }
  database.close();
  return timed;
}

/** 200,000 users with a million sign-ins and no other export. */
async function measureFew() {
  await measureImport("few.duckdb", ["users.json", "signIns-1m.json"]);
  const timed = await timeOutputs("few.duckdb");
  const slowest = timed.toSorted((one, other) => other.seconds - one.seconds);
  printTable(
    ["the slowest outputs", "rows", "query s (target 1)"],
    slowest.slice(0, 6).map(({ output, rows, seconds }) => [output, rows, seconds.toFixed(2)]),
  );
}

/** The same with their reports and licenses. */
async function measureOutputs() {
  await measureImport("tenant.duckdb", [
    "users.json",
    "signIns-1m.json",
    "registration.json",
    "active.csv",
    "onedrive.csv",
    "subscribedSkus.json",
  ]);
  const table = [];
  for (const { output, rows, seconds } of await timeOutputs("tenant.duckdb")) {
    const exported = await run(
      "export",
      output,
      "--out",
      `out-${output}`,
      "--db",
      "tenant.duckdb",
      "--quiet",
    );
    table.push([
      output,
      rows,
      seconds.toFixed(2),
      exported.seconds.toFixed(2),
      Math.round(rows / exported.seconds),
    ]);
  }
  printTable(["output", "rows", "query s (target 1)", "export s", "rows/s"], table);
  const all = await run("export", "--out", "all", "--db", "tenant.duckdb", "--quiet");
  const rows = table.reduce((sum, [, count]) => sum + Number(count), 0);
  console.log(
    `export of all: ${rows} rows in ${all.seconds.toFixed(1)} s, ${Math.round(rows / all.seconds)} rows/s (target 300000), ${all.cpu.toFixed(1)} s of CPU, peak ${all.peakMegabytes.toFixed(0)} MB`,
  );
}

/** What no export by json2csv can be faster than: the large outputs, and all. */
async function measureLimits() {
  const bounds = await measureBounds(join(work, "tenant.duckdb"), work);
  const sum = (/** @type {"rows" | "copy" | "copyCpu" | "format"} */ key) =>
    bounds.reduce((total, bound) => total + bound[key], 0);
  const all = {
    output: "all",
    rows: sum("rows"),
    copy: sum("copy"),
    copyCpu: sum("copyCpu"),
    format: sum("format"),
  };
  const large = bounds.filter(({ rows }) => rows > 50_000);
  printTable(
    ["output", "rows", "engine's COPY s", "CPU s", "rows/s", "json2csv alone s", "rows/s"],
    [...large, all].map(({ output, rows, copy, copyCpu, format }) => [
      output,
      rows,
      copy.toFixed(2),
      copyCpu.toFixed(2),
      Math.round(rows / copy),
      format.toFixed(2),
      Math.round(rows / format),
    ]),
  );
  const least = (all.copyCpu + all.format) / availableParallelism();
  console.log(
    `both together, were all cores at work all the time: ${least.toFixed(1)} s, ${Math.round(all.rows / least)} rows/s`,
  );
  const ready = await measureReady(join(work, "tenant.duckdb"), work);
  console.log(
    `export of all as tables, of which nothing is to be computed: ${ready.seconds.toFixed(1)} s, ${Math.round(ready.rows / ready.seconds)} rows/s, ${ready.cpu.toFixed(1)} s of CPU`,
  );
}

/** @param {readonly string[]} heads @param {readonly (readonly unknown[])[]} table */
function printTable(heads, table) {
  const columns = heads.map((name, index) => ({ name, isNumber: index > 0 }));
  console.log(formatTable(columns, table));
}

/** 10 MB into a database that other tables have brought to 2 GB. */
async function measureTail() {
  const path = join(work, "tenant.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(
    "create table ballast as select uuid() as one, uuid() as two, random() as three from range(50000000)",
  );
  await connection.run("checkpoint");
  connection.closeSync();
  instance.closeSync();
  const small = dataOf(data, "signIns-10mb.json");
  const megabytes = (/** @type {string} */ file) => `${(statSync(file).size / 1e6).toFixed(0)} MB`;
  const { seconds, cpu, peakMegabytes } = await run(
    "import",
    small,
    "--db",
    "tenant.duckdb",
    "--json",
    "--as-of",
    "2026-11-02",
  );
  console.log(
    `import of ${megabytes(small)} into a database of ${megabytes(path)}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU, peak ${peakMegabytes.toFixed(0)} MB`,
  );
}

try {
  console.log(describeMachine());
  await measureStart();
  await measureFew();
  await measureOutputs();
  await measureLimits();
  await measureTail();
} finally {
  rmSync(work, { recursive: true, force: true });
}
