// File systems of other machines, shown by libraries in C that stand before the system's: where an open file that is
// removed stays under another name (NFS, FUSE), and where files cannot be locked.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeFolder, runTool, writeUsers } from "../tools.js";

/** What systems say that cannot lock: ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL of Linux. */
const errors = ["37", "95", "38", "22"];
const cannot = /^m365-offline: \S+tenant\.duckdb lies where files cannot be locked .* Put it on a local disk/;

const commands = [
  ["import", "a.json", "--complete", "users"],
  ["import", "b.json", "--complete", "users", "--as-of", "2026-12-01"],
  ["check", "a.json"],
  ["status"],
  ["query", "from users"],
  ["export", "--out", "out", "--replace"],
  ["explain", "user2@contoso.example"],
  ["diff", "users", "--from", "2026-11-02"],
  ["rejects", "list"],
  ["rejects", "retry", "a.json"],
  ["forget", "--import", "2"],
];

/** @param {string} name @param {ReturnType<typeof makeFolder>} folder */
function compile(name, folder) {
  const source = fileURLToPath(new URL(`../shims/${name}.c`, import.meta.url));
  const library = folder.file(`${name}.so`);
  const { status } = spawnSync("gcc", ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
  return status === 0 ? library : undefined;
}

/** @param {import("../tools.js").Size} size @returns {Promise<import("../tools.js").Result>} */
export async function run({ scale }) {
  /** @type {string[]} */
  const failures = [];
  const folder = makeFolder();
  const libraries = makeFolder();
  let count = 0;
  try {
    const [silly, lockless] = [compile("silly", libraries), compile("lockless", libraries)];
    if (process.platform !== "linux" || silly === undefined || lockless === undefined)
      return { figures: "no Linux with a C compiler here: skipped", failures };
    mkdirSync(folder.file("tmp"));
    writeUsers(folder.file("a.json"), { count: 2, mark: "a" });
    writeUsers(folder.file("b.json"), { first: 2, count: 2, mark: "b" });
    const TMPDIR = folder.file("tmp");
    for (const command of commands) {
      const env = { LD_PRELOAD: silly, SILLY: folder.path, TMPDIR };
      const { status, stdout, stderr } = runTool(folder.path, command, { env });
      count += 1;
      if (status !== 0 || stdout === "" || stderr.includes("m365-offline:"))
        failures.push(`${command.join(" ")}, removed files stay: ended with ${status}: ${stderr}`);
      if (command[0] === "import" && !stdout.includes("users"))
        failures.push(`${command.join(" ")}, removed files stay: without its answer: ${stdout}`);
    }
    const left = [...readdirSync(TMPDIR), ...folder.list()].toSorted().join();
    if (left !== "a.json,b.json,out,tenant.duckdb,tmp") failures.push(`removed files stay: left ${left}`);
    for (const error of scale < 1 ? errors.slice(0, 2) : errors) {
      const env = { LD_PRELOAD: lockless, LOCKLESS: folder.path, LOCKLESS_ERROR: error };
      for (const command of commands) {
        if (command[0] === "check") continue;
        const { status, stdout, stderr } = runTool(folder.path, command, { env });
        count += 1;
        // Who only reads need not lock where the system says that locks are not supported.
        const isRead = error === "95" && !/^(?:import|forget|rejects,retry)/.test(command.join());
        const isRight = isRead ? status === 0 : status === 4 && stdout === "" && cannot.test(stderr);
        if (!isRight)
          failures.push(`${command.join(" ")}, no locks (${error}): ended with ${status}: ${stderr}`);
      }
      const { status, stderr } = runTool(folder.path, ["check", "a.json"], { env: { ...env, TMPDIR } });
      if (
        status !== 5 ||
        !stderr.includes("set the environment variable TMPDIR to another folder, on a local disk")
      )
        failures.push(`check, no locks (${error}): ended with ${status}: ${stderr}`);
      const now = [...readdirSync(TMPDIR), ...folder.list()].toSorted().join();
      if (now !== left) failures.push(`no locks (${error}): left ${now}`);
    }
    return {
      figures: `${count} commands where removed files stay, and where files cannot be locked`,
      failures,
    };
  } finally {
    folder.remove();
    libraries.remove();
  }
}
