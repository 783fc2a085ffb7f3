import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { bin, createRandom, makeFolder, runTool, startTool, writeUsers } from "../tools.js";
import { sweepCanaries } from "../canaries.js";

/** @typedef {ReturnType<typeof makeFolder>} Folder */

const upn = "user7@contoso.example";

/** @type {import("../tools.js").Campaign["run"]} */
export async function run({ scale, seed }) {
  /** @type {string[]} */
  const failures = [];
  /** @template Result @param {(folder: Folder) => Result | Promise<Result>} work */
  const inFolder = async (work) => {
    const folder = makeFolder();
    try {
      return await work(folder);
    } finally {
      folder.remove();
    }
  };
  const modes =
    process.platform === "win32" ? 0 : await inFolder((folder) => tryUmasks(folder, scale, failures));
  await inFolder((folder) => tryStrangers(folder, failures));
  const kills = await inFolder((folder) => tryKills(folder, { scale, seed, failures }));
  const canaries = await inFolder((folder) => sweepCanaries(folder, scale, failures));
  return {
    figures: `${modes} files and folders under umasks, ${kills.kills} kills (${kills.left} left something, ${kills.spilled} had spilled), ${canaries} canaries in damaged files`,
    failures,
  };
}

/** Everything that the tool makes is for its owner alone, also while it is being made. @param {Folder} folder @param {number} scale @param {string[]} failures */
async function tryUmasks(folder, scale, failures) {
  writeUsers(folder.file("users.json"), { count: scale === 1 ? 60_000 : 6000 });
  let seen = 0;
  for (const umask of scale === 1 ? ["000", "022", "077", "277", "777"] : ["000"]) {
    const place = folder.file(umask);
    mkdirSync(place, { mode: 0o755 });
    mkdirSync(join(place, "there"), { mode: 0o755 });
    chmodSync(place, 0o755);
    chmodSync(join(place, "there"), 0o755);
    /** @param {readonly string[]} args */
    const command = (args) => ["-c", `umask ${umask}; exec "$0" "$@"`, process.execPath, bin, ...args];
    const before = folder.file("users.json");
    const watched = await watch(place, command(["import", before, "--db", "tenant.duckdb", "--quiet"]));
    // A database that others may read today, as after a copy by hand.
    chmodSync(join(place, "tenant.duckdb"), 0o644);
    const again = ["import", before, "--as-of", "2026-12-01", "--db", "tenant.duckdb", "--quiet"];
    watched.push(...(await watch(place, command(again))));
    for (const args of [
      ["query", "from users", "--db", "tenant.duckdb", "--format", "csv", "--out", "rows.csv"],
      ["export", ...(scale === 1 ? [] : ["users"]), "--db", "tenant.duckdb", "--out", "made/deep"],
      ["export", "users", "--db", "tenant.duckdb", "--out", "there"],
    ]) {
      const { status, stderr } = spawnSync("sh", command(args), { cwd: place, encoding: "utf8" });
      if (status !== 0) failures.push(`umask ${umask}: ${args[0]} ended with ${status}: ${stderr}`);
    }
    watched.push(...look(place));
    seen += new Set(watched.map(({ path }) => path)).size;
    for (const { path, mode, isFolder } of watched)
      // What lies in a private folder nobody else can open.
      if (
        path !== "there" &&
        !path.startsWith("tenant.duckdb.importing.copy/") &&
        mode !== (isFolder ? 0o700 : 0o600)
      )
        failures.push(`umask ${umask}: ${path} has mode ${mode.toString(8)}`);
    for (const due of [
      "tenant.duckdb",
      "tenant.duckdb.importing",
      "rows.csv",
      "made/deep/manifest.json",
      "there/users.csv",
    ])
      if (!watched.some(({ path }) => path === due)) failures.push(`umask ${umask}: ${due} was never seen`);
    if ((lstatSync(join(place, "there")).mode & 0o777) !== 0o755)
      failures.push("a folder that was there has another mode");
  }
  return seen;
}

/** What stands in a folder while a command runs. @param {string} place @param {readonly string[]} command */
async function watch(place, command) {
  const child = spawn("sh", command, { cwd: place, stdio: "ignore" });
  /** @type {ReturnType<typeof look>} */
  const seen = [];
  while (child.exitCode === null && child.signalCode === null) {
    // What was to others before is not ours to judge until it is replaced.
    seen.push(...look(place).filter(({ path, mode }) => path !== "tenant.duckdb" || mode !== 0o644));
    await sleep(3);
  }
  return seen;
}

/** @param {string} place */
function look(place) {
  return readdirSync(place, { recursive: true }).flatMap((name) => {
    const stats = lstatSync(join(place, String(name)), { throwIfNoEntry: false });
    if (stats === undefined) return [];
    return [{ path: String(name), mode: stats.mode & 0o777, isFolder: stats.isDirectory() }];
  });
}

/** What only looks like a leftover stays; what is one goes. @param {Folder} folder @param {string[]} failures */
async function tryStrangers(folder, failures) {
  const temp = folder.file("temp");
  for (const name of ["temp", "precious"]) mkdirSync(folder.file(name));
  const lock = fileURLToPath(new URL("../../../dist/template.duckdb", import.meta.url));
  copyFileSync(lock, join(folder.file("precious"), "lock"));
  writeUsers(folder.file("users.json"), { count: 50_000 });
  writeUsers(folder.file("few.json"), { count: 10 });
  /** @param {string} name */
  const at = (name) => join(temp, `m365-offline-scratch-${name}`);
  symlinkSync(folder.file("precious"), at("link"));
  for (const name of ["young", "dead", "strange"]) mkdirSync(at(name), { mode: 0o700 });
  for (const name of ["dead", "strange"]) copyFileSync(lock, join(at(name), "lock"));
  writeFileSync(join(at("dead"), "spilled"), upn);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(at("strange"), 12_345, 12_345);
  writeFileSync(join(temp, "m365-offline-scratch-file"), "");
  const env = { TMPDIR: temp, TEMP: temp, TMP: temp };
  const living = startTool(folder.path, ["check", "users.json"], { env });
  const mine = await until(() => readdirSync(temp).find((name) => /-scratch-\d+-\w{6}$/.test(name)));
  const { status } = runTool(folder.path, ["check", "few.json"], { env });
  const stays = readdirSync(temp);
  const answer = await living.ended;
  if (status !== 0 || answer.status !== 0)
    failures.push(`two checks at once: ${status} and ${answer.status}: ${answer.stderr}`);
  if (mine === undefined) failures.push("check made no folder for what does not fit into memory");
  for (const name of ["link", "young", "file", ...(isRoot ? ["strange"] : [])])
    if (!stays.includes(`m365-offline-scratch-${name}`))
      failures.push(`the ${name} was taken for a leftover`);
  if (stays.includes("m365-offline-scratch-dead")) failures.push("the folder of a dead process stayed");
  if (!existsSync(join(folder.file("precious"), "lock"))) failures.push("a link was followed");
  if (mine !== undefined && readdirSync(temp).includes(mine)) failures.push("check left its folder");
}

/** @template Value @param {() => Value | undefined} find @returns {Promise<Value | undefined>} */
async function until(find) {
  for (let tries = 0; tries < 3000; tries += 1) {
    const found = find();
    if (found !== undefined) return found;
    await sleep(5);
  }
  return undefined;
}

/** Gives the engine so little memory that it must spill. */
function scarceMemory() {
  const engine = import.meta.resolve("@duckdb/node-api");
  const body = `import { DuckDBInstance } from ${JSON.stringify(engine)};
const create = DuckDBInstance.create;
DuckDBInstance.create = (path, config) => create.call(DuckDBInstance, path, config?.memory_limit === undefined ? config : { ...config, memory_limit: "40MB" });`;
  return `data:text/javascript,${encodeURIComponent(body)}`;
}

/** @param {Folder} folder @param {{ scale: number, seed: number, failures: string[] }} options */
async function tryKills(folder, { scale, seed, failures }) {
  const random = createRandom(seed);
  const temp = folder.file("temp");
  mkdirSync(temp);
  const env = { TMPDIR: temp, TEMP: temp, TMP: temp };
  writeUsers(folder.file("some.json"), { count: 100 });
  writeUsers(folder.file("many.json"), { count: scale === 1 ? 150_000 : 20_000, mark: "x".repeat(400) });
  runTool(folder.path, ["import", "some.json", "--quiet"], { env });
  const node = ["--import", scarceMemory()];
  const counts = { kills: 0, left: 0, spilled: 0 };
  const jobs = [
    { args: ["check", "many.json"], next: ["query", "select 1"] },
    { args: ["import", "many.json", "--as-of", "2026-12-01"], next: ["import", "some.json", "--quiet"] },
  ];
  for (let round = 0; round < (scale === 1 ? 20 : 1); round += 1)
    for (const { args, next } of scale === 1 ? jobs : jobs.slice(0, 1)) {
      const started = startTool(folder.path, args, { env, node });
      // From the moment on at which there is something to leave, at a random one.
      await until(() => remains(folder)[0] ?? (started.child.exitCode === null ? undefined : "ended"));
      await sleep(random() * (scale === 1 ? 3000 : 600));
      started.child.kill("SIGKILL");
      await started.ended;
      counts.kills += 1;
      const left = remains(folder);
      if (left.length > 0) counts.left += 1;
      if (left.some((path) => path.includes("duckdb_temp_storage"))) counts.spilled += 1;
      const { status, stderr } = runTool(folder.path, next, { env });
      if (status !== 0)
        failures.push(`${next[0]} after a kill of ${args[0]} ended with ${status}: ${stderr}`);
      const stays = remains(folder);
      if (stays.length > 0) failures.push(`after a kill of ${args[0]} there stays ${stays.join(", ")}`);
      const found = search(folder.path, ["some.json", "many.json", "tenant.duckdb"]);
      if (found.length > 0) failures.push(`the name of a user is in ${found.join(", ")}`);
    }
  if (counts.left === 0) failures.push("no kill left anything: nothing was tried");
  return counts;
}

/** What a killed process left. @param {Folder} folder */
function remains(folder) {
  const known = new Set(["some.json", "many.json", "tenant.duckdb", "temp"]);
  return readdirSync(folder.path, { recursive: true })
    .map(String)
    .filter((path) => !known.has(path));
}

/** The files below a folder that hold the name of a user. @param {string} folder @param {readonly string[]} but */
function search(folder, but) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !but.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(upn));
}
