// 100,000 damaged sample files, judged in this process under a watch, and 2,000 of them imported by the real binary.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { isBalanced } from "../hostile/measure.js";
import { mutate, readSeeds } from "../mutate.js";
import { createRandom, makeFolder, runTool } from "../tools.js";

const files = 100_000;
const imported = 2000;
const filesTogether = 200;
const batchFiles = 2500;
const hangAfter = 5000;

/** @param {import("../tools.js").Size} size @returns {Promise<import("../tools.js").Result>} */
export async function run({ scale, seed }) {
  /** @type {string[]} */
  const failures = [];
  const total = Math.ceil(files * scale);
  let records = 0;
  let slowest = 0;
  const firsts = Array.from({ length: Math.ceil(total / batchFiles) }, (_, index) => index * batchFiles);
  for (const first of firsts) {
    const judged = await judgeBatch({ first, count: Math.min(batchFiles, total - first), seed });
    failures.push(...judged.failures);
    records += judged.records;
    slowest = Math.max(slowest, judged.slowest);
  }
  if (records < total) failures.push(`only ${records} records were proven in ${total} files`);
  const sample = Math.ceil(imported * scale);
  let exits = "";
  for (let first = 0; first < sample; first += filesTogether) {
    const tried = importFolder(first, Math.min(filesTogether, sample - first), seed);
    failures.push(...tried.failures);
    exits += ` ${tried.exits}`;
  }
  const figures = `${total} damaged files judged, ${records} records proven, the slowest file ${slowest} ms; ${sample} imported by the binary, exit${exits}`;
  return { figures, failures };
}

/**
 * Judges a batch in a thread; one that is at the same file for too long is ended.
 * @param {import("../mutations-worker.js").Batch} batch
 * @returns {Promise<{ failures: string[], records: number, slowest: number }>}
 */
async function judgeBatch(batch) {
  /** @type {string[]} */
  const failures = [];
  let [records, slowest, current, since] = [0, 0, batch.first, 0];
  const worker = new Worker(new URL("../mutations-worker.js", import.meta.url), { workerData: batch });
  const look = () => {
    if (since > 0) slowest = Math.max(slowest, Date.now() - since);
  };
  const watch = setInterval(() => {
    if (since === 0 || Date.now() - since < hangAfter) return;
    failures.push(`file ${current} (seed ${batch.seed}) takes longer than ${hangAfter} ms`);
    void worker.terminate();
  }, 500);
  worker.on("message", (/** @type {{ started?: number, failure?: string, records?: number }} */ message) => {
    if (message.started !== undefined) {
      look();
      [current, since] = [message.started, Date.now()];
    }
    if (message.failure !== undefined) failures.push(`${message.failure} (seed ${batch.seed})`);
    if (message.records !== undefined) records = message.records;
  });
  await new Promise((resolve) => {
    worker.on("error", (error) => failures.push(`at file ${current} (seed ${batch.seed}): ${error.message}`));
    worker.on("exit", resolve);
  });
  clearInterval(watch);
  look();
  if (records === 0) failures.push(`the batch from file ${batch.first} did not end`);
  return { failures, records, slowest };
}

/** @typedef {{ failures: string[], exits: string }} Tried */

/** Imports damaged files of one folder into a new database. @param {number} first @param {number} count @param {number} seed @returns {Tried} */
function importFolder(first, count, seed) {
  const folder = makeFolder();
  const seeds = readSeeds();
  try {
    for (let round = first; round < first + count; round += 1) {
      const { name, bytes } = seeds[round % seeds.length] ?? { name: "a.json", bytes: Buffer.alloc(0) };
      // Each in a folder of its own: pages of one folder belong together.
      mkdirSync(folder.file(`in/${round}`), { recursive: true });
      const mutated = mutate(bytes, createRandom(seed * 1_000_003 + round));
      writeFileSync(folder.file(`in/${round}/${name}`), mutated);
    }
    return importAll(
      folder,
      readdirSync(folder.file("in")).map((name) => join("in", name)),
    );
  } finally {
    folder.remove();
  }
}

/** Halves what two tenants are in, which is refused as a whole. @param {ReturnType<typeof makeFolder>} folder @param {readonly string[]} paths @returns {Tried} */
function importAll(folder, paths) {
  const database = `${paths[0]?.replaceAll(/\W/g, "_")}-${paths.length}.duckdb`;
  const args = ["import", ...paths, "--db", database, "--as-of", "2026-11-01", "--json"];
  const { status, stdout, stderr } = runTool(folder.path, args, { timeout: 300_000 });
  if (status === 4 && /tenant/.test(stderr) && paths.length > 1) {
    const middle = paths.length >> 1;
    const halves = [paths.slice(0, middle), paths.slice(middle)].map((half) => importAll(folder, half));
    return {
      failures: halves.flatMap(({ failures }) => failures),
      exits: halves.map(({ exits }) => exits).join(" "),
    };
  }
  const where = `import of ${paths.length} files from ${paths[0]}`;
  // Damage in one document of a file may name another tenant or cloud: the file is refused as a whole.
  if (status === 4 && /more than one tenant/.test(stderr)) return { failures: [], exits: "4" };
  if (status !== 0 && status !== 1 && status !== 3)
    return { failures: [`${where}: exit ${status}: ${stderr.slice(-600)}`], exits: String(status) };
  const told =
    stdout === "" ? [] : /** @type {import("../hostile/measure.js").Result} */ (JSON.parse(stdout)).files;
  const failures = told
    .filter((file) => !isBalanced(file))
    .map(({ file }) => `the ledger of ${file} is wrong`);
  if (status !== 3) failures.push(...compareRows(folder.path, database).map((what) => `${where}: ${what}`));
  return { failures, exits: String(status) };
}

const datasets = readdirSync(fileURLToPath(new URL("../../../schemas", import.meta.url)))
  .filter((name) => name.endsWith(".schema.json"))
  .map((name) => name.replace(".schema.json", ""));
const rowsSql = datasets.map((name) => `select source_file_id from raw."${name}"`).join(" union all ");

/** Files of which the tables do not hold as many rows as the ledger says. @param {string} cwd @param {string} database @returns {string[]} */
function compareRows(cwd, database) {
  const sql = `select file_name, records_loaded, count(r.source_file_id) as found
    from meta.source_files as f left join (${rowsSql}) as r on r.source_file_id = f.source_file_id
    group by f.source_file_id, file_name, records_read, records_loaded, records_rejected, records_duplicate
    having records_loaded <> found or records_read <> records_loaded + records_rejected + records_duplicate`;
  const { status, stdout, stderr } = runTool(cwd, ["query", sql, "--db", database, "--format", "json"]);
  if (status !== 0) return [`query: exit ${status}: ${stderr}`];
  return /** @type {object[]} */ (JSON.parse(stdout)).map(
    (row) => `ledger and table differ: ${JSON.stringify(row)}`,
  );
}
