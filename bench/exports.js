// What an export of every output cannot be faster than: the engine's own writer of CSV, and json2csv given rows that are ready.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { quoteName, quoteText } from "../dist/schema/ddl.js";
import { writeFiles } from "../dist/outputs/export.js";
import { formatRows } from "../dist/outputs/format.js";
import { openOutputs } from "../dist/index.js";
import { streamSorted } from "../dist/outputs/packed.js";
import { outputNames } from "../dist/transform/models.js";

/** Seconds of one output's way. @typedef {{ output: string, rows: number, copy: number, copyCpu: number, format: number }} Bound */

/** Each output of a database by both ways, one after the other. @param {string} path @param {string} folder @returns {Promise<readonly Bound[]>} */
export async function measureBounds(path, folder) {
  const database = await openOutputs(path, {});
  // The program's own connection may not write files.
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY", threads: "2" });
  const engine = await instance.connect();
  await engine.run("set TimeZone = 'UTC'");
  const aside = mkdtempSync(join(folder, "copy-"));
  const bounds = [];
  for (const output of outputNames()) {
    const file = quoteText(join(aside, `${output}.csv`));
    const started = performance.now();
    const before = process.cpuUsage();
    await engine.run(`copy (from ${quoteName(output)} order by all) to ${file} (format csv, header)`);
    const copy = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    bounds.push({
      output,
      copy,
      copyCpu: (user + system) / 1e6,
      ...(await measureFormat(database.connection, output)),
    });
  }
  engine.closeSync();
  instance.closeSync();
  database.close();
  rmSync(aside, { recursive: true });
  return bounds;
}

/** json2csv with our formatters over rows that stand in memory. @param {import("@duckdb/node-api").DuckDBConnection} connection @param {string} output */
async function measureFormat(connection, output) {
  const { columns, batches } = await streamSorted(connection, output);
  const ready = [];
  for await (const batch of batches) ready.push(batch);
  const again = async function* () {
    yield* ready;
  };
  const started = performance.now();
  let characters = 0;
  for await (const piece of formatRows({ columns, batches: again() }, "csv")) characters += piece.length;
  const format = (performance.now() - started) / 1000;
  if (characters === 0) throw new Error(`${output}: not even a header`);
  return { rows: ready.reduce((sum, { length }) => sum + length, 0), format };
}

/** Rows, seconds and seconds of CPU of an export of all outputs as the program makes it, when they are tables already and nothing is computed. @param {string} path @param {string} folder */
export async function measureReady(path, folder) {
  const aside = mkdtempSync(join(folder, "ready-"));
  const ready = join(aside, "ready.duckdb");
  await makeTables(path, ready);
  const instance = await DuckDBInstance.create(ready, { access_mode: "READ_ONLY", threads: "2" });
  const connections = [await instance.connect(), await instance.connect()];
  const started = performance.now();
  const before = process.cpuUsage();
  const files = await writeFiles(connections, outputNames(), { folder: aside, format: "csv", isSafe: false });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  for (const connection of connections) connection.closeSync();
  instance.closeSync();
  rmSync(aside, { recursive: true });
  return { rows: files.reduce((sum, { seen }) => sum + seen.rows, 0), seconds, cpu: (user + system) / 1e6 };
}

/** All outputs of a database as tables of another. @param {string} path @param {string} ready */
async function makeTables(path, ready) {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY", threads: "2" });
  const engine = await instance.connect();
  await engine.run(`set TimeZone = 'UTC'; attach ${quoteText(ready)} as ready (read_write)`);
  for (const output of outputNames())
    await engine.run(`create table ready.${quoteName(output)} as from ${quoteName(output)} order by all`);
  await engine.run("checkpoint ready");
  engine.closeSync();
  instance.closeSync();
}
