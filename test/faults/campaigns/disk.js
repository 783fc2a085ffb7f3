import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { bin, hashOf, makeFolder, runTool, writeUsers } from "../tools.js";

const removeHook = new URL("../hooks/remove.js", import.meta.url).href;
const roomWords = /at least (\d+) bytes are needed and (\d+) are free/;
const limitWords = /the limit on the size of files is reached \(ulimit -f\): at least \d+ bytes are needed/;

/** @typedef {ReturnType<typeof makeFolder>} Folder */
/** @typedef {{ status: number | null, signal: string | null, stdout: string, stderr: string }} Ran */
/** @typedef {{ failures: string[], folder: Folder, refused: number, finished: number }} Field */
/** @typedef {{ what: string, words: RegExp, path: string, isFull?: boolean }} Case */

/**
 * Disks that are full, limited, read-only, gone: exit 5 with the bytes, nothing changed and nothing left.
 * @param {import("../tools.js").Size} size @returns {Promise<import("../tools.js").Result>}
 */
export async function run({ scale }) {
  const folder = makeFolder();
  /** @type {Field} */
  const field = { failures: [], folder, refused: 0, finished: 0 };
  try {
    prepare(folder, scale);
    const count = Math.max(1, Math.round(20 * scale));
    const sweeps = canMount(folder) ? sweepDisks(field, count, scale) : 0;
    const limits = sweepLimits(field, count, scale);
    const places = tryPlaces(field, scale);
    const disks =
      sweeps === 0 ? "no tmpfs may be mounted here: skipped" : `${sweeps} commands on nearly full disks`;
    return {
      figures: `${disks}, ${limits} under a limit on the size of files: ${field.refused} ended with exit 5 and the bytes, ${field.finished} had room enough; ${places} read-only, vanished and full places, devices and closed pipes`,
      failures: field.failures,
    };
  } finally {
    folder.remove();
  }
}

/** All outputs, or one where time is short. @param {number} scale */
function exportOf(scale) {
  return scale < 1 ? ["export", "users"] : ["export"];
}

/** @param {Folder} folder @param {number} scale */
function prepare(folder, scale) {
  const count = scale < 1 ? 4000 : 60_000;
  writeUsers(folder.file("a.json"), { count, mark: "a" });
  writeUsers(folder.file("b.json"), { first: count + 1, count, mark: "b" });
  for (const file of ["a.json", "b.json"]) {
    const { status, stderr } = runTool(folder.path, [
      "import",
      file,
      "--complete",
      "users",
      "--quiet",
      "--json",
      "--db",
      "old.duckdb",
    ]);
    if (status !== 0) throw new Error(stderr);
  }
  mkdirSync(folder.file("disk"));
}

/** @param {Folder} folder @param {string} options */
function mount(folder, options) {
  return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder.file("disk")]).status === 0;
}

/** @param {Folder} folder */
function unmount(folder) {
  spawnSync("umount", [folder.file("disk")]);
}

/** @param {Folder} folder */
function canMount(folder) {
  if (process.platform === "win32" || !mount(folder, "size=64k")) return false;
  unmount(folder);
  return true;
}

/** Sizes from the first to the last, closer together at the small end. @param {number} least @param {number} most @param {number} count */
function spread(least, most, count) {
  return Array.from(
    { length: count },
    (_, index) => Math.round((least + (most - least) * ((index + 0.5) / count) ** 2) / 4096) * 4096,
  );
}

/**
 * Each command that writes, on disks of `count` sizes: from those that hold nothing to those that hold nearly all.
 * @param {Field} field @param {number} count @param {number} scale
 */
function sweepDisks(field, count, scale) {
  const { folder } = field;
  const old = statSync(folder.file("old.duckdb")).size;
  const db = folder.file("disk/tenant.duckdb");
  const onDisk = ["import", "a.json", "--as-of", "2026-12-01", "--db", db, "--json", "--quiet"];
  const formats = scale < 1 ? ["csv"] : ["csv", "json", "ndjson"];
  /** @type {readonly { args: string[], least: number, most: number, hasOld?: boolean, to?: string }[]} */
  const commands = [
    { args: onDisk, least: 4096, most: old * 1.2 },
    { args: onDisk, least: old, most: old * 3, hasOld: true },
    { args: ["forget", "--import", "2", "--db", db, "--json"], least: old, most: old * 3, hasOld: true },
    ...formats.map((format) => ({
      args: [
        ...exportOf(scale),
        "--db",
        "old.duckdb",
        "--out",
        folder.file("disk/out/deep"),
        "--format",
        format,
      ],
      least: 4096,
      most: old / 2,
    })),
    {
      args: [
        "query",
        "from users",
        "--db",
        "old.duckdb",
        "--format",
        "json",
        "--out",
        folder.file("disk/users.json"),
      ],
      least: 4096,
      most: old,
    },
    {
      args: ["query", "from users", "--db", "old.duckdb", "--format", "json"],
      least: 4096,
      most: old,
      to: folder.file("disk/stdout"),
    },
    { args: ["status", "--db", "old.duckdb"], least: 4096, most: 8192, to: folder.file("disk/stdout") },
  ];
  let tried = 0;
  for (const { args, least, most, hasOld = false, to } of commands)
    for (const size of spread(least, most, count)) {
      if (!mount(folder, `size=${size}`)) throw new Error(`no disk of ${size} bytes`);
      try {
        if (hasOld) {
          // The old database may itself be too large for the smallest of them.
          if (size < old + 4096) continue;
          copyFileSync(folder.file("old.duckdb"), db);
        }
        if (to !== undefined) writeFileSync(to, "");
        const ran = to === undefined ? runTool(folder.path, args) : runShell(folder, `> ${to}`, args);
        judge(field, ran, {
          what: `${args.slice(0, 2).join(" ")} on a disk of ${size} bytes`,
          words: roomWords,
          path: folder.file("disk"),
          isFull: true,
        });
        const isRefused = ran.status === 5;
        const left = readdirSync(folder.file("disk")).filter((name) => to === undefined || name !== "stdout");
        const wanted = isRefused ? (hasOld ? ["tenant.duckdb"] : []) : left;
        if (left.join() !== wanted.join())
          field.failures.push(`${args.join(" ")} on ${size} bytes left ${left.join()}`);
        if (isRefused && hasOld && hashOf(db) !== hashOf(folder.file("old.duckdb")))
          field.failures.push(`${args.join(" ")} on ${size} bytes changed the database`);
        if (!isRefused && to !== undefined) compare(field, to, runTool(folder.path, args).stdout);
        tried += 1;
      } finally {
        unmount(folder);
      }
    }
  return tried;
}

/** What was said to be written is there to its last byte. @param {Field} field @param {string} path @param {string} wanted */
function compare({ failures }, path, wanted) {
  const found = readFileSync(path, "utf8");
  if (found !== wanted)
    failures.push(`${path} ended with exit 0 and has ${found.length} of ${wanted.length} characters`);
}

/**
 * @param {Field} field @param {number} count @param {number} scale
 */
function sweepLimits(field, count, scale) {
  const { folder } = field;
  const old = Math.ceil(statSync(folder.file("old.duckdb")).size / 1024);
  copyFileSync(folder.file("old.duckdb"), folder.file("tenant.duckdb"));
  const before = hashOf(folder.file("tenant.duckdb"));
  const names = folder.list();
  const importing = ["import", "a.json", "--as-of", "2026-12-01", "--json", "--quiet"];
  const commands = [
    { args: importing, most: old * 1.6, db: "tenant.duckdb" },
    { args: [...importing, "--db", "first.duckdb"], most: old, db: "first.duckdb" },
    { args: ["forget", "--import", "2", "--json"], most: old * 1.2, db: "tenant.duckdb" },
    { args: [...exportOf(scale), "--out", "out"], most: old / 8 },
    { args: ["query", "from users", "--format", "csv", "--out", "users.csv"], most: old / 2 },
    { args: ["query", "from users", "--format", "csv"], most: old / 2, to: "stdout" },
  ];
  let tried = 0;
  for (const { args, most, db, to } of commands)
    for (const limit of spread(0, most * 4096, count).map((bytes) => Math.floor(bytes / 4096))) {
      const ran = runShell(folder, to === undefined ? "" : `> ${to}`, args, `ulimit -f ${limit}; `);
      judge(field, ran, {
        what: `${args.join(" ")} under ulimit -f ${limit}`,
        words: limitWords,
        path: to === undefined ? (db ?? args.at(args.indexOf("--out") + 1) ?? "") : folder.file(to),
      });
      for (const name of folder.list()) {
        if (names.includes(name)) continue;
        const isMade = ran.status === 0 && [db, "out", "users.csv"].includes(name);
        if (!isMade && name !== to)
          field.failures.push(`${args.join(" ")} under ulimit -f ${limit} left ${name}`);
        if (name === "stdout" && ran.status === 0)
          compare(field, folder.file(name), runTool(folder.path, args).stdout);
        rmSync(folder.file(name), { recursive: true });
      }
      if (ran.status !== 0 && hashOf(folder.file("tenant.duckdb")) !== before)
        field.failures.push(`${args.join(" ")} under ulimit -f ${limit} changed the database`);
      copyFileSync(folder.file("old.duckdb"), folder.file("tenant.duckdb"));
      tried += 1;
    }
  if (scale >= 1 && tried < 6 * count) field.failures.push(`only ${tried} limits were tried`);
  return tried;
}

/** Runs the tool by a shell. @param {Folder} folder @param {string} redirection @param {readonly string[]} args @param {string} [before] @returns {Ran} */
function runShell(folder, redirection, args, before = "") {
  const script = `${before}exec "$0" "$@" ${redirection}`;
  const env = { ...process.env, M365_OFFLINE_DB: "", NO_COLOR: "1" };
  return spawnSync("bash", ["-c", script, process.execPath, bin, ...args], {
    cwd: folder.path,
    encoding: "utf8",
    env,
    maxBuffer: 1 << 28,
  });
}

/** Exit 5 with one plain line that has the path and the bytes, or good. @param {Field} field @param {Ran} ran @param {Case} expected */
function judge(field, { status, signal, stderr }, { what, words, path, isFull = false }) {
  if (status === 0) {
    field.finished += 1;
    return;
  }
  field.refused += 1;
  const [, needed, free] = words.exec(stderr) ?? [];
  const isPlain = stderr.startsWith("m365-offline: ") && stderr.trim().split("\n").length === 1;
  const isRight = words.test(stderr) && (!isFull || Number(needed) > Number(free));
  if (status !== 5 || !isPlain || !isRight || !stderr.includes(path))
    field.failures.push(`${what}: ended with ${status ?? signal}: ${stderr.slice(0, 500)}`);
}

/** Read-only, vanished and full places, devices and closed pipes. @param {Field} field @param {number} scale */
function tryPlaces(field, scale) {
  const exporting = exportOf(scale);
  const { folder, failures } = field;
  let tried = 0;
  /** @param {string} what @param {Ran} ran @param {RegExp} words @param {number} [status] */
  const expectExit = (what, ran, words, status = 5) => {
    tried += 1;
    const isPlain = ran.stderr.trim().split("\n").length === 1 && !/^ {4}at /m.test(ran.stderr);
    if (ran.status !== status || !words.test(ran.stderr) || !isPlain)
      failures.push(`${what}: ended with ${ran.status ?? ran.signal}: ${ran.stderr.slice(0, 500)}`);
  };
  const importing = ["import", "a.json", "--as-of", "2026-12-01", "--json", "--quiet"];
  for (const [name, options] of /** @type {const} */ ([
    ["read-only disk", "size=64m"],
    ["disk without a file more", "size=64m,nr_inodes=2"],
  ])) {
    if (!mount(folder, options)) continue;
    try {
      const db = folder.file("disk/tenant.duckdb");
      copyFileSync(folder.file("old.duckdb"), db);
      if (name === "read-only disk") spawnSync("mount", ["-o", "remount,ro", folder.file("disk")]);
      for (const args of [
        [...importing, "--db", db],
        ["forget", "--import", "2", "--db", db],
        [...exporting, "--db", db, "--out", folder.file("disk/out")],
        ["query", "from users", "--db", db, "--out", folder.file("disk/users.txt")],
      ])
        expectExit(
          `${args[0]} on a ${name}`,
          runTool(folder.path, args),
          name === "read-only disk" ? /read-only|EROFS/ : /no space|no more files/i,
        );
      if (hashOf(db) !== hashOf(folder.file("old.duckdb")))
        failures.push(`the database on a ${name} has changed`);
      if (readdirSync(folder.file("disk")).length !== 1)
        failures.push(`left on a ${name}: ${readdirSync(folder.file("disk")).join()}`);
      if (name !== "read-only disk")
        expectExit(
          "check with a full folder for temporary files",
          runTool(folder.path, ["check", "a.json"], { env: { TMPDIR: folder.file("disk") } }),
          /no more files/,
        );
    } finally {
      unmount(folder);
    }
  }
  expectExit(
    "check without a folder for temporary files",
    runTool(folder.path, ["check", "a.json"], { env: { TMPDIR: folder.file("nowhere") } }),
    /no folder can be made in .*nowhere .*TMPDIR/,
  );
  for (const [at, args] of /** @type {const} */ ([
    ["load", [...importing, "--db", "gone/tenant.duckdb"]],
    ["sync", [...importing, "--db", "gone/tenant.duckdb"]],
    ["sync", [...exporting, "--out", "gone/out", "--db", "old.duckdb"]],
    ["sync", ["query", "from users", "--out", "gone/users.txt", "--db", "old.duckdb"]],
  ])) {
    for (const isFirst of args[0] === "import" ? [true, false] : [true]) {
      mkdirSync(folder.file("gone"), { recursive: true });
      if (!isFirst) copyFileSync(folder.file("old.duckdb"), folder.file("gone/tenant.duckdb"));
      const env = { REMOVE: folder.file("gone"), REMOVE_AT: at };
      const ran = runTool(folder.path, [...args], { node: ["--import", removeHook], env });
      const isRefused = !isFirst && ran.status === 4;
      expectExit(`${args[0]} into a folder that goes at ${at}`, ran, /gone/, isRefused ? 4 : 5);
      rmSync(folder.file("gone"), { recursive: true, force: true });
    }
  }
  tried += tryOutputs(field, expectExit);
  return tried;
}

/** @param {Field} field @param {(what: string, ran: Ran, words: RegExp, status?: number) => void} expectExit */
function tryOutputs({ folder, failures }, expectExit) {
  copyFileSync(folder.file("old.duckdb"), folder.file("tenant.duckdb"));
  const names = folder.list();
  const commands = [
    ["status"],
    ["query", "from users"],
    ["query", "from users", "--format", "csv"],
    ["export", "users", "--out", "out", "--replace"],
    ["status", "--json"],
    ["check", "a.json"],
    ["schemas"],
    ["rejects", "list"],
    ["import", "b.json"],
  ];
  const hasFull = existsSync("/dev/full");
  let piped = 0;
  for (const args of commands) {
    if (hasFull)
      expectExit(
        `${args.join(" ")} > /dev/full`,
        runShell(folder, "> /dev/full", args),
        /^m365-offline: cannot write \/dev\/full: the disk is full: at least \d+ bytes are needed and 0 are free/m,
      );
    const script = 'set -o pipefail; "$0" "$@" | true';
    const ran = spawnSync("bash", ["-c", script, process.execPath, bin, ...args], {
      cwd: folder.path,
      encoding: "utf8",
      env: { ...process.env, M365_OFFLINE_DB: "", NO_COLOR: "1" },
    });
    piped += 1;
    if (ran.status !== 0 || /m365-offline:|EPIPE/.test(ran.stderr))
      failures.push(`${args.join(" ")} | true ended with ${ran.status}: ${ran.stderr}`);
    rmSync(folder.file("out"), { recursive: true, force: true });
  }
  if (hasFull) {
    expectExit(
      "query --out /dev/full",
      runTool(folder.path, ["query", "from users", "--out", "/dev/full"]),
      /cannot write \/dev\/full: the disk is full: at least \d+ bytes are needed and 0 are free/,
    );
    if (!statSync("/dev/full").isCharacterDevice() || existsSync("/dev/full.partial"))
      failures.push("/dev/full is no device any more");
    expectExit(
      "export --out /dev/full",
      runTool(folder.path, ["export", "--out", "/dev/full"]),
      /\/dev\/full/,
    );
    const silent = runShell(folder, "2> /dev/full", ["nonsense"]);
    if (silent.status !== 2) failures.push(`words that cannot be written ended with ${silent.status}`);
  }
  if (folder.list().join() !== names.join()) failures.push(`left ${folder.list().join()}`);
  return piped;
}
