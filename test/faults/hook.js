// Loaded into the real binary with `node --import`: when the process reaches the stage that FAULT names, it dies or
// gets a signal there. FAULT is {stage, nth?, after?, act, mark}; the product knows nothing of it.
import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/**
 * `stage` is passed for the `nth` time; `after` so many ms `act` is done: a signal to this process, to its group, or
 * to the child that it has started. `mark` is the file that gets the time of that; `trace` gets all stages.
 * @typedef {{ stage: string, nth?: number, after?: number, act: { to: "process" | "group" | "child", signal: NodeJS.Signals }, mark: string, trace?: string }} Fault
 */

const fault = /** @type {Fault} */ (JSON.parse(process.env["FAULT"] ?? "{}"));
/** @type {childProcess.ChildProcess | undefined} */
let child;
let passed = 0;

/** @param {string} stage */
function reach(stage) {
  if (fault.trace) fs.appendFileSync(fault.trace, `${stage}\n`);
  if (stage !== fault.stage || (passed += 1) !== (fault.nth ?? 1)) return;
  if (fault.after === undefined) act();
  else setTimeout(act, fault.after);
}

function act() {
  const { to, signal } = fault.act;
  fs.writeFileSync(fault.mark, String(Date.now()));
  if (to === "child") child?.kill(signal);
  else process.kill(to === "group" ? -process.pid : process.pid, signal);
}

/**
 * Calls `reach` with the two names before and after each call that `match` gives a pair for.
 * @param {any} holder @param {string} name @param {(args: any[], self: any) => readonly [string, string] | undefined} match
 */
function watch(holder, name, match) {
  const original = holder[name];
  holder[name] = function watched(/** @type {any[]} */ ...args) {
    const pair = match(args, this);
    if (pair) reach(pair[0]);
    const result = original.apply(this, args);
    if (!pair) return result;
    if (typeof result?.then !== "function") {
      if (name === "spawn") child = result;
      reach(pair[1]);
      return result;
    }
    return result.then((/** @type {unknown} */ value) => {
      reach(pair[1]);
      return value;
    });
  };
}

/** @type {Map<number, string>} */
const open = new Map();
const openSync = fs.openSync;
fs.openSync = (path, ...rest) => {
  const isInput = /\.(json|csv|gz|zip)$/.test(String(path));
  if (isInput) reach("recognise");
  const descriptor = openSync(path, ...rest);
  open.set(descriptor, String(path));
  if (isInput) reach("recognising");
  if (String(path).endsWith(".probe")) reach("probe");
  return descriptor;
};
const isFolder = (/** @type {number} */ descriptor) => fs.fstatSync(descriptor).isDirectory();
watch(fs, "fsyncSync", ([descriptor]) =>
  isFolder(descriptor) ? ["fsync folder", "folder fsynced"] : ["fsync", "fsynced"],
);
// A first import gives the new file its name by a link.
for (const name of ["renameSync", "linkSync"])
  watch(fs, name, ([from]) => {
    if (String(from).endsWith(".lock")) return ["unlock", "unlocked"];
    return /\.importing(\.fresh)?$/.test(String(from)) ? ["rename", "renamed"] : undefined;
  });
watch(childProcess, "spawn", ([, args]) =>
  args.includes("answer") ? ["answer", "answering"] : ["copy aside", "copying aside"],
);
watch(process.stdout, "write", () => ["acknowledge", "acknowledged"]);

const opened = /** @type {const} */ ([
  [/\.lock$/, "lock", "locked"],
  [/\.importing$/, "open aside", "aside opened"],
  [/[\\/]lock$/, "lock scratch", "scratch locked"],
]);
/** @type {WeakMap<object, string>} */
const paths = new WeakMap();
const create = DuckDBInstance.create.bind(DuckDBInstance);
DuckDBInstance.create = async (path = "", ...rest) => {
  const [, before, behind] = opened.find(([pattern]) => pattern.test(path)) ?? [];
  if (before) reach(before);
  const instance = await create(path, ...rest);
  paths.set(instance, path);
  if (behind) reach(behind);
  return instance;
};
watch(DuckDBInstance.prototype, "closeSync", (_, self) =>
  paths.get(self)?.endsWith(".importing") ? ["close", "closed"] : undefined,
);

/** What is seen of an import in the SQL that it runs; the first pattern counts. */
const statements = /** @type {const} */ ([
  [/^insert into raw\./, "load", "loaded"],
  [/^insert into meta\.source_files\b/, "write ledger", "ledger written"],
  [/^insert into meta\.imports\b/, "finish", "finished"],
  [/^insert into meta\.database\b/, "record version", "version recorded"],
  [/^copy from database/, "copy anew", "copied anew"],
  [/^delete from raw\./, "delete", "deleted"],
  [/^checkpoint\b/, "checkpoint", "checkpointed"],
]);
watch(DuckDBConnection.prototype, "run", ([sql]) => {
  const found = statements.find(([pattern]) => pattern.test(sql.trim()));
  return found ? [found[1], found[2]] : undefined;
});
syncBuiltinESMExports();
