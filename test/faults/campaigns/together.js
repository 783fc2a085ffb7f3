import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRandom, hashOf, makeFolder, runTool, startTool, writeUsers } from "../tools.js";

const hook = (/** @type {string} */ name) => new URL(`../hooks/${name}.js`, import.meta.url).href;
const writer = fileURLToPath(new URL("../write-notes.js", import.meta.url));
const look = fileURLToPath(new URL("../look.js", import.meta.url));
const usersOfFile = 2000;

/** @typedef {import("../tools.js").Ran} Ran */
/** @typedef {ReturnType<typeof makeFolder>} Folder */
/** @typedef {{ failures: string[], folder: Folder, system?: System }} Field */
/** @typedef {{ name: string, env: Record<string, string> }} System */

/** Held files as this system tells of them, and as Windows does, in two languages; children run under it, too. @type {readonly System[]} */
const systems = [
  { name: "here", env: {} },
  { name: "Windows", env: { NODE_OPTIONS: `--import=${hook("winwords")}` } },
  { name: "Windows in German", env: { NODE_OPTIONS: `--import=${hook("winwords")}`, WORDS: "de" } },
];
/** What each of them says of a process that holds the database. */
const refusedBy =
  /another import is running on it \(process (\d+)\)|is open elsewhere by process (\d+) |is held by process (\d+),/;

/**
 * Imports, readers and programs of others at the same time: nothing lost, nothing mixed, each told who holds it.
 * @param {import("../tools.js").Size} size @returns {Promise<import("../tools.js").Result>}
 */
export async function run({ scale, seed }) {
  /** @type {string[]} */
  const failures = [];
  const random = createRandom(seed);
  const rounds = Math.max(1, Math.round(10 * scale));
  const imports = scale < 1 ? 4 : 20;
  const field = () => ({ failures, folder: makeFolder() });
  const crowd = { won: 0, refused: 0, read: 0, longest: 0 };
  const others = { committed: 0, refused: 0, imports: 0 };
  let holders = 0;
  for (const system of systems) {
    for (let round = 0; round < rounds; round += 1)
      await runCrowd({ ...field(), system, random, imports, crowd, round });
    // The short version takes each of these on one of the two Windows.
    const isGerman = system.env["WORDS"] === "de";
    const turns = scale < 1 && isGerman ? 0 : rounds;
    for (let round = 0; round < turns; round += 1)
      await runOthers({ ...field(), system, random, others, count: scale < 1 ? 2 : 6 });
    if (scale >= 1 || isGerman) holders += await runHolders({ ...field(), system });
  }
  const isShort = scale < 1;
  const places = runPlaces(field(), isShort);
  const windows = runWindows(field(), isShort);
  const touched = runWatched(field(), isShort);
  const alone = await timeRefusal(field());
  return {
    figures: `${rounds} rounds of ${imports} imports at once: ${crowd.won} imported, ${crowd.refused} refused with the holder in at most ${crowd.longest} ms of their own work (one by itself, start included: ${alone} ms), ${crowd.read} readers beside them; ${others.committed} commits of other programs beside ${others.imports} imports kept, ${others.refused} refused; ${holders} commands beside a program that has the database open; all this as here and as on Windows in two languages; ${places} places of the swap, ${windows} ways of Windows, ${touched} commands watched for bytes of open files`,
    failures,
  };
}

/** How many rows each file has in the database. @param {Folder} folder @returns {Map<string, number>} */
function countMarks(folder) {
  const sql = "select department as mark, count(*) as rows from raw.users group by all";
  const { stdout, stderr } = runTool(folder.path, ["query", sql, "--format", "json"]);
  if (stdout === "") throw new Error(stderr);
  /** @type {{ mark: string, rows: number }[]} */
  const rows = JSON.parse(stdout);
  return new Map(rows.map(({ mark, rows: count }) => [mark, count]));
}

/**
 * @param {Field & { random: () => number, imports: number, round: number, crowd: { won: number, refused: number, read: number, longest: number } }} field
 */
async function runCrowd({ failures, folder, system = systems[0], random, imports, crowd, round }) {
  try {
    writeUsers(folder.file("base.json"), { count: usersOfFile, mark: "base" });
    const options = {
      node: ["--import", hook("clock")],
      env: { CLOCK_LOG: folder.file("clock"), ...system?.env },
    };
    // Every other round begins without a database: the first ones race to make it.
    if (round % 2 === 0)
      runTool(folder.path, ["import", "base.json", "--complete", "users", "--quiet", "--no-progress"]);
    const running = Array.from({ length: imports }, async (_, index) => {
      const file = `file${index}.json`;
      const first = (index + 1) * usersOfFile + 1;
      writeUsers(folder.file(file), { first, count: usersOfFile, mark: file });
      await setTimeout(Math.floor(random() * 1500));
      const { child, ended } = startTool(
        folder.path,
        ["import", file, "--complete", "users", "--quiet", "--json"],
        options,
      );
      return { file, pid: child.pid, ...(await ended) };
    });
    /** @type {Set<string>} */
    const pids = new Set();
    const play = { isOver: false };
    const readers = Array.from({ length: 3 }, async (_, index) => {
      while (!play.isOver) {
        if (!existsSync(folder.file("tenant.duckdb"))) {
          await setTimeout(50);
          continue;
        }
        const sql = "select department as mark, count(*) as rows from raw.users group by all";
        const args = [
          ["query", sql, "--format", "json"],
          ["status", "--json"],
          ["export", "users", "--out", `out${index}`, "--replace"],
        ][index];
        const { child, ended: end } = startTool(folder.path, args ?? [], { env: system?.env ?? {} });
        pids.add(String(child.pid));
        const ran = await end;
        crowd.read += 1;
        if (ran.status !== 0) failures.push(`a reader ended with ${ran.status}: ${ran.stderr}`);
        else if (index === 0)
          for (const { mark, rows } of JSON.parse(ran.stdout))
            if (rows !== usersOfFile) failures.push(`a reader saw ${rows} rows of ${mark}`);
      }
    });
    const ended = await Promise.all(running);
    play.isOver = true;
    await Promise.all(readers);
    for (const { pid } of ended) pids.add(String(pid));
    for (const { file, status, stderr } of ended) {
      const holder = refusedBy.exec(stderr)?.slice(1).find(Boolean);
      if (status === 0) crowd.won += 1;
      else if (status === 4 && pids.has(holder ?? "")) crowd.refused += 1;
      else failures.push(`${system?.name}: the import of ${file} ended with ${status}: ${stderr}`);
    }
    const times = readClock(folder);
    for (const { pid, status } of ended)
      if (status === 4) crowd.longest = Math.max(crowd.longest, times.get(String(pid)) ?? Infinity);
    const marks = countMarks(folder);
    const wanted = ended.filter(({ status }) => status === 0).map(({ file }) => file);
    if (round % 2 === 0) wanted.push("base");
    if ([...marks.keys()].toSorted().join() !== wanted.toSorted().join())
      failures.push(`imported were ${wanted.join()}, there is ${[...marks.keys()].join()}`);
    for (const [mark, rows] of marks) if (rows !== usersOfFile) failures.push(`${rows} rows of ${mark}`);
    const left = folder.list().filter((name) => name.startsWith("tenant.duckdb"));
    if (left.join() !== "tenant.duckdb") failures.push(`left beside the database: ${left.join()}`);
  } finally {
    folder.remove();
  }
}

/** The time of each process from its first look for the database to its end. @param {Folder} folder */
function readClock(folder) {
  if (!existsSync(folder.file("clock"))) return new Map();
  const lines = readFileSync(folder.file("clock"), "utf8").trim().split("\n");
  return new Map(
    lines.map((line) => /** @type {[string, number]} */ ([line.split(" ")[0], Number(line.split(" ")[1])])),
  );
}

/** One import that is refused while nothing else has work. @param {Field} field */
async function timeRefusal({ folder, failures }) {
  try {
    writeUsers(folder.file("a.json"), { count: 1 });
    runTool(folder.path, ["import", "a.json", "--complete", "users", "--quiet"]);
    const wait =
      "fs.writeFileSync(process.argv[1], ''); while (!fs.existsSync(process.argv[2])) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)";
    const program = [process.execPath, "-e", wait, folder.file("paused"), folder.file("go")];
    const env = { PAUSE_AT: "before", PAUSE_RUN: JSON.stringify(program) };
    writeUsers(folder.file("b.json"), { first: 2, count: 1 });
    const first = startTool(folder.path, ["import", "b.json", "--complete", "users", "--quiet"], {
      node: ["--import", hook("pause")],
      env,
    });
    while (!existsSync(folder.file("paused"))) await setTimeout(10);
    const started = Date.now();
    const second = runTool(folder.path, [
      "import",
      "a.json",
      "--complete",
      "users",
      "--quiet",
      "--as-of",
      "2026-12-01",
    ]);
    const time = Date.now() - started;
    writeFileSync(folder.file("go"), "");
    if (second.status !== 4 || !second.stderr.includes(`(process ${first.child.pid})`))
      failures.push(`the second import ended with ${second.status}: ${second.stderr}`);
    const { status } = await first.ended;
    if (status !== 0) failures.push(`the first import ended with ${status}`);
    return time;
  } finally {
    folder.remove();
  }
}

/** What other programs have written and were told is kept; the file may be none of ours. @param {Folder} folder @returns {number[]} */
function readNotes(folder) {
  const sql = "select number from my_notes order by 1";
  const args = [look, folder.file("tenant.duckdb"), sql];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return stdout === ""
    ? []
    : JSON.parse(stdout).map((/** @type {{ number: string }} */ row) => Number(row.number));
}

/**
 * Programs that open the database for writing at random moments of imports; some die with their commit in the log.
 * @param {Field & { random: () => number, count: number, others: { committed: number, refused: number, imports: number } }} field
 */
async function runOthers({ failures, folder, system = systems[0], random, others, count }) {
  try {
    writeUsers(folder.file("base.json"), { count: usersOfFile, mark: "base" });
    runTool(folder.path, ["import", "base.json", "--complete", "users", "--quiet"]);
    /** @type {number[]} */
    const committed = [];
    const play = { isOver: false };
    const programs = Array.from({ length: 2 }, async (_, index) => {
      for (let turn = 1; !play.isOver; turn += 1) {
        await setTimeout(Math.floor(random() * 300));
        const number = turn * 10 + index;
        const how = random() < 0.3 ? "kill" : "close";
        const child = spawn(process.execPath, [writer, folder.file("tenant.duckdb"), String(number), how]);
        let said = "";
        child.stdout.on("data", (data) => (said += String(data)));
        await new Promise((resolve) => child.on("close", resolve));
        if (said.startsWith(String(number))) committed.push(number);
        else if (/lock on file/.test(said)) others.refused += 1;
        else failures.push(`another program could not open the database: ${said}`);
      }
    });
    const wanted = ["base"];
    for (let index = 0; index < count; index += 1) {
      const file = `file${index}.json`;
      writeUsers(folder.file(file), { first: (index + 1) * usersOfFile + 1, count: usersOfFile, mark: file });
      const args = ["import", file, "--complete", "users", "--quiet", "--json"];
      const { status, stderr } = await startTool(folder.path, args, { env: system?.env ?? {} }).ended;
      others.imports += 1;
      if (status === 0) wanted.push(file);
      else if (
        status !== 4 ||
        !/open elsewhere by process|held by process|holds changes|by another program/.test(stderr)
      )
        failures.push(`${system?.name}: an import beside other programs ended with ${status}: ${stderr}`);
    }
    play.isOver = true;
    await Promise.all(programs);
    others.committed += committed.length;
    // The log of the last one that died is taken in by a program like it.
    spawnSync(process.execPath, [writer, folder.file("tenant.duckdb"), "999999"]);
    committed.push(999_999);
    runTool(folder.path, ["import", "base.json", "--complete", "users", "--quiet", "--as-of", "2026-12-01"]);
    const notes = readNotes(folder);
    if (notes.join() !== committed.toSorted((left, right) => left - right).join())
      failures.push(`committed were ${committed.join()}, there is ${notes.join()}`);
    for (const [mark, rows] of countMarks(folder)) {
      if (!wanted.includes(mark)) failures.push(`${mark} is there, its import was refused`);
      if (rows !== usersOfFile && mark !== "base") failures.push(`${rows} rows of ${mark}`);
    }
  } finally {
    folder.remove();
  }
}

/**
 * Every command beside a program that has the database open and has committed what stands in its log alone: none says
 * that anything is damaged or may be removed, each names the program.
 * @param {Field} field
 */
async function runHolders({ failures, folder, system }) {
  const commands = [
    ["query", "from users"],
    ["status"],
    ["export", "--out", "out"],
    ["explain", "user1@contoso.example"],
    ["diff", "users", "--from", "2026-11-02"],
    ["rejects", "list"],
    ["rejects", "retry", "base.json"],
    ["forget", "--import", "1"],
    ["import", "base.json", "--as-of", "2026-12-01"],
    ["import", "base.json", "--as-of", "2026-12-01", "--dry-run"],
  ];
  try {
    writeUsers(folder.file("base.json"), { count: 2, mark: "base" });
    runTool(folder.path, ["import", "base.json", "--complete", "users", "--quiet"]);
    const holder = spawn(process.execPath, [writer, folder.file("tenant.duckdb"), "1", "keep"]);
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    const before = folder.list().join();
    const ended = new Promise((resolve) => holder.once("close", resolve));
    for (const command of commands) {
      const { status, stdout, stderr } = await startTool(folder.path, command, { env: system?.env ?? {} })
        .ended;
      const isNamed = stderr.includes(`is open elsewhere by process ${holder.pid} (`);
      if (status !== 4 || !isNamed || stdout !== "" || stderr.split("\n").length > 2)
        failures.push(
          `${system?.name}: ${command.join(" ")} beside a writer ended with ${status}: ${stderr}`,
        );
    }
    if (folder.list().join() !== before) failures.push(`${system?.name}: left ${folder.list().join()}`);
    holder.kill("SIGKILL");
    await ended;
    for (const command of commands) {
      const { status, stderr } = await startTool(folder.path, command, { env: system?.env ?? {} }).ended;
      if (status !== 4 || !/tenant\.duckdb\.wal holds changes .* Open .* once with the program/.test(stderr))
        failures.push(`${system?.name}: ${command.join(" ")} beside a log ended with ${status}: ${stderr}`);
    }
    return 2 * commands.length;
  } finally {
    folder.remove();
  }
}

/** Another program at each place of the swap, and where there was no database. @param {Field} field @param {boolean} isShort */
function runPlaces({ failures, folder }, isShort) {
  const db = folder.file("tenant.duckdb");
  const notes = (/** @type {string} */ how) => [process.execPath, writer, db, "7", how];
  const node = (/** @type {string} */ script) => [process.execPath, "-e", script, db];
  const replaced = node(
    "fs.copyFileSync(process.argv[1] + '.other', process.argv[1] + '.new'); fs.renameSync(process.argv[1] + '.new', process.argv[1])",
  );
  /** @type {readonly { at: string, run: string[], isFirst?: boolean, status: number, notes: number[], env?: Record<string, string> }[]} */
  const all = [
    { at: "before", run: notes("close"), status: 0, notes: [] },
    { at: "after", run: notes("close"), status: 0, notes: [7] },
    { at: "after", run: notes("kill"), status: 0, notes: [7] },
    { at: "held", run: notes("close"), status: 0, notes: [7] },
    { at: "held", run: notes("kill"), status: 4, notes: [7] },
    { at: "before", run: notes("close"), isFirst: true, status: 4, notes: [7] },
    { at: "before", run: notes("kill"), isFirst: true, status: 4, notes: [7] },
    { at: "sync", run: replaced, status: 4, notes: [] },
    { at: "sync", run: node("fs.unlinkSync(process.argv[1])"), status: 4, notes: [] },
  ];
  const cases = isShort ? [1, 4, 5, 7].flatMap((index) => all[index] ?? []) : all;
  try {
    writeUsers(folder.file("a.json"), { count: 1, mark: "a" });
    writeUsers(folder.file("b.json"), { first: 2, count: 1, mark: "b" });
    runTool(folder.path, [
      "import",
      "a.json",
      "--complete",
      "users",
      "--quiet",
      "--db",
      "tenant.duckdb.other",
    ]);
    for (const { at, run: program, isFirst = false, status, notes: wanted } of cases) {
      if (!isFirst) copyFileSync(`${db}.other`, db);
      const env = { PAUSE_AT: at, PAUSE_RUN: JSON.stringify(program) };
      const what = `${program.slice(1).join(" ")} ${at} the swap${isFirst ? " of a first import" : ""}`;
      const ran = runTool(folder.path, ["import", "b.json", "--complete", "users", "--json"], {
        node: ["--import", hook("pause")],
        env,
      });
      if (ran.status !== status) failures.push(`${what}: exit ${ran.status}, not ${status}: ${ran.stderr}`);
      if (status === 4 && !/by another program|holds changes/.test(ran.stderr))
        failures.push(`${what}: ${ran.stderr}`);
      const left = folder.list().filter((name) => name.includes("importing"));
      if (left.length > 0) failures.push(`${what}: left ${left.join()}`);
      if (!existsSync(db)) {
        if (!program[2]?.includes("unlink")) failures.push(`${what}: no database is there`);
        continue;
      }
      // Opening it for writing takes the log in.
      spawnSync(process.execPath, [writer, db, "8"]);
      const found = readNotes(folder).filter((number) => number !== 8);
      if (found.join() !== wanted.join())
        failures.push(`${what}: notes ${found.join()}, not ${wanted.join()}`);
      if (status === 0 && !countMarks(folder).has("b")) failures.push(`${what}: the import is not there`);
      for (const name of folder.list())
        if (name.startsWith("tenant.duckdb") && !name.endsWith(".other")) rmSync(folder.file(name));
    }
    return cases.length;
  } finally {
    folder.remove();
  }
}

/** What Windows alone refuses. @param {Field} field @param {boolean} isShort */
function runWindows({ failures, folder }, isShort) {
  const db = folder.file("tenant.duckdb");
  const held = /is held by another program .* The database is as it was: close that program and try again\./;
  /** @type {readonly { env: Record<string, string>, status: number, words?: RegExp, isFirst?: boolean, notes?: number[] }[]} */
  const all = [
    { env: {}, status: 0 },
    { env: { WINDOWS_FOLDERS: "EISDIR" }, status: 0 },
    { env: { WINDOWS_REFUSALS: "3 EPERM" }, status: 0 },
    { env: { WINDOWS_REFUSALS: "19 EBUSY" }, status: 0 },
    { env: { WINDOWS_REFUSALS: "999 EPERM" }, status: 4, words: held },
    { env: { WINDOWS_REFUSALS: "999 EBUSY" }, status: 4, words: held },
    { env: { WINDOWS_REFUSALS: "999 EACCES" }, status: 4, words: held },
    {
      env: { WINDOWS_REFUSALS: "999 ENOSPC" },
      status: 5,
      words: /at least \d+ bytes are needed and \d+ are free/,
    },
    {
      env: { WINDOWS_REFUSALS: "3 EBUSY", WINDOWS_WRITER: writer },
      status: 4,
      words: /was changed by another program/,
      notes: [1],
    },
    { env: {}, status: 0, isFirst: true },
    { env: { WINDOWS_LINKS: "no", WINDOWS_REFUSALS: "3 EBUSY" }, status: 0, isFirst: true },
    {
      env: { WINDOWS_LINKS: "no", WINDOWS_REFUSALS: "3 EBUSY", WINDOWS_WRITER: writer },
      status: 4,
      isFirst: true,
      words: /was made by another program/,
      notes: [1],
    },
  ];
  const cases = isShort ? [2, 5, 8].flatMap((index) => all[index] ?? []) : all;
  try {
    writeUsers(folder.file("a.json"), { count: 1, mark: "a" });
    writeUsers(folder.file("b.json"), { first: 2, count: 1, mark: "b" });
    runTool(folder.path, ["import", "a.json", "--complete", "users", "--quiet", "--db", "other.duckdb"]);
    for (const { env, status, words = /^$/, isFirst = false, notes = [] } of cases) {
      if (!isFirst) copyFileSync(folder.file("other.duckdb"), db);
      const before = isFirst ? undefined : hashOf(db);
      const what = `as on Windows, ${JSON.stringify(env)}${isFirst ? ", a first import" : ""}`;
      const options = { node: ["--import", hook("windows")], env };
      const { status: ended, stderr } = runTool(
        folder.path,
        ["import", "b.json", "--complete", "users", "--json", "--quiet"],
        options,
      );
      if (ended !== status || !words.test(stderr))
        failures.push(`${what}: exit ${ended}, not ${status}: ${stderr}`);
      if (status !== 0 && notes.length === 0 && hashOf(db) !== before)
        failures.push(`${what}: the database has changed`);
      if (status === 0 && !countMarks(folder).has("b")) failures.push(`${what}: the import is not there`);
      if (readNotes(folder).join() !== notes.join())
        failures.push(`${what}: what another program wrote is gone`);
      if (folder.list().some((name) => name.includes("importing")))
        failures.push(`${what}: left ${folder.list().join()}`);
      rmSync(db);
    }
    return cases.length;
  } finally {
    folder.remove();
  }
}

/** No command reads, writes or opens again a file that the engine has open in the same process. @param {Field} field @param {boolean} isShort */
function runWatched({ failures, folder }, isShort) {
  const all = [
    ["import", "a.json", "--complete", "users", "--quiet"],
    ["import", "b.json", "--complete", "users", "--quiet", "--as-of", "2026-12-01"],
    ["import", "b.json", "--complete", "users", "--dry-run", "--quiet", "--as-of", "2026-12-02"],
    ["check", "a.json"],
    ["status"],
    ["query", "from users"],
    ["query", "from users", "--format", "csv", "--out", "users.csv"],
    ["export", "--out", "out"],
    ["explain", "user2@contoso.example"],
    ["diff", "users", "--from", "2026-11-02"],
    ["rejects", "list"],
    ["rejects", "retry", "a.json"],
    ["forget", "--import", "2"],
  ];
  const commands = isShort ? [0, 1, 5, 12].flatMap((index) => [all[index] ?? []]) : all;
  try {
    writeUsers(folder.file("a.json"), { count: 2, mark: "a" });
    writeUsers(folder.file("b.json"), { first: 2, count: 2, mark: "b" });
    const options = { node: ["--import", hook("bytes")], env: { BYTES_LOG: folder.file("watched") } };
    for (const command of commands) {
      const { status, stderr } = runTool(folder.path, command, options);
      if (![0, 1].includes(status ?? -1) || stderr.includes("TOUCHED"))
        failures.push(`${command.join(" ")} ended with ${status}: ${stderr}`);
    }
    const watched = readFileSync(folder.file("watched"), "utf8").trim().split("\n").length;
    if (watched !== commands.length)
      failures.push(`only ${watched} of ${commands.length} commands were watched`);
    return watched;
  } finally {
    folder.remove();
  }
}
