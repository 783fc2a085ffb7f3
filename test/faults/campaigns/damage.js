import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { createRandom, hashOf, makeFolder, runTool, startTool, writeUsers } from "../tools.js";

const sample = fileURLToPath(new URL("../../../samples/contoso", import.meta.url));
const reader = fileURLToPath(new URL("../read-damaged.js", import.meta.url));
const headerBytes = 3 * 4096;
const blockBytes = 262_144;
const damaged =
  /^m365-offline: [^\n]* is (?:not a usable database: it is damaged|an empty file and no database)[^\n]*\n$/;
const ofNewer =
  /^m365-offline: [^\n]* was written by DuckDB v[\d.]+ \(storage version 9999\), which is newer [^\n]*\n$/;

/** @typedef {{ what: string, words: RegExp, make: (bytes: Buffer) => Buffer }} Damage */

/**
 * Single bits and missing ends of a database: every command says so or is right, and changes nothing.
 * @param {import("../tools.js").Size} size @returns {Promise<import("../tools.js").Result>}
 */
export async function run({ scale, seed }) {
  const folder = makeFolder();
  /** @type {string[]} */
  const failures = [];
  try {
    cpSync(sample, folder.file("contoso"), { recursive: true, preserveTimestamps: true });
    writeUsers(folder.file("more.json"), { count: 3 });
    const made = runTool(folder.path, ["import", "contoso", "--quiet", "--db", "good.duckdb"]);
    if (made.status !== 0 && made.status !== 1) throw new Error(made.stderr);
    const block = await addKeepsake(folder.file("good.duckdb"));
    const good = readFileSync(folder.file("good.duckdb"));
    const kinds = [
      flip("in a table that no import reads", headerBytes + block * blockBytes + 1000, 3),
      ...chooseFlips(good.length, scale, seed),
      ...chooseCuts(good.length, scale, seed),
      newer(good),
    ];
    const sums = writeSums(folder);
    const expected = await look(folder.file("expected"), good, sums);
    let refused = 0;
    let harmless = 0;
    const queue = [...kinds];
    const work = async (/** @type {string} */ path) => {
      for (let kind = queue.shift(); kind; kind = queue.shift()) {
        const bytes = kind.make(Buffer.from(good));
        const found = await look(path, bytes, sums);
        const wrong = judge(kind, found, expected);
        failures.push(...wrong);
        if (found.import.status === 4) refused += kind.words === damaged ? 1 : 0;
        else if (wrong.length === 0) harmless += 1;
      }
    };
    await Promise.all([work(folder.file("one")), work(folder.file("two"))]);
    const engine = await readAll(folder.file("good.duckdb"), Math.round(2000 * scale), seed);
    failures.push(...engine.failures);
    const count = kinds.length - 1;
    return {
      figures: `${count} damaged databases and one of a newer engine: ${refused} refused with exit 4 by an import, ${harmless} damaged only where nothing is kept and right in all; ${engine.figures}`,
      failures,
    };
  } finally {
    folder.remove();
  }
}

/** @param {string} what @param {number} at @param {number} bit @returns {Damage} */
function flip(what, at, bit) {
  return {
    what,
    words: damaged,
    make: (bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      return bytes;
    },
  };
}

/** A table of somebody's own: an import carries its blocks on without reading them. Returns one of them. @param {string} path */
async function addKeepsake(path) {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("create table main.keepsake as select md5(range::varchar) as word from range(30000)");
  // Indexes of somebody's own, and blocks that the engine counts and does not use.
  await connection.run("create table main.own (id integer primary key, word varchar)");
  await connection.run("insert into main.own select range, md5(range::varchar) from range(30000)");
  await connection.run("create index own_word on main.own (word)");
  await connection.run(
    "begin; insert into main.own select range + 60000, 'back' from range(200000); rollback",
  );
  await connection.run("checkpoint");
  const sql = "select block_id from pragma_storage_info('main.keepsake') where block_id >= 0 limit 1";
  const block = (await connection.runAndReadAll(sql)).getRows()[0]?.[0];
  connection.closeSync();
  instance.closeSync();
  return Number(block);
}

/** Bits in each header block, the others spread over the whole file. @param {number} size @param {number} scale @param {number} seed @returns {Damage[]} */
function chooseFlips(size, scale, seed) {
  const random = createRandom(seed);
  const count = Math.max(4, Math.round(100 * scale));
  const headers = Math.max(1, Math.round(12 * scale));
  return Array.from({ length: count }, (_, index) => {
    const at =
      index < headers
        ? Math.floor(((index + random()) / headers) * headerBytes)
        : headerBytes + Math.floor(((index - headers + random()) / (count - headers)) * (size - headerBytes));
    const bit = Math.floor(random() * 8);
    return flip(`bit ${bit} of byte ${at} flipped`, at, bit);
  });
}

/** @param {number} size @param {number} scale @param {number} seed @returns {Damage[]} */
function chooseCuts(size, scale, seed) {
  const random = createRandom(seed + 1);
  const edges = [size - 1, 0, 1, 4096, headerBytes, headerBytes + blockBytes, size - blockBytes];
  const count = Math.max(2, Math.round(20 * scale));
  const cuts = Array.from(
    { length: count },
    (_, index) => edges[index] ?? headerBytes + Math.floor(random() * (size - headerBytes - 1)),
  );
  return cuts.map((cut) => ({
    what: `cut to ${cut} bytes`,
    words: damaged,
    make: (bytes) => bytes.subarray(0, cut),
  }));
}

/** The same file with the number of a later storage version in its first header, and the sum that belongs to it. @param {Buffer} good @returns {Damage} */
function newer(good) {
  const header = Buffer.from(good.subarray(0, 4096));
  if (header.toString("latin1", 8, 12) !== "DUCK") throw new Error("the header is not where it was");
  header.writeBigUInt64LE(9999n, 12);
  let sum = 5381n;
  for (let at = 8; at < 4096; at += 8)
    sum ^= BigInt.asUintN(64, header.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  header.writeBigUInt64LE(BigInt.asUintN(64, sum), 0);
  return {
    what: "a newer storage version",
    words: ofNewer,
    make: (bytes) => {
      header.copy(bytes);
      return bytes;
    },
  };
}

/** SQL that reads every byte of every row; the rows of raw tables alone do not depend on the time. @param {ReturnType<typeof makeFolder>} folder */
function writeSums(folder) {
  const sql = "select schema_name || '.' || table_name as name from duckdb_tables() order by 1";
  const { stdout } = runTool(folder.path, ["query", sql, "--format", "json", "--db", "good.duckdb"]);
  /** @type {string[]} */
  const names = JSON.parse(stdout).map((/** @type {{ name: string }} */ { name }) => name);
  const toSql = (/** @type {string[]} */ tables) =>
    tables.map((name) => `select '${name}', count(*), bit_xor(hash(t)) from ${name} t`).join(" union all ");
  return { all: toSql(names), raw: toSql(names.filter((name) => name.startsWith("raw."))) };
}

/**
 * Runs the commands on these bytes, in a folder of their own.
 * @param {string} path @param {Buffer} bytes @param {{ all: string, raw: string }} sums
 */
async function look(path, bytes, sums) {
  mkdirSync(path);
  const db = `${path}/tenant.duckdb`;
  writeFileSync(db, bytes);
  utimesSync(db, new Date("2026-11-02T08:00:00Z"), new Date("2026-11-02T08:00:00Z"));
  const before = hashOf(db);
  const tool = async (/** @type {string[]} */ ...args) => {
    const ran = await startTool(path, args).ended;
    return { ...ran, isSame: hashOf(db) === before && statSync(db).mtimeMs === Date.UTC(2026, 10, 2, 8) };
  };
  try {
    const status = await tool("status", "--json");
    const query = await tool("query", "--format", "json", sums.all);
    const exported = await tool("export", "--out", "out", "--format", "ndjson", "--json");
    rmSync(`${path}/out`, { recursive: true, force: true });
    const imported = await tool("import", "../more.json", "--quiet", "--as-of", "2026-12-01");
    const after = imported.status === 0 ? await tool("query", "--format", "json", sums.raw) : undefined;
    const left = readdirSync(path);
    return { status, query, export: exported, import: imported, after, left };
  } finally {
    rmSync(path, { recursive: true });
  }
}

/** @typedef {Awaited<ReturnType<typeof look>>} Found */

/** What is wrong with the answers to this damage. @param {Damage} damage @param {Found} found @param {Found} expected @returns {string[]} */
function judge({ what, words }, found, expected) {
  const wrong = [];
  for (const command of /** @type {const} */ (["status", "query", "export", "import"])) {
    const { status, signal, stdout, stderr, isSame } = found[command];
    const isRefused = status === 4 && stdout === "" && words.test(stderr) && isSame;
    const isRight = status === expected[command].status && stdout === expected[command].stdout;
    const isHarmless = words === damaged && isRight && (isSame || command === "import");
    if (!isRefused && !isHarmless)
      wrong.push(
        `${what}: ${command} ended with ${status ?? signal}, same bytes ${isSame}: ${stderr.slice(0, 300)}`,
      );
    else if (isRefused && command !== "import" && found.import.status !== 4)
      wrong.push(`${what}: ${command} finds the damage, but an import has carried it on`);
  }
  if (found.after !== undefined && found.after.stdout !== expected.after?.stdout)
    wrong.push(`${what}: what is there after the import is not what should be: ${found.after.stderr}`);
  if (found.left.join() !== "tenant.duckdb") wrong.push(`${what}: left ${found.left.join(", ")}`);
  return wrong;
}

/**
 * Opens and reads as many damaged copies with the engine alone, in processes of their own: does it ever die?
 * @param {string} path @param {number} count @param {number} seed
 */
async function readAll(path, count, seed) {
  const processes = 2;
  const runs = Array.from({ length: processes }, async (_, index) => {
    const from = Math.floor((count * index) / processes);
    const to = Math.floor((count * (index + 1)) / processes);
    const args = [reader, path, `${path}.${index}`, String(from), String(to), String(seed)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let stdout = "";
    child.stdout.on("data", (data) => (stdout += String(data)));
    const [status, signal] = await once(child, "close");
    return { status, signal, lines: stdout.trim().split("\n"), wanted: to - from };
  });
  const ended = await Promise.all(runs);
  const lines = ended.flatMap((one) => one.lines);
  const found = lines.filter((line) => line.endsWith(" found")).length;
  const failures = ended
    .filter(({ status }) => status !== 0)
    .map(({ status, signal, lines: all }) => `the engine ended with ${status ?? signal} after ${all.at(-1)}`);
  failures.push(
    ...lines.filter((line) => line.endsWith(" wrong")).map((line) => `the engine did not see ${line}`),
  );
  const figures = `the engine alone read ${count} more: ${found} found, ${lines.filter((line) => line.endsWith(" right")).length} harmless, ${failures.length} crashes or wrong rows`;
  return { failures, figures };
}
