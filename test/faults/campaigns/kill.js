// Death at any moment: SIGKILL at every stage and at random times; checker processes look at what is left.
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { nameOf, placesBefore, placesBehind, stopAt } from "../stages.js";
import { createRandom, hashOf, makeFolder, runTool, startNode, startTool, writeUsers } from "../tools.js";

/** @typedef {import("../tools.js").Size} Size @typedef {import("../tools.js").Result} Result @typedef {import("../stages.js").Place} Place */

const look = fileURLToPath(new URL("../look.js", import.meta.url));
const sigkill = { to: /** @type {const} */ ("process"), signal: /** @type {const} */ ("SIGKILL") };

/**
 * What is killed: an import onto a database, a first import, a forget, or the child that copies.
 * @typedef {"import" | "first" | "forget" | "child"} Work
 * @typedef {{ readonly work: Work, readonly place?: Place, readonly share?: number, readonly expected: "old" | "new" | "either" }} Kill
 */

const daysOf = { a: "2026-11-02", b: "2026-12-01" };

/** @type {Readonly<Record<Work, readonly string[]>>} */
const commands = {
  import: ["import", "b.json", "--as-of", daysOf.b, "--json"],
  first: ["import", "a.json", "--as-of", daysOf.a, "--json"],
  forget: ["forget", "--import", "2", "--json"],
  child: ["import", "b.json", "--as-of", daysOf.b, "--json"],
};

/** The state that each work begins with and ends with. */
const states = {
  import: ["one", "two"],
  child: ["one", "two"],
  first: ["none", "one"],
  forget: ["two", "forgotten"],
};

/** What a database with these imports of `count` users holds. @param {number} count @returns {Readonly<Record<string, object>>} */
function describeStates(count) {
  const one = { rows: count, places: count, old: count, new: 0, ledger: count, in_ledger: count };
  const two = { rows: 2 * count, places: 2 * count, old: count, new: count };
  return {
    one: { ...one, imports: 1, files: 1, snapshots: 1, seen: "[Old]", users: count },
    two: {
      ...two,
      ledger: 2 * count,
      in_ledger: 2 * count,
      imports: 2,
      files: 2,
      snapshots: 2,
      seen: "[New]",
      users: count,
    },
    forgotten: { ...one, imports: 2, files: 1, snapshots: 1, seen: "[Old]", users: count },
  };
}

/** @param {number} rounds @param {number} randoms @param {() => number} random @returns {Kill[]} */
function planKills(rounds, randoms, random) {
  /** @type {Kill[]} */
  const kills = [];
  const before = (/** @type {Work} */ work, /** @type {Place} */ place) =>
    kills.push({ work, place, expected: "old" });
  const behind = (/** @type {Work} */ work, /** @type {Place} */ place) =>
    kills.push({ work, place, expected: "new" });
  for (let round = 0; round < rounds; round += 1) {
    for (const place of placesBefore) before("import", place);
    for (const place of placesBehind) behind("import", place);
  }
  const some = ["aside opened", "loaded", "checkpoint", "fsynced", "rename"];
  for (const stage of rounds > 0.5 ? some : some.slice(1, 3)) before("first", { stage });
  for (const stage of ["delete", "copy anew", "copied anew", "checkpointed", "rename"])
    before("forget", { stage });
  for (const work of /** @type {const} */ (["first", "forget"])) behind(work, { stage: "renamed" });
  for (const after of [undefined, 20, 50]) {
    const place = after === undefined ? { stage: "copying aside" } : { stage: "copying aside", after };
    // Where the child has ended before, the import goes on to its end.
    kills.push({ work: "child", place, expected: after === undefined ? "old" : "either" });
  }
  for (let number = 0; number < randoms; number += 1)
    kills.push({ work: "import", share: random(), expected: "either" });
  return kills;
}

/** Every stage once where `scale` is small, but with fewer users. @param {Size} size @returns {Promise<Result>} */
export async function run({ scale, seed }) {
  const isFull = scale >= 1;
  const count = isFull ? 150_000 : Math.max(2500, Math.round(150_000 * scale));
  const random = createRandom(seed);
  const every = planKills(isFull ? 3 : 1, isFull ? 80 : 2, random);
  // The short version takes two of five places, with other seeds others.
  const kills = isFull
    ? every
    : every.filter(({ share }, index) => (index + seed) % 5 < 2 || share !== undefined);
  const base = makeFolder();
  /** @type {string[]} */
  const failures = [];
  const tally = { inside: 0, behind: 0, acknowledged: 0, reached: new Set() };
  try {
    const length = prepare(base, count);
    const kinds = describeStates(count);
    const context = { base, kinds, length, failures, tally, isFull };
    const queue = kills.entries();
    const work = async () => {
      for (const [number, kill] of queue) await killOnce(context, kill, number);
    };
    await Promise.all([work(), work()]);
  } finally {
    base.remove();
  }
  const places = placesBefore.length + placesBehind.length;
  return {
    figures: `${kills.length} kills of imports of ${count.toLocaleString("en-US")} users (${places} places in them, at random, first imports, forget, the copying process): ${tally.inside} inside the build, ${tally.behind} behind the renaming, ${tally.acknowledged} acknowledged`,
    failures,
  };
}

/** Makes the databases to start from and the exports; returns how long an import takes, in ms. @param {ReturnType<typeof makeFolder>} base @param {number} count */
function prepare(base, count) {
  writeUsers(base.file("a.json"), { count, mark: "Old" });
  writeUsers(base.file("b.json"), { count, mark: "New" });
  const must = (/** @type {readonly string[]} */ args) => {
    const { status, stderr } = runTool(base.path, args);
    if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  };
  must(commands.first);
  copyFileSync(base.file("tenant.duckdb"), base.file("one"));
  const started = Date.now();
  must(commands.import);
  const length = Date.now() - started;
  copyFileSync(base.file("tenant.duckdb"), base.file("two"));
  return length;
}

/**
 * @typedef {{ base: ReturnType<typeof makeFolder>, kinds: Readonly<Record<string, object>>, length: number, failures: string[], tally: { inside: number, behind: number, acknowledged: number }, isFull: boolean }} Context
 */

/** @param {Context} context @param {Kill} kill @param {number} number */
async function killOnce({ base, kinds, length, failures, tally, isFull }, kill, number) {
  const { work, place, share, expected } = kill;
  const what = `kill ${number} (${work}, ${place ? nameOf(place) : `at ${Math.round((share ?? 0) * 100)} % of ${length} ms`})`;
  const fail = (/** @type {string} */ words) => failures.push(`${what}: ${words}`);
  const dir = makeFolder();
  try {
    const [from = "", to = ""] = states[work];
    for (const name of ["a.json", "b.json"]) linkSync(base.file(name), dir.file(name));
    const database = dir.file("tenant.duckdb");
    if (from !== "none") copyFileSync(base.file(from), database);
    const hash = from === "none" ? "" : hashOf(database);
    const env = { TMPDIR: dir.file("tmp") };
    mkdirSync(env.TMPDIR);
    const ran = await killAt(dir, kill, { length, env });
    if (work === "child") checkChild(ran, fail);
    else if (ran.signal !== "SIGKILL" && place) fail(`it was not killed, but ended with ${ran.status}`);
    if (existsSync(`${database}.importing.lock`)) tally.inside += 1;
    const isOld = from === "none" ? !existsSync(database) : existsSync(database) && hashOf(database) === hash;
    const state = isOld ? "old" : (await isState(database, kinds[to], fail)) ? "new" : "torn";
    if (state === "new") tally.behind += 1;
    if (expected !== "either" && state !== expected && state !== "torn") fail(`found the ${state} state`);
    const isAcknowledged = ran.status === 0 || /"exit_code": 0/.test(ran.stdout);
    if (isAcknowledged) tally.acknowledged += 1;
    if (isAcknowledged && state !== "new") fail("an acknowledged import is lost");
    if (state === "torn" || (!isFull && number % 4 > 0)) return;
    if (isFull && number % 4 === 1 && existsSync(database)) await checkQuery(dir.path, fail);
    await checkNext(dir, { work, isOld, isRepeated: number % 8 === 0 }, { env, fail });
    const end =
      number % 8 === 0 ? (work === "forget" ? "forgotten" : "two") : isOld && from !== "none" ? from : to;
    await isState(database, kinds[end], fail);
  } finally {
    dir.remove();
  }
}

/** @param {ReturnType<typeof makeFolder>} dir @param {Kill} kill @param {{ length: number, env: Record<string, string> }} how */
async function killAt(dir, { work, place, share }, { length, env }) {
  const act = work === "child" ? { ...sigkill, to: /** @type {const} */ ("child") } : sigkill;
  const stop = place ? stopAt(place, { act, mark: dir.file("tmp/mark") }) : { node: [], env: {} };
  const { child, ended } = startTool(dir.path, commands[work], {
    node: stop.node,
    env: { ...stop.env, ...env },
  });
  if (share !== undefined) {
    await Promise.race([ended, setTimeout(share * length)]);
    child.kill("SIGKILL");
  }
  const ran = await ended;
  rmSync(dir.file("tmp/mark"), { force: true });
  return ran;
}

/** An import whose copying process is killed says so in one line. @param {import("../tools.js").Ran} ran @param {(words: string) => void} fail */
function checkChild({ status, stderr }, fail) {
  if (status === 0) return;
  const isTold = /^m365-offline: .* (cannot be copied aside|cannot be read to its end).*SIGKILL/m.test(
    stderr,
  );
  if ((status !== 5 && status !== 4) || !isTold) fail(`it ended with ${status}: ${stderr}`);
}

/** Whether a process of its own finds just this in the database. @param {string} database @param {object | undefined} wanted @param {(words: string) => void} fail */
async function isState(database, wanted, fail) {
  const { status, stdout, stderr } = await startNode(".", [look, database]).ended;
  if (status === 0 && JSON.stringify(JSON.parse(stdout)[0]) === JSON.stringify(wanted)) return true;
  fail(status === 0 ? `torn: ${stdout.trim()}` : `it does not open: ${stderr}`);
  return false;
}

/** @param {string} folder @param {(words: string) => void} fail */
async function checkQuery(folder, fail) {
  const { status, stderr } = await startTool(folder, ["query", "select count(*) from user_activity"]).ended;
  if (status !== 0) fail(`query ended with ${status}: ${stderr}`);
}

/**
 * The next run succeeds and leaves nothing but the inputs and the database: what was killed once more, or an import
 * of what is there already.
 * @param {ReturnType<typeof makeFolder>} dir @param {{ work: Work, isOld: boolean, isRepeated: boolean }} state @param {{ env: Record<string, string>, fail: (words: string) => void }} how
 */
async function checkNext(dir, { work, isOld, isRepeated }, { env, fail }) {
  const known = ["import", "a.json", "--json"];
  const again =
    work === "first"
      ? [...(isOld ? [commands.first] : []), commands.import]
      : [isOld ? commands[work] : known];
  const next = isRepeated ? again : work === "first" && isOld ? [commands.first] : [known];
  for (const args of next) {
    const { status, stderr } = await startTool(dir.path, args, { env }).ended;
    if (status !== 0) fail(`the next run ended with ${status}: ${stderr}`);
  }
  const left = [...dir.list(), ...readdirSync(dir.file("tmp"))].filter(
    (name) => !["a.json", "b.json", "tenant.duckdb", "tmp"].includes(name),
  );
  if (left.length > 0) fail(`left behind: ${left.join(", ")}`);
}
