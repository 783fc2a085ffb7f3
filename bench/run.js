// Imports against DuckDB alone and against other tools, side by side in one run: npm run bench [-- CASE…] [PAIRS=5] [DATA=folder]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { formatTable } from "../dist/outputs/format.js";
import { dataOf } from "./data.js";
import { describeMachine, isInstalled, measure, median, removeDatabase } from "./measure.js";

/** @typedef {{ who: string, seconds: number[], cpu: number[], peak: number[] }} Times */

const root = fileURLToPath(new URL("..", import.meta.url));
const data = process.env["DATA"] ?? join(tmpdir(), "m365-offline-bench");
const pairs = Number(process.env["PAIRS"] ?? 5);
const work = mkdtempSync(join(tmpdir(), "m365-offline-bench-run-"));
const node = process.execPath;

/**
 * What is imported, the DuckDB reading that is the bound, and the most that we may take of it. `rare` ones take long: they run once, by name.
 * @type {Record<string, { dataset: string, file: string, records: number, bound: "ndjson" | "csv", target: number, hasDocument?: boolean, isRare?: boolean, hasTwice?: boolean }>}
 */
const cases = {
  users: {
    dataset: "users",
    file: "users.json",
    records: 200_000,
    bound: "ndjson",
    target: 1.5,
    hasDocument: true,
  },
  "sign-ins": {
    dataset: "sign_ins",
    file: "signIns.json",
    records: 300_000,
    bound: "ndjson",
    target: 1.9,
    hasDocument: true,
  },
  "sign-ins-twice": {
    dataset: "sign_ins",
    file: "signIns-twice.json",
    records: 300_000,
    bound: "ndjson",
    target: 1.9,
    hasTwice: true,
  },
  pages: { dataset: "users", file: "pages", records: 200_799, bound: "ndjson", target: 1.6 },
  registration: {
    dataset: "user_registration_details",
    file: "registration.json",
    records: 200_000,
    bound: "ndjson",
    target: 1.5,
  },
  active: {
    dataset: "office365_active_user_detail",
    file: "active.csv",
    records: 200_000,
    bound: "csv",
    target: 2,
  },
  onedrive: {
    dataset: "onedrive_usage_account_detail",
    file: "onedrive.csv",
    records: 200_000,
    bound: "csv",
    target: 2,
  },
  "users-1m": {
    dataset: "users",
    file: "users-1m.json",
    records: 1_000_000,
    bound: "ndjson",
    target: 1.5,
    isRare: true,
  },
  "sign-ins-3m": {
    dataset: "sign_ins",
    file: "signIns-3m.json",
    records: 3_000_000,
    bound: "ndjson",
    target: 1.9,
    isRare: true,
  },
};

/** @param {string} path */
function bytesOf(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}

/** The documents take part in the first rounds alone: they take up to a minute, while the speed of a machine wanders. */
const documentRounds = 3;

/** No other tool is waited for longer, in seconds. */
const patience = 120;

/** Other tools on the same file (Miller on its copy as NDJSON; ajv-cli without formats, which it has not), where they are installed. @param {string} path @param {string} copy @returns {Record<string, string[]>} */
function peersOf(path, copy) {
  const all = {
    jq: `jq -c '.value[]' '${path}' > /dev/null`,
    mlr: `mlr --ijsonl --ojsonl cat '${copy}' > /dev/null`,
    "sqlite-utils": `jq -c '.value' '${path}' | sqlite-utils insert '${join(work, "peer.db")}' users - --pk id`,
    ajv: `ajv validate --spec=draft2020 --strict=false -s '${writePageSchema()}' -d '${path}' > /dev/null`,
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => isInstalled(name))
      .map(([name, script]) => [name, ["timeout", String(patience), "bash", "-c", script]]),
  );
}

/** The schema of a page of users, without what only our tool knows. Returns its path. */
function writePageSchema() {
  const schema = JSON.parse(readFileSync(join(root, "schemas/users.schema.json"), "utf8"));
  const items = { type: "object", required: schema.required, properties: schema.properties };
  const path = join(work, "page.schema.json");
  writeFileSync(
    path,
    JSON.stringify({ type: "object", required: ["value"], properties: { value: { type: "array", items } } }),
  );
  return path;
}

/** @param {string} name */
async function runCase(name) {
  const { dataset, file, bound, hasDocument = false, isRare = false } = cases[name] ?? never();
  const path = dataOf(data, file);
  const copy = bound === "ndjson" ? dataOf(data, file, true) : path;
  const glob = file === "pages" ? join(copy, "*.ndjson") : copy;
  const ours = join(work, "ours.duckdb");
  const theirs = join(work, "bound.duckdb");
  const read = (/** @type {string} */ form, /** @type {string} */ from) => [
    node,
    join(root, "bench/duckdb-reads.js"),
    theirs,
    dataset,
    form,
    from,
  ];
  const program = [node, join(root, "bin/m365-offline.js"), "import", path, "--db", ours, "--no-progress"];
  /** @type {Record<string, string[]>} */
  const commands = {
    "m365-offline": [...program, "--json"],
    "m365-offline, answer": program,
    [`DuckDB ${bound}`]: read(bound, glob),
  };
  /** @type {Map<string, Times>} */
  const times = new Map();
  const once = async (
    /** @type {string} */ who,
    /** @type {string[]} */ command,
    /** @type {boolean} */ isCounted,
  ) => {
    removeDatabase(who.startsWith("m365-offline") ? ours : theirs);
    rmSync(join(work, "peer.db"), { force: true });
    const { seconds, cpu, peakMegabytes } = await measure(command, work);
    if (!isCounted) return;
    const entry = times.get(who) ?? { who, seconds: [], cpu: [], peak: [] };
    times.set(who, {
      who,
      seconds: [...entry.seconds, seconds],
      cpu: [...entry.cpu, cpu],
      peak: [...entry.peak, peakMegabytes],
    });
  };
  const rounds = isRare ? 1 : pairs;
  for (let round = isRare ? 1 : 0; round <= rounds; round += 1) {
    if (hasDocument && round > 0 && round <= documentRounds)
      await once("DuckDB document", read("document", path), true);
    for (const [who, command] of Object.entries(commands)) await once(who, command, round > 0);
  }
  const differing = await compareRows(ours, theirs, name);
  if (name === "users")
    for (const [who, command] of Object.entries(peersOf(path, copy)))
      await once(who, command, true).catch((/** @type {Error} */ { message }) =>
        console.error(`${who} takes no part: ${message.split("\n")[0]}`),
      );
  return {
    name,
    bytes: bytesOf(path),
    records: cases[name]?.records ?? 0,
    times: [...times.values()],
    differing,
  };
}

/** @returns {never} */
function never() {
  throw new Error("there are no cases");
}

/** How many rows one of both has and the other has not; of repeated sign-ins DuckDB has all, we the last. @param {string} ours @param {string} theirs @param {string} name */
async function compareRows(ours, theirs, name) {
  const { dataset, hasTwice = false, bound } = cases[name] ?? never();
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`attach '${ours}' as ours (read_only); attach '${theirs}' as theirs (read_only)`);
  // Where a list is split at a plus the CSV reading is rougher than ours.
  const columns = await connection.runAndReadAll(
    `select column_name, data_type from duckdb_columns() where database_name = 'theirs' and table_name = 't'`,
  );
  const names = columns
    .getRows()
    .filter(([, type]) => bound !== "csv" || !String(type).endsWith("[]"))
    .map(([column]) => `"${String(column)}"`)
    .join(", ");
  const [left, right] = [`select ${names} from ours.raw."${dataset}"`, `select ${names} from theirs.t`];
  const sql = hasTwice
    ? `select count(*) from (${left} except ${right})`
    : `select (select count(*) from (${left} except all ${right})) + (select count(*) from (${right} except all ${left}))`;
  const [[count] = []] = (await connection.runAndReadAll(sql)).getRows();
  connection.closeSync();
  instance.closeSync();
  return Number(count);
}

/** @param {Awaited<ReturnType<typeof runCase>>} result */
function rowsOf({ name, bytes, records, times }) {
  const bound = median(times.find(({ who }) => /ndjson|csv/.test(who))?.seconds ?? [1]);
  return times.map(({ who, seconds, cpu, peak }) => {
    const middle = median(seconds);
    const spread = `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`;
    return [
      name,
      who,
      middle.toFixed(2),
      spread,
      (middle / bound).toFixed(2),
      (bytes / 1e6 / middle).toFixed(0),
      String(Math.round(records / middle)),
      median(cpu).toFixed(2),
      // A shell runs the other tools: what it takes says nothing.
      /^(m365|DuckDB)/.test(who) ? Math.max(...peak).toFixed(0) : "-",
    ];
  });
}

const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : Object.keys(cases).filter((name) => !cases[name]?.isRare);
const results = [];
try {
  for (const name of names) {
    const result = await runCase(name);
    results.push(result);
    console.error(`${name}: ${result.differing} rows differ from DuckDB's`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
const heads = ["case", "who", "seconds", "spread", "ratio", "MB/s", "records/s", "CPU s", "peak MB"];
const columns = heads.map((name, index) => ({ name, isNumber: index > 1 }));
console.log(`${describeMachine()}; ${pairs} pairs after one to warm up\n`);
console.log(formatTable(columns, results.flatMap(rowsOf)));
writeFileSync(
  join(data, "results.json"),
  `${JSON.stringify({ date: new Date().toISOString(), commit: spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" }).stdout.trim(), results }, null, 2)}\n`,
);
if (results.some(({ differing }) => differing > 0)) process.exitCode = 1;
