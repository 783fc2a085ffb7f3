// Runs the real binary over one hostile file and looks at all that it may never do.
import { mkdirSync } from "node:fs";
import { makeFolder, runTool } from "../tools.js";
import { writeFile } from "./write.js";

/**
 * A file that somebody made to do harm. `write` puts it into the folder and returns what to give to the tool (its own
 * name when nothing is returned); `like` writes a good file of the same size, against which the memory is held.
 * @typedef {"json" | "csv"} Kind
 * @typedef {readonly [read: number, loaded: number, rejected: number, duplicate: number]} Ledger
 * @typedef {{
 *   readonly name: string,
 *   readonly file: string,
 *   readonly write: (path: string, folder: string) => readonly string[] | void,
 *   readonly like?: (path: string) => void,
 *   readonly kind?: Kind,
 *   readonly args?: readonly string[],
 *   readonly status: number | readonly number[],
 *   readonly says?: RegExp,
 *   readonly ledger?: Ledger,
 *   readonly seconds?: number,
 *   readonly megabytes?: number,
 *   readonly sql?: string,
 *   readonly rows?: readonly unknown[],
 *   readonly skip?: string | undefined,
 * }} Case
 * @typedef {{ readonly status: number | null, readonly stdout: string, readonly stderr: string, readonly seconds: number, readonly megabytes: number, readonly changed: readonly string[] }} Measured
 * @typedef {{ readonly files: readonly Told[], readonly exit_code: number }} Result
 * @typedef {{ readonly file: string, readonly status: string, readonly dataset: string | null, readonly records_read: number, readonly records_loaded: number, readonly records_rejected: number, readonly records_duplicate: number, readonly issues: readonly { readonly code: string, readonly message: string, readonly count: number }[] }} Told
 */

/**
 * At the end the process says its peak of memory and which of the objects that all others inherit from it has
 * changed, and the time of all its threads, which does not depend on what else the machine does. The peak of Linux is that of this program alone; maxRSS also counts what the parent had when it forked.
 */
const hook = `data:text/javascript,${encodeURIComponent(`
import { readFileSync } from "node:fs";
const watched = { Object, Array, String, Number, Boolean, Function, Map, Set, RegExp, Date, Promise };
const look = () => Object.entries(watched).map(([name, { prototype }]) => [name, Reflect.ownKeys(prototype).map((key) => {
  const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, key);
  return [key, value, get, set];
})]);
const before = look();
const peak = () => {
  try { return Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024; }
  catch { return process.resourceUsage().maxRSS / 1024; }
};
process.on("exit", () => {
  const changed = look().flatMap(([name, entries], index) => {
    const old = before[index][1];
    const isSame = entries.length === old.length && entries.every((entry, at) => entry.every((part, n) => Object.is(part, old[at][n])));
    return isSame ? [] : [name];
  });
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const seconds = (userCPUTime + systemCPUTime) / 1e6;
  process.stderr.write("\\nMEASURED " + JSON.stringify({ seconds, megabytes: peak(), changed }) + "\\n");
});
`)}`;

/** Longer than this nothing may take, whatever its limits; then the process is killed and the case has failed. */
const longest = 300_000;

/** @param {string} cwd @param {readonly string[]} args @returns {Measured} */
function measure(cwd, args) {
  const { status, stdout, stderr } = runTool(cwd, args, { node: ["--import", hook], timeout: longest });
  const [, words = stderr, json = '{"seconds":0,"megabytes":0,"changed":["not measured"]}'] =
    /^([^]*)\nMEASURED (.*)\n/.exec(stderr) ?? [];
  const used = /** @type {Pick<Measured, "seconds" | "megabytes" | "changed">} */ (JSON.parse(json));
  return { status, stdout, stderr: words, ...used };
}

/** @typedef {{ readonly seconds: number, readonly megabytes: number }} Baseline */

/** @typedef {"check" | "import"} Command */

/** What a tiny good file of each kind costs each command: the least of three runs. @returns {Record<Kind, Record<Command, Baseline>>} */
export function measureBaselines() {
  const folder = makeFolder();
  const user = '{"id":"00000000-0000-4000-8000-000000000001","userPrincipalName":"a@contoso.example"}';
  const least = (/** @type {(round: number) => readonly string[]} */ argsOf) => {
    const runs = [1, 2, 3].map((round) => measure(folder.path, argsOf(round)));
    return {
      seconds: Math.min(...runs.map(({ seconds }) => seconds)),
      megabytes: Math.min(...runs.map(({ megabytes }) => megabytes)),
    };
  };
  const both = (/** @type {string} */ name, /** @type {string} */ text) => {
    writeFile(folder.file(name), text);
    return {
      check: least(() => ["check", name, "--json"]),
      import: least((round) => ["import", name, "--json", "--db", `${name}.${round}.duckdb`]),
    };
  };
  try {
    return {
      json: both("users.json", `[${user}]`),
      csv: both(
        "users.csv",
        "id,userPrincipalName\n00000000-0000-4000-8000-000000000001,a@contoso.example\n",
      ),
    };
  } finally {
    folder.remove();
  }
}

/** @typedef {Baseline & { readonly failures: readonly string[] }} Tried */

/**
 * Runs a case through `check` and `import` and says what was wrong with it. What took too long is measured once more,
 * as is the tiny file: on a busy machine both are slower.
 * @param {Case} hostile @param {Record<Kind, Record<Command, Baseline>>} baselines @returns {Tried}
 */
export function tryCase(hostile, baselines) {
  const kind = hostile.kind ?? "json";
  const tried = tryOnce(hostile, baselines[kind]);
  return tried.seconds > limitOf(hostile).seconds ? tryOnce(hostile, measureBaselines()[kind]) : tried;
}

/**
 * The same with wide limits of time and memory, and by `import` alone unless the whole is wanted: for the suite, which
 * runs on busy machines.
 * @param {Case} hostile @param {boolean} [isWhole] @returns {Tried}
 */
export function tryUnlimited(hostile, isWhole = false) {
  const none = { seconds: 0, megabytes: 0 };
  return tryOnce({ ...hostile, seconds: 1000, megabytes: 1000 }, { check: none, import: none }, isWhole);
}

/** @param {Case} hostile @param {Record<Command, Baseline>} baselines @param {boolean} [isWhole] @returns {Tried} */
function tryOnce(hostile, baselines, isWhole = true) {
  const folder = makeFolder();
  /** @type {string[]} */
  const failures = [];
  let [seconds, megabytes] = [0, 0];
  try {
    const paths = hostile.write(folder.file(hostile.file), folder.path) ?? [hostile.file];
    const more = [...(hostile.args ?? []), "--json", ...paths];
    /** @type {readonly (readonly [Command, readonly string[]])[]} */
    const runs = [
      ["check", more],
      ["import", ["--db", "t.duckdb", ...more]],
    ];
    for (const [command, args] of isWhole ? runs : runs.slice(1)) {
      const baseline = baselines[command];
      const base = hostile.like ? measureGood(hostile.like, command, hostile.file) : baseline.megabytes;
      const measured = measure(folder.path, [command, ...args]);
      const cost = {
        seconds: measured.seconds - baseline.seconds,
        megabytes: measured.megabytes - base,
      };
      seconds = Math.max(seconds, cost.seconds);
      megabytes = Math.max(megabytes, cost.megabytes);
      failures.push(...judge(hostile, measured, cost).map((what) => `${command}: ${what}`));
    }
    failures.push(...judgeDatabase(hostile, folder.path));
  } finally {
    folder.remove();
  }
  return { failures: failures.map((what) => `${hostile.name}: ${what}`), seconds, megabytes };
}

/**
 * The peak of a command with a file in which all is good.
 * @param {(path: string) => void} write @param {Command} command @param {string} name
 */
function measureGood(write, command, name) {
  const folder = makeFolder();
  try {
    write(folder.file(name));
    const args = command === "import" ? ["--db", "t.duckdb"] : [];
    return measure(folder.path, [command, name, "--json", ...args]).megabytes;
  } finally {
    folder.remove();
  }
}

/** @param {Case} hostile @returns {Baseline} */
function limitOf({ seconds = 20, megabytes = 250 }) {
  return { seconds, megabytes };
}

/**
 * Imports the files of several cases together, each in a folder of its own. Their records may be the same: only what
 * was read and what was rejected is compared.
 * @param {readonly Case[]} cases @returns {Measured & { failures: string[] }}
 */
export function tryTogether(cases) {
  const folder = makeFolder();
  try {
    cases.forEach(({ file, write }, index) => {
      mkdirSync(folder.file(`in/${dayOf(index)}`), { recursive: true });
      write(folder.file(`in/${dayOf(index)}/${file}`), folder.file(`in/${dayOf(index)}`));
    });
    const measured = measure(folder.path, ["import", "in", "--same-tenant", "--db", "t.duckdb", "--json"]);
    const failures = measured.changed.map((name) => `the prototype of ${name} changed`);
    if (measured.status !== 1) failures.push(`exit ${measured.status}: ${measured.stderr.slice(0, 600)}`);
    const told = measured.stdout === "" ? [] : /** @type {Result} */ (JSON.parse(measured.stdout)).files;
    cases.forEach(({ name, ledger }, index) => {
      const files = told.filter(({ file }) => file.startsWith(`in/${dayOf(index)}/`));
      const sum = (/** @type {(file: Told) => number} */ pick) =>
        files.reduce((total, file) => total + pick(file), 0);
      const found = [sum((file) => file.records_read), sum((file) => file.records_rejected)];
      if (files.length === 0 || !files.every(isBalanced)) failures.push(`${name}: no ledger, or a wrong one`);
      if (ledger && found.join() !== [ledger[0], ledger[2]].join())
        failures.push(`${name}: ${found.join()} read and rejected instead of ${ledger[0]},${ledger[2]}`);
    });
    return { ...measured, failures };
  } finally {
    folder.remove();
  }
}

/** A day for each case: what is of one day would be one list, and lists of one day that differ are refused. @param {number} index */
function dayOf(index) {
  return new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);
}

/** @param {Case} hostile @param {Measured} measured @param {Baseline} cost @returns {string[]} */
function judge(hostile, { status, stdout, stderr, changed }, { seconds, megabytes }) {
  const failures = [];
  if (![hostile.status].flat().includes(status ?? -1))
    failures.push(`exit ${status} instead of ${String(hostile.status)}: ${stderr.slice(0, 400)}`);
  if (changed.length > 0) failures.push(`prototypes changed: ${changed.join(", ")}`);
  if (hostile.says && !hostile.says.test(stdout + stderr))
    failures.push(`does not say ${String(hostile.says)}: ${(stdout + stderr).slice(0, 400)}`);
  if (seconds > limitOf(hostile).seconds) failures.push(`${seconds.toFixed(1)} s more than a tiny file`);
  if (megabytes > (hostile.megabytes ?? 250))
    failures.push(`${megabytes.toFixed(0)} MB more than a tiny file`);
  if (stdout.length + stderr.length > 400_000)
    failures.push(`says ${stdout.length + stderr.length} characters`);
  return [...failures, ...judgeLedger(hostile.ledger, stdout)];
}

/** @param {Ledger | undefined} expected @param {string} stdout @returns {string[]} */
function judgeLedger(expected, stdout) {
  if (stdout === "") return expected ? ["no ledger"] : [];
  const { files } = /** @type {Result} */ (JSON.parse(stdout));
  const failures = files
    .filter((file) => !isBalanced(file))
    .map(({ file }) => `the ledger of ${file} is wrong`);
  const sum = (/** @type {(file: Told) => number} */ pick) =>
    files.reduce((total, file) => total + pick(file), 0);
  const found = [
    sum((file) => file.records_read),
    sum((file) => file.records_loaded),
    sum((file) => file.records_rejected),
    sum((file) => file.records_duplicate),
  ];
  if (expected && found.join() !== expected.join())
    failures.push(`${found.join()} read, loaded, rejected, duplicate instead of ${expected.join()}`);
  return failures;
}

/** Whether read = loaded + rejected + duplicate. @param {Told} file */
export function isBalanced(file) {
  return file.records_read === file.records_loaded + file.records_rejected + file.records_duplicate;
}

/** @param {Case} hostile @param {string} folder @returns {string[]} */
function judgeDatabase({ sql, rows }, folder) {
  if (sql === undefined) return [];
  const { status, stdout, stderr } = runTool(folder, ["query", "--format", "json", "--db", "t.duckdb", sql]);
  if (status !== 0) return [`query: exit ${status}: ${stderr}`];
  const found = JSON.stringify(JSON.parse(stdout));
  return found === JSON.stringify(rows) ? [] : [`query: ${found} instead of ${JSON.stringify(rows)}`];
}
