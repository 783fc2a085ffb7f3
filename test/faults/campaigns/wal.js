// The stale WAL: an ad-hoc writer is killed beside our database; what it committed is kept whole, or every command refuses.
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRandom, hashOf, makeFolder, runTool, startNode, startTool, writeUsers } from "../tools.js";

/** @typedef {import("../tools.js").Size} Size @typedef {import("../tools.js").Result} Result */

const writer = fileURLToPath(new URL("../write.js", import.meta.url));
const look = fileURLToPath(new URL("../look.js", import.meta.url));

const again = ["import", "b.json", "--complete", "users", "--as-of", "2026-12-01", "--json"];
const notes = "create table my_notes as select 42 as answer";
const rowsOf = (/** @type {number} */ count) =>
  `insert into raw.users by name select 1 as source_file_id, 1000000 + i as record_number, 'adhoc' || i as id, 'Adhoc' as department from range(${count}) as t(i)`;
/** More rows than DuckDB writes into the log itself: they stand in the database before they are committed. */
const many = 130_000;
const together = [
  "begin",
  "delete from raw.users where record_number <= 10",
  rowsOf(many),
  "create table my_end as select 1 as one",
  "commit",
];

/** What a writer left, as far as it was committed: rows of its own among ours, ours that are left, its two tables. */
const stateSql = `select
  (select count(*) from raw.users where department = 'Adhoc')::integer as adhoc,
  (select count(*) from raw.users where department = 'Old')::integer as old,
  (select count(*) from duckdb_tables() where table_name in ('my_notes', 'my_end'))::integer as tables`;

/**
 * `spoil` changes what the writer left; `allowed` are the states that may be found, in words of `stateSql`; none:
 * every command must refuse.
 * @typedef {{ name: string, sql: readonly string[], spoil?: (files: Files) => void, allowed: readonly (readonly [number, number, number])[], mayRefuse: boolean }} Case
 * @typedef {{ database: string, wal: string, foreign: string }} Files
 */

/** @param {number} count @param {boolean} isFull @param {() => number} random @returns {Case[]} */
function listCases(count, isFull, random) {
  const whole = /** @type {const} */ ([many, count - 10, 2]);
  const first = /** @type {const} */ ([0, count, 1]);
  const both = [notes, ...together];
  const kept = { mayRefuse: false };
  const refused = { allowed: [], mayRefuse: true };
  /** @type {Case[]} */
  const cases = [
    { name: "a table of its own", sql: [notes], allowed: [first], ...kept },
    { name: "rows in a table of ours", sql: [rowsOf(500)], allowed: [[500, count, 0]], ...kept },
    { name: "a transaction of many rows", sql: both, allowed: [whole], ...kept },
    {
      name: "an empty log",
      sql: [notes],
      spoil: ({ wal }) => writeFileSync(wal, ""),
      allowed: [[0, count, 0]],
      ...kept,
    },
    {
      name: "a table that is missing",
      sql: [notes],
      spoil: ({ wal, foreign }) => copyFileSync(`${foreign}.missing`, wal),
      ...refused,
    },
    {
      name: "a log of another database",
      sql: [notes],
      spoil: ({ wal, foreign }) => copyFileSync(`${foreign}.many`, wal),
      ...refused,
    },
    {
      name: "a log that is text",
      sql: [notes],
      spoil: ({ wal }) => writeFileSync(wal, "no log\n".repeat(50)),
      ...refused,
    },
    ...[".checkpoint", ".recovery"].flatMap((ending) => [
      {
        name: `a ${ending} beside it`,
        sql: [notes],
        spoil: (/** @type {Files} */ { wal }) => copyFileSync(wal, wal + ending),
        allowed: [first],
        mayRefuse: true,
      },
      {
        name: `a ${ending} alone`,
        sql: [notes],
        spoil: (/** @type {Files} */ { wal }) =>
          (copyFileSync(wal, wal + ending), rmSync(wal)),
        ...refused,
      },
    ]),
  ];
  for (let number = 0; number < (isFull ? 60 : 2); number += 1) {
    // The last bytes are those that tear a transaction of many rows.
    const bytes = number === 0 ? 1 : number % 2 === 0 ? 1 + Math.floor(random() * 120) : undefined;
    const share = random();
    const spoil = (/** @type {Files} */ { wal }) => {
      const log = readFileSync(wal);
      writeFileSync(
        wal,
        log.subarray(0, bytes === undefined ? Math.ceil(share * (log.length - 1)) : log.length - bytes),
      );
    };
    const name = `cut ${bytes === undefined ? `at ${share.toFixed(4)}` : `by ${bytes} bytes`}`;
    cases.push({ name, sql: both, spoil, allowed: [[0, count, 0], first], mayRefuse: true });
  }
  for (let number = 0; number < (isFull ? 100 : 2); number += 1) {
    const share = random() * (number % 4 === 0 ? 0.02 : 1);
    const spoil = (/** @type {Files} */ { wal }) => {
      const log = readFileSync(wal);
      const bit = Math.floor(share * log.length * 8);
      log[bit >> 3] = (log[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      writeFileSync(wal, log);
    };
    cases.push({ name: `a bit turned at ${share.toFixed(5)}`, sql: both, spoil, ...refused });
  }
  return cases;
}

/** @param {Size} size @returns {Promise<Result>} */
export async function run({ scale, seed }) {
  const isFull = scale >= 1;
  const count = isFull ? 150_000 : 2000;
  const base = makeFolder();
  /** @type {string[]} */
  const failures = [];
  const tally = { kept: 0, refused: 0, commands: 0 };
  try {
    writeUsers(base.file("a.json"), { count, mark: "Old" });
    writeUsers(base.file("b.json"), { count: 1000, mark: "New" });
    const { status, stderr } = runTool(base.path, ["import", "a.json", "--json"]);
    if (status !== 0) throw new Error(stderr);
    await writeForeign(base);
    const every = listCases(count, isFull, createRandom(seed));
    // The short version leaves out what is much like another case.
    const left = new Set(["rows in a table of ours", "an empty log", "a log that is text"]);
    const cases = every.filter(
      ({ name }) => isFull || !(left.has(name) || /^a \.(recovery|checkpoint b)/.test(name)),
    );
    const queue = cases.entries();
    const work = async () => {
      for (const [number, each] of queue) {
        const isThorough = isFull && (number < 11 || number % 5 === 0);
        const more = isThorough ? [["status"], ["export", "users", "--out", "out"]] : [];
        await tryCase({ base, tally, failures }, each, isThorough || number < 3 ? [...more, again] : []);
      }
    };
    await Promise.all([work(), work()]);
  } finally {
    base.remove();
  }
  return {
    figures: `${tally.commands} commands beside what a killed writer left (whole, cut, bits turned, of another database, table missing): ${tally.kept} kept it, ${tally.refused} refused, no mixture`,
    failures,
  };
}

/** Logs of other databases: rows for a table that ours lacks, and many rows that stand in the other file. @param {ReturnType<typeof makeFolder>} base */
async function writeForeign(base) {
  const other = base.file("other");
  copyFileSync(base.file("tenant.duckdb"), other);
  await startNode(base.path, [
    writer,
    other,
    "create table not_there as select 1 as x",
    "checkpoint",
    "insert into not_there values (2)",
  ]).ended;
  copyFileSync(`${other}.wal`, base.file("foreign.missing"));
  rmSync(`${other}.wal`);
  await startNode(base.path, [
    writer,
    other,
    "create table filler as select i, hash(i) as h from range(300000) as t(i)",
    "checkpoint",
    rowsOf(many),
  ]).ended;
  copyFileSync(`${other}.wal`, base.file("foreign.many"));
}

/** @param {{ base: ReturnType<typeof makeFolder>, tally: { kept: number, refused: number, commands: number }, failures: string[] }} context @param {Case} each @param {readonly (readonly string[])[]} more */
async function tryCase({ base, tally, failures }, { name, sql, spoil, allowed, mayRefuse }, more) {
  const dir = makeFolder();
  try {
    const files = {
      database: dir.file("tenant.duckdb"),
      wal: dir.file("tenant.duckdb.wal"),
      foreign: base.file("foreign"),
    };
    copyFileSync(base.file("tenant.duckdb"), files.database);
    copyFileSync(base.file("b.json"), dir.file("b.json"));
    await startNode(dir.path, [writer, files.database, ...sql]).ended;
    spoil?.(files);
    const hashes = () =>
      dir
        .list()
        .filter((file) => file.startsWith("tenant"))
        .map((file) => `${file} ${hashOf(dir.file(file))}`)
        .join();
    const before = hashes();
    for (const args of [["query", stateSql, "--format", "json"], ...more]) {
      const fail = (/** @type {string} */ words) => failures.push(`${name}: ${args[0]} ${words}`);
      const { status, signal, stdout, stderr } = await startTool(dir.path, args).ended;
      tally.commands += 1;
      if (status === 4) {
        tally.refused += 1;
        if (!mayRefuse) fail(`refused: ${stderr}`);
        if (!/^m365-offline: .*tenant\.duckdb/.test(stderr) || stderr.split("\n").length > 2)
          fail(`said: ${stderr}`);
        if (hashes() !== before) fail("refused, but changed what is there");
        continue;
      }
      if (status !== 0) fail(`ended with ${status ?? signal}: ${stderr}`);
      tally.kept += 1;
      if (args[0] !== "import" && hashes() !== before) fail("changed what is there");
      if (args[0] === "query") checkState(Object.values(JSON.parse(stdout)[0]), allowed, fail);
      if (args[0] === "import") await checkImported(files, allowed, fail);
    }
  } finally {
    dir.remove();
  }
}

/** @param {unknown[]} found @param {Case["allowed"]} allowed @param {(words: string) => void} fail */
function checkState(found, allowed, fail) {
  if (!allowed.some((state) => JSON.stringify(state) === JSON.stringify(found)))
    fail(`found ${JSON.stringify(found)}`);
}

/** @param {Files} files @param {Case["allowed"]} allowed @param {(words: string) => void} fail */
async function checkImported({ database, wal }, allowed, fail) {
  if (existsSync(wal)) fail("left the log beside the new database");
  const { stdout, stderr } = await startNode(".", [
    look,
    database,
    `${stateSql}, (select count(*) from raw.users where department = 'New')::integer as new`,
  ]).ended;
  if (stdout === "") return fail(`left a database that does not open: ${stderr}`);
  const { new: imported, ...rest } = JSON.parse(stdout)[0];
  if (imported !== 1000) fail(`put ${imported} of 1000 records into the database`);
  checkState(Object.values(rest), allowed, fail);
}
