// Writes what a user can see of this checkout into a folder, and compares two such folders, of before and after work that shall change none of it:
// npm run freeze -- write DIR, npm run freeze -- compare DIR_A DIR_B
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { writePage } from "../bench/data.js";
import { activeHead, activeRow, oneDriveHead, oneDriveRow, registration, sku } from "../bench/records.js";
import * as library from "../dist/index.js";
import { secondDay, writeMonthLater } from "../test/month-later.js";

/** What is read of the checkout besides the modules above: whoever moves it says so here. */
const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "bin/m365-offline.js");
const samples = join(root, "samples");
const fixtures = join(root, "test/fixtures");
const generator = join(root, "bench/generate.js");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** What differs from run to run, by table; nothing else is normalised. @type {Readonly<Record<string, RegExp>>} */
const normalisations = {
  "meta.imports": /(?<="(?:started|finished)_at":")[^"]*/g,
  "meta.database": /(?<="views_hash":")[^"]*/g,
};
/** What is imported is copied to these names beside the database, so that no path is absolute, and gets these times. */
const carriedOver = { exports: "2026-11-02T08:00:00Z", later: `${secondDay}T08:00:00Z` };

/** The day that fixtures are of which do not say it, as in their test. */
const fixtureDay = "2026-11-01";
const tenant = { users: 20_000, signIns: 20_000 };
/** The schemas whose tables are written row by row. */
const stored = new Set(["meta", "raw"]);
const layout = `
  select 'table' as kind, schema_name, table_name as name, null as position, null as column_name, null as data_type, comment
  from duckdb_tables() where not internal
  union all select 'view', schema_name, view_name, null, null, null, comment from duckdb_views() where not internal
  union all select 'column', schema_name, table_name, column_index, column_name, data_type, comment
  from duckdb_columns() where not internal
  order by all`;

/**
 * Runs the program, keeps what it prints as the file of this name (none: "") and returns it.
 * @typedef {(name: string, args: readonly string[], input?: string) => Promise<string>} See
 * A database: what makes its files, the options of each import, and what is asked besides what every database is asked.
 * @typedef {{ name: string, prepare: (at: string) => void, imports: Readonly<Record<string, readonly string[]>>, ask?: Ask }} Case
 * @typedef {(see: See, days: readonly string[]) => Promise<void>} Ask
 */

/** Runs a Node program to its end. @param {readonly string[]} args @param {string} cwd */
async function run(args, cwd, input = "") {
  const env = { ...process.env, M365_OFFLINE_DB: "", NO_COLOR: "1" };
  const child = spawn(process.execPath, args, { cwd, env });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  // Not every command reads it.
  child.stdin.on("error", () => {}).end(input);
  const status = await new Promise((resolve) => child.on("close", resolve));
  if (status === null) throw new Error(`killed: ${args.join(" ")}`);
  return { status, stdout, stderr };
}

/** @param {string} path @param {string} text */
function keep(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Looks from a folder: its commands.txt has every command, what it said on standard error and its exit code. @param {string} at @returns {See} */
function lookFrom(at) {
  mkdirSync(at, { recursive: true });
  let said = "";
  return async (name, args, input) => {
    const { status, stdout, stderr } = await run([program, ...args], at, input);
    said += `$ m365-offline ${args.join(" ")}\n${stderr}exit ${status}\n\n`;
    keep(join(at, "commands.txt"), said);
    if (name !== "") keep(join(at, name), stdout);
    return stdout;
  };
}

/** Freezes a database: imports, asks, and leaves nothing but the answers. @param {string} folder @param {Case} its */
async function freezeDatabase(folder, { name, prepare, imports, ask }) {
  const at = join(folder, name);
  const see = lookFrom(at);
  prepare(at);
  for (const [exports, time] of Object.entries(carriedOver))
    for (const path of listFiles(join(at, exports))) utimesSync(path, new Date(time), new Date(time));
  const found = /** @type {Set<string>} */ (new Set());
  for (const [exports, options] of Object.entries(imports)) {
    await see(`check-${exports}.txt`, ["check", exports, ...options]);
    await see(`check-${exports}.json`, ["check", exports, ...options, "--json"]);
    const told = await see(`import-${exports}.json`, ["import", exports, ...options, "--json"]);
    for (const { snapshot_date } of told === "" ? [] : JSON.parse(told).files) found.add(snapshot_date ?? "");
  }
  const days = [...found].filter((day) => day !== "").toSorted();
  await writeTables(at, see);
  await askAlways(see, days);
  await ask?.(see, days);
  for (const used of [...Object.keys(carriedOver), "schemas", "tenant.duckdb"])
    rmSync(join(at, used), { recursive: true, force: true });
}

/** Writes what tables, views and columns there are, and every row of those tables that are stored. @param {string} at @param {See} see */
async function writeTables(at, see) {
  const query = ["query", "-", "--format", "ndjson"];
  const tables = parseLines(await see("layout.ndjson", query, layout))
    .filter(({ kind, schema_name }) => kind === "table" && stored.has(schema_name))
    .map(({ schema_name, name }) => `${schema_name}.${name}`);
  if (tables.length === 0) return;
  const selects = tables.map((table) => `select '${table}' as place, to_json(t) as line from ${table} as t`);
  const rows = parseLines(await see("", query, `${selects.join(" union all ")} order by all`));
  for (const table of tables) {
    const text = rows.flatMap(({ place, line }) => (place === table ? `${line}\n` : [])).join("");
    const hidden = normalisations[table];
    keep(join(at, "tables", `${table}.ndjson`), hidden ? text.replaceAll(hidden, "…") : text);
  }
}

/** @type {Ask} */
async function askAlways(see, days) {
  await see("export-csv.txt", ["export", "--out", "csv"]);
  await see("status.txt", ["status"]);
  await see("status.json", ["status", "--json"]);
  for (const from of days.slice(0, Math.max(1, days.length - 1))) {
    await see(`diff-${from}.txt`, ["diff", "--from", from]);
    await see(`diff-${from}.json`, ["diff", "--from", from, "--json"]);
  }
}

/** @type {Ask} */
async function askMore(see, days) {
  for (const format of ["json", "ndjson"])
    await see(`export-${format}.json`, ["export", "--out", format, "--format", format, "--json"]);
  for (const day of days) await see(`export-${day}.txt`, ["export", "--out", `as-of-${day}`, "--as-of", day]);
  for (const format of ["table", "markdown", "csv", "json", "ndjson"])
    await see(`query-${format}.txt`, ["query", "from output_status", "--format", format]);
  await see("answer.txt", ["answer"]);
  await see("rejects.txt", ["rejects"]);
  await see("rejects.json", ["rejects", "--json"]);
  await see("forget.txt", ["forget", "--import", "1", "--dry-run"]);
}

/** Asks where the figures of each user come from. @type {Ask} */
async function askAll(see, days) {
  await askMore(see, days);
  for (const user of parseLines(await see("", ["query", "from users", "--format", "ndjson"])).map(firstOf))
    await see(`explain/${user}.json`, ["explain", user, "--json"]);
}

/** @param {object} row */
const firstOf = (row) => String(Object.values(row)[0]);

/** @param {string} text @returns {Record<string, any>[]} */
const parseLines = (text) => text.split("\n").flatMap((line) => (line === "" ? [] : JSON.parse(line)));

/** Lists the databases, those that take long first. @returns {Case[]} */
function listCases() {
  const copy = (/** @type {string} */ name) => (/** @type {string} */ at) =>
    cpSync(join(samples, name), join(at, "exports"), { recursive: true });
  const copyBoth = (/** @type {string} */ at) => {
    copy("contoso")(at);
    writeMonthLater(join(samples, "contoso"), join(at, "later"));
  };
  const imports = { exports: [] };
  const both = { ...imports, later: ["--as-of", secondDay] };
  const others = ["contoso-concealed", "contoso-portal", "damaged"];
  return [
    { name: "contoso", prepare: copy("contoso"), imports, ask: askAll },
    { name: "contoso-later", prepare: copyBoth, imports: both, ask: askMore },
    { name: "tenant", prepare: writeTenant, imports, ask: askMore },
    ...others.map((name) => ({ name, prepare: copy(name), imports, ask: askMore })),
    ...listFixtures(),
  ];
}

/** Lists those of the fixtures: all that take the same options together, which are asked more, and each by itself. @returns {Case[]} */
function listFixtures() {
  const expected = (/** @type {string} */ name) => join(fixtures, name, "expect.json");
  const alike = /** @type {Map<string, string[]>} */ (new Map());
  for (const name of readdirSync(fixtures).filter((name) => existsSync(expected(name)))) {
    const key = JSON.stringify(JSON.parse(readFileSync(expected(name), "utf8")).options);
    alike.set(key, [...(alike.get(key) ?? []), name]);
  }
  const filter = (/** @type {string} */ path) => !path.endsWith("expect.json");
  const prepare = (/** @type {readonly string[]} */ names) => (/** @type {string} */ at) => {
    for (const name of names)
      cpSync(join(fixtures, name), join(at, "exports", name), { recursive: true, filter });
    cpSync(join(fixtures, "schemas"), join(at, "schemas"), { recursive: true });
  };
  return [...alike].flatMap(([key, names], index) => {
    const imports = { exports: ["--as-of", fixtureDay, ...JSON.parse(key.replace("FIXTURES/", ""))] };
    return [
      { name: `fixtures-together/${index + 1}`, prepare: prepare(names), imports, ask: askMore },
      ...names.map((name) => ({ name: `fixtures/${name}`, prepare: prepare([name]), imports })),
    ];
  });
}

/** Writes the exports of a large tenant. @param {string} at */
function writeTenant(at) {
  const { users, signIns } = tenant;
  const folder = join(at, "exports");
  const { status } = spawnSync(process.execPath, [generator, folder, String(users), String(signIns)]);
  if (status !== 0) throw new Error(`${generator} ended with ${status}`);
  const context = "reports/authenticationMethods/userRegistrationDetails";
  writePage(join(folder, "registration.json"), { context, count: users, record: registration });
  writePage(join(folder, "subscribedSkus.json"), { context: "subscribedSkus", count: 12, record: sku });
  const toReport = (/** @type {string} */ head, /** @type {typeof activeRow} */ row) =>
    [head, ...Array.from({ length: users }, (_, index) => row(index)), ""].join("\r\n");
  keep(join(folder, "active.csv"), toReport(activeHead, activeRow));
  keep(join(folder, "onedrive.csv"), toReport(oneDriveHead, oneDriveRow));
}

/** Freezes what needs no database: the help, the datasets, what the library exports. @param {string} folder */
async function freezeHelp(folder) {
  const see = lookFrom(join(folder, "help"));
  const help = await see("help.txt", ["--help"]);
  for (const [, command = ""] of help.matchAll(/^ *m365-offline (\w+)/gm))
    await see(`${command}.txt`, [command, "--help"]);
  const datasets = JSON.parse(await see("schemas.json", ["schemas", "--json"]));
  for (const name of datasets.map(firstOf)) await see(`schemas/${name}.json`, ["schemas", name, "--json"]);
  keep(join(folder, "library.txt"), `${Object.keys(library).toSorted().join("\n")}\n`);
}

/** Freezes the names of all tests, wherever their files are. @param {string} folder */
async function freezeTests(folder) {
  const { status, stdout, stderr } = await run([vitest, "list", "--json"], root);
  if (status !== 0) throw new Error(stderr);
  const tests = /** @type {{ name: string, file: string }[]} */ (JSON.parse(stdout));
  const files = new Set(tests.map(({ file }) => file)).size;
  const names = tests.map(({ name }) => name).toSorted();
  keep(join(folder, "tests.txt"), `${files} files, ${names.length} tests\n${names.join("\n")}\n`);
}

/** Writes everything, two jobs at a time. @param {string} folder */
async function write(folder) {
  if (listFiles(folder).length > 0) throw new Error(`${folder} is not empty`);
  const jobs = [
    ...listCases().map((its) => async () => await freezeDatabase(folder, its)),
    async () => await freezeHelp(folder),
    async () => await freezeTests(folder),
  ].values();
  const work = async () => {
    for (const job of jobs) await job();
  };
  await Promise.all([work(), work()]);
  console.log(`${listFiles(folder).length} files in ${folder}`);
}

/** Lists the paths of all files in a folder. @param {string} folder */
function listFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Prints what differs between two folders, and says whether they are the same. @param {readonly string[]} folders */
function compare(folders) {
  const names = new Set(folders.flatMap((folder) => listFiles(folder).map((path) => relative(folder, path))));
  let differing = 0;
  for (const name of [...names].toSorted()) {
    const there = folders.filter((folder) => existsSync(join(folder, name)));
    const [left, right] = there.map((folder) => readFileSync(join(folder, name)));
    if (left && right?.equals(left)) continue;
    differing += 1;
    console.log(
      left && right ? `${name} differs\n${describeLines(left, right)}` : `${name} is only in ${there.join()}`,
    );
  }
  console.log(`${names.size} files, ${differing} differ`);
  return names.size > 0 && differing === 0;
}

/** Describes the first lines that differ, each from a little before where it does. @param {Buffer} left @param {Buffer} right */
function describeLines(left, right) {
  const [ones = [], others = []] = [left, right].map((bytes) => bytes.toString().split("\n"));
  const found = [];
  for (let index = 0; index < Math.max(ones.length, others.length) && found.length < 6; index += 1) {
    const [one, other] = [ones[index] ?? "(no line)", others[index] ?? "(no line)"];
    if (one === other) continue;
    let start = 0;
    while (one[start] === other[start]) start += 1;
    const cut = (/** @type {string} */ line) => line.slice(Math.max(0, start - 60), start + 100);
    found.push(`  ${index + 1} - ${cut(one)}`, `  ${index + 1} + ${cut(other)}`);
  }
  return found.join("\n");
}

const [command, ...folders] = process.argv.slice(2);
if (command === "write" && folders[0] && folders.length === 1) await write(folders[0]);
else if (command === "compare" && folders.length === 2) process.exitCode = compare(folders) ? 0 : 1;
else {
  console.error("npm run freeze -- write DIR, npm run freeze -- compare DIR_A DIR_B");
  process.exitCode = 2;
}
