// Ctrl-C and SIGTERM at every stage: how long until the prompt, with which code, and what is left.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { nameOf, placesBefore, placesBehind, stopAt } from "../stages.js";
import {
  bin,
  createRandom,
  hashOf,
  makeFolder,
  programUnder,
  runTool,
  startNode,
  writeUsers,
} from "../tools.js";

/** @typedef {import("../tools.js").Size} Size @typedef {import("../tools.js").Result} Result @typedef {import("../stages.js").Place} Place */
/**
 * A command that gets a signal: at a place in it, or after so many ms. `isDone` says that its work may be done by then.
 * @typedef {{ args: readonly string[], from: "one" | "two", place?: Place, after?: number, to: "process" | "group", signal: "SIGINT" | "SIGTERM", isDone: boolean }} Case
 */

const look = fileURLToPath(new URL("../look.js", import.meta.url));
const importing = ["import", "b.json", "--as-of", "2026-12-01"];
/** What the issue promises. */
const promisedMs = 2000;

/** Commands that are hit at random times, and how long they take at most until they are. */
const others = [
  ["check", "a.json"],
  ["query", "select count(*) from range(1000000000000)"],
  ["query", "from users cross join range(100)", "--format", "csv", "--out", "users.csv"],
  ["query", "from users", "--out", "users.txt"],
  ["export", "--out", "handoff"],
  ["diff", "--from", "2026-11-02"],
  ["explain", "user7@contoso.example"],
  ["status"],
  ["rejects", "retry", "bad.json"],
  ["import", "bad.json", "--as-of", "2026-12-24", "--json"],
  ["answer"],
];

/** @param {boolean} isFull @param {() => number} random @param {number} length @returns {Case[]} */
function listCases(isFull, random, length) {
  /** @type {Case[]} */
  const cases = [];
  const kinds = /** @type {const} */ ([
    ["process", "SIGINT"],
    ["process", "SIGTERM"],
    ["group", "SIGINT"],
  ]);
  const json = [...importing, "--json"];
  for (const [to, signal] of kinds) {
    // At the call of the renaming it is too late to undo: then the import is acknowledged.
    for (const place of placesBefore)
      cases.push({ args: json, from: "one", place, to, signal, isDone: place.stage === "rename" });
    for (const place of placesBehind)
      cases.push({ args: json, from: "one", place, to, signal, isDone: true });
    const place = { stage: "answering", after: 200 };
    cases.push({ args: importing, from: "one", place, to, signal, isDone: true });
    for (const stage of ["delete", "copy anew", "copied anew", "checkpointed", "fsynced"])
      cases.push({
        args: ["forget", "--import", "2"],
        from: "two",
        place: { stage },
        to,
        signal,
        isDone: false,
      });
    cases.push({
      args: ["forget", "--import", "2"],
      from: "two",
      place: { stage: "copy anew", after: 20 },
      to,
      signal,
      isDone: false,
    });
  }
  // The short version takes a few, another few with another seed; the first file that is made always.
  const isFirst = (/** @type {Case} */ { place, to }) => place?.stage === "probe" && to === "process";
  const few = isFull
    ? cases
    : cases.filter((each, index) => isFirst(each) || (index + random() * 3) % 16 < 1);
  for (const [to, signal] of kinds)
    for (const stage of ["lock scratch", "scratch locked"])
      for (const args of [["check", "a.json"], ["answer"]])
        if (isFull || (to === "process" && signal === "SIGINT"))
          few.push({ args, from: "one", place: { stage }, to, signal, isDone: true });
  for (let round = 0; round < (isFull ? 4 : 1); round += 1)
    for (const args of isFull ? others : others.slice(0, 5)) {
      const [to, signal] = kinds[Math.floor(random() * 3)] ?? kinds[0];
      few.push({
        args,
        from: "two",
        after: 150 + random() * (isFull ? length : 500),
        to,
        signal,
        isDone: true,
      });
    }
  return few;
}

/** @param {Size} size @returns {Promise<Result>} */
export async function run({ scale, seed }) {
  const isFull = scale >= 1;
  const count = isFull ? 150_000 : 2500;
  const base = makeFolder();
  /** @type {Context} */
  const context = { base, count, failures: [], longest: { ms: 0, what: "" }, heard: 0 };
  try {
    const length = prepare(base, count, isFull);
    const cases = listCases(isFull, createRandom(seed), length);
    // One at a time: the time until the prompt is measured.
    for (const each of cases) await tryCase(context, each);
    checkTerminal(context);
    const { heard, longest } = context;
    const promise = longest.ms < promisedMs ? "" : ", which is MORE THAN TWO SECONDS";
    if (isFull && promise !== "")
      context.failures.push(`${longest.what} took ${longest.ms} ms until the prompt`);
    return {
      figures: `${cases.length} signals at ${placesBefore.length + placesBehind.length} places of imports of ${count.toLocaleString("en-US")} users, in forget and in ${others.length} other commands: ${heard} ended by them, the longest in ${longest.ms} ms (${longest.what})${promise}`,
      failures: context.failures,
    };
  } finally {
    base.remove();
  }
}

/** @typedef {{ base: ReturnType<typeof makeFolder>, count: number, failures: string[], longest: { ms: number, what: string }, heard: number }} Context */

/** @param {ReturnType<typeof makeFolder>} base @param {number} count @param {boolean} isFull */
function prepare(base, count, isFull) {
  writeUsers(base.file("a.json"), { count, mark: "Old" });
  writeUsers(base.file("b.json"), { count, mark: "New" });
  // Nothing of this is loaded: a department is no number.
  writeUsers(base.file("bad.json"), { count: isFull ? 1_500_000 : count, mark: /** @type {any} */ (7) });
  for (const [args, name] of /** @type {const} */ ([
    [["import", "a.json", "--as-of", "2026-11-02", "--json"], "one"],
    [[...importing, "--json"], "two"],
  ])) {
    const { status, stderr } = runTool(base.path, args);
    if (status !== 0) throw new Error(stderr);
    copyFileSync(base.file("tenant.duckdb"), base.file(name));
  }
  runTool(base.path, ["import", "bad.json", "--as-of", "2026-11-02", "--json"]);
  copyFileSync(base.file("tenant.duckdb"), base.file("two"));
  const started = Date.now();
  runTool(base.path, ["status"]);
  return Date.now() - started;
}

/** @param {Context} context @param {Case} each */
async function tryCase(context, { args, from, place, after, to, signal, isDone }) {
  const { base, count, longest } = context;
  const what = `${signal} to the ${to} of ${args.slice(0, 2).join(" ").slice(0, 40)} (${place ? nameOf(place) : `${Math.round(after ?? 0)} ms`})`;
  const fail = (/** @type {string} */ words) => context.failures.push(`${what}: ${words}`);
  const dir = makeFolder();
  try {
    const inputs = ["a.json", "b.json", "bad.json"];
    for (const name of inputs) linkSync(base.file(name), dir.file(name));
    const database = dir.file("tenant.duckdb");
    copyFileSync(base.file(from), database);
    const hash = hashOf(database);
    mkdirSync(dir.file("tmp"));
    const mark = dir.file("tmp/mark");
    const stop = place ? stopAt(place, { act: { to, signal }, mark }) : { node: [], env: {} };
    const { child, ended } = startNode(dir.path, [...stop.node, programUnder(stop.node), ...args], {
      env: { ...stop.env, TMPDIR: dir.file("tmp") },
      detached: to === "group",
    });
    let sentAt = 0;
    if (after !== undefined) {
      await Promise.race([ended, setTimeout(after)]);
      sentAt = Date.now();
      if (child.exitCode === null)
        process.kill(to === "group" ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
    }
    const { status, signal: by, stdout, stderr } = await ended;
    if (place && !existsSync(mark)) {
      fail(`it was not reached; the command ended with ${status ?? by}: ${stderr}`);
      return;
    }
    if (place) sentAt = Number(readFileSync(mark, "utf8"));
    rmSync(mark, { force: true });
    const ms = Date.now() - sentAt;
    // As the shell counts: an end by the signal itself is 128 and its number.
    const code = status ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (by)];
    const isEnded = code === 128 + constants.signals[signal];
    if (isEnded) context.heard += 1;
    else if (!isDone || code > 1) fail(`ended with ${code}: ${stderr}`);
    if (isEnded && ms > longest.ms) Object.assign(longest, { ms, what });
    if (isEnded && /m365-offline:/.test(stderr)) fail(`said: ${stderr}`);
    const isOld = hashOf(database) === hash;
    if (!isOld && !isDone) fail("the database was changed");
    // Commands that only read leave the old one also when they end before they hear the signal.
    const isWriting = args[0] === "import" || args[0] === "forget";
    if (isOld && place && isWriting && code === 0)
      fail("it was acknowledged, but the database is the old one");
    if (!isOld && args[0] === "import") checkNew(database, count, fail);
    if (code <= 1 && place && args.includes("--json") && !/"exit_code": 0/.test(stdout))
      fail("ended with 0 without its words");
    // What is behind a group's leader may need a moment more than it.
    const isLeft = () => leftIn(dir, inputs, args).length > 0;
    for (let tries = to === "group" ? 20 : 0; tries > 0 && isLeft(); tries -= 1) await setTimeout(50);
    const left = leftIn(dir, inputs, args);
    if (left.length > 0) fail(`left behind: ${left.join(", ")}`);
  } finally {
    dir.remove();
  }
}

/** @param {ReturnType<typeof makeFolder>} dir @param {readonly string[]} inputs @param {readonly string[]} args */
function leftIn(dir, inputs, args) {
  // A whole result may be there: of a query its file, of an export the folder with a manifest.
  const known = new Set([
    ...inputs,
    "tenant.duckdb",
    "tmp",
    ...args.slice(args.indexOf("--out") + 1, args.indexOf("--out") + 2),
  ]);
  const handoff = existsSync(dir.file("handoff")) ? readdirSync(dir.file("handoff")) : [];
  const half = handoff.includes("manifest.json") ? [] : handoff;
  return [...dir.list().filter((name) => !known.has(name)), ...readdirSync(dir.file("tmp")), ...half];
}

/** @param {string} database @param {number} count @param {(words: string) => void} fail */
function checkNew(database, count, fail) {
  const { stdout, stderr } = spawnSync(process.execPath, [look, database], { encoding: "utf8" });
  const [found] = stdout === "" ? [{}] : JSON.parse(stdout);
  const isWhole = ["old", "new"].every((name) => found[name] === count) && found.ledger === found.rows;
  if (!isWhole) fail(`torn: ${stdout}${stderr}`);
}

/** Types Ctrl-C at a terminal while progress is shown; needs Python for the terminal. */
const terminal = `
import os, pty, select, signal, sys, time
child, fd = pty.fork()
if child == 0:
    os.chdir(sys.argv[1])
    os.environ.update(TERM="xterm", M365_OFFLINE_DB="")
    os.environ.pop("CI", None)
    os.execv(sys.argv[2], sys.argv[2:])
said, typed = b"", False
while True:
    try: data = os.read(fd, 65536)
    except OSError: break
    if not data: break
    said += data
    if b"\\x1b[?25l" in said and not typed:
        time.sleep(0.2); os.write(fd, b"\\x03"); typed = time.time()
status = os.waitpid(child, 0)[1]
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
print(code, int(said.rfind(b"\\x1b[?25h") > said.rfind(b"\\x1b[?25l")), int(bool(typed)))
`;

/** @param {Context} context */
function checkTerminal({ base, failures }) {
  const dir = makeFolder();
  try {
    copyFileSync(base.file("one"), dir.file("tenant.duckdb"));
    // Long enough that progress is shown.
    writeUsers(dir.file("b.json"), { count: 400_000, mark: "New" });
    const hash = hashOf(dir.file("tenant.duckdb"));
    const command = [process.execPath, bin, ...importing];
    const { stdout, status } = spawnSync("python3", ["-c", terminal, dir.path, ...command], {
      encoding: "utf8",
    });
    if (status !== 0) return;
    if (stdout.trim() !== "130 1 1")
      failures.push(`Ctrl-C at a terminal: exit code, cursor shown, typed: ${stdout.trim()}`);
    if (hashOf(dir.file("tenant.duckdb")) !== hash || dir.list().length !== 2)
      failures.push(`Ctrl-C at a terminal left ${dir.list().join(", ")}`);
  } finally {
    dir.remove();
  }
}
