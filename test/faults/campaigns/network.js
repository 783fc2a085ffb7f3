import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bin, makeFolder, runTool, writeUsers } from "../tools.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const commands = [
  ["import", "users.json", "--as-of", "2026-11-02"],
  ["query", "from users"],
  ["export", "--out", "out"],
  ["import", "users.json", "--as-of", "2026-12-02"],
  ["check", "users.json"],
  ["status"],
  ["explain", "user1@contoso.example"],
  ["diff", "--from", "2026-11-02"],
  ["rejects"],
  ["schemas"],
  ["forget", "--import", "1"],
];

/** SQL that asks for the network; it is refused before anything is opened. */
const asking = [
  "install httpfs",
  "from 'http://127.0.0.1:9/x.csv'",
  "attach 'host=127.0.0.1' as pg (type postgres)",
];

/** @type {import("../tools.js").Campaign["run"]} */
export async function run({ scale }) {
  /** @type {string[]} */
  const failures = [];
  const folder = makeFolder();
  try {
    writeUsers(folder.file("users.json"), { count: 200 });
    const hooked = tryWithHook(folder.path, scale, failures);
    const sockets = trySockets(folder, scale, failures);
    const suite = scale === 1 ? runSuite(failures) : "";
    return { figures: `${hooked} commands without Node's network; ${sockets}${suite}`, failures };
  } finally {
    folder.remove();
  }
}

/** Every way of Node to a network ends the process. */
function withoutNetwork() {
  const body = `import net from "node:net"; import dgram from "node:dgram"; import dns from "node:dns"; import http from "node:http"; import https from "node:https"; import { syncBuiltinESMExports } from "node:module";
const refuse = (name) => () => { process.stderr.write("used the network: " + name + "\\n"); process.exit(99); };
for (const [name, module, keys] of [["net", net, ["connect", "createConnection", "createServer"]], ["dgram", dgram, ["createSocket"]], ["http", http, ["request", "get", "createServer"]], ["https", https, ["request", "get"]], ["dns", dns, Object.keys(dns).filter((key) => /^(lookup|resolve|reverse)/.test(key))], ["dns.promises", dns.promises, Object.keys(dns.promises).filter((key) => /^(lookup|resolve|reverse)/.test(key))]])
  for (const key of keys) module[key] = refuse(name + "." + key);
globalThis.fetch = refuse("fetch"); globalThis.WebSocket = refuse("WebSocket");
net.Socket.prototype.connect = refuse("net.Socket.connect");
syncBuiltinESMExports();`;
  return `data:text/javascript,${encodeURIComponent(body)}`;
}

/** @param {string} cwd @param {number} scale @param {string[]} failures */
function tryWithHook(cwd, scale, failures) {
  const node = ["--import", withoutNetwork()];
  const chosen = scale === 1 ? commands : commands.slice(0, 3);
  for (const args of chosen) {
    const { status, stderr } = runTool(cwd, args, { node });
    if (status !== 0)
      failures.push(`${args.join(" ")} without Node's network ended with ${status}: ${stderr}`);
  }
  const script = "import('node:net').then(({ connect }) => connect(9, '127.0.0.1'))";
  const control = spawnSync(process.execPath, [...node, "-e", script], { encoding: "utf8" });
  if (control.status !== 99) failures.push("the hook does not see a connection");
  return chosen.length;
}

/** @param {ReturnType<typeof makeFolder>} folder @param {number} scale @param {string[]} failures */
function trySockets(folder, scale, failures) {
  const control = trace(folder, [
    "-e",
    "import('node:net').then(({ connect }) => connect(9, '127.0.0.1').on('error', () => {}))",
  ]);
  if (control === undefined) return "no strace: sockets were not counted";
  if (control.length === 0) failures.push("strace does not see a connection");
  const chosen = scale === 1 ? commands : commands.slice(0, 3);
  for (const args of chosen) {
    const sockets = trace(folder, [bin, ...args]) ?? [];
    if (sockets.length > 0) failures.push(`${args.join(" ")} opens ${sockets[0]}`);
  }
  for (const sql of scale === 1 ? asking : []) {
    const sockets = trace(folder, [bin, "query", sql]) ?? [];
    if (sockets.length > 0) failures.push(`query ${sql} opens ${sockets[0]}`);
  }
  return `0 internet sockets allowed in ${chosen.length} traced commands`;
}

/** The internet sockets that a program asks for, all its threads and children included; undefined without strace. @param {ReturnType<typeof makeFolder>} folder @param {readonly string[]} args */
function trace(folder, args) {
  const file = folder.file("trace");
  const { error, status } = spawnSync(
    "strace",
    ["-f", "-qq", "-o", file, "-e", "trace=%network", process.execPath, ...args],
    { cwd: folder.path, stdio: "ignore" },
  );
  if (error !== undefined || !readdirSync(folder.path).includes("trace")) return undefined;
  const text = readFileSync(file, "utf8");
  // Where tracing is forbidden, strace itself ends with 1 and writes nothing.
  if (status === 1 && text === "") return undefined;
  return text.split("\n").filter((line) => /AF_INET6?\b/.test(line));
}

/** The whole suite in a network of its own that has no way out. @param {string[]} failures */
function runSuite(failures) {
  const isThere = spawnSync("unshare", ["-rn", "true"], { stdio: "ignore" }).status === 0;
  if (!isThere) return "; no `unshare -rn` here: the suite was not run without a network";
  const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));
  const { status, stdout } = spawnSync(
    "unshare",
    ["-rn", process.execPath, vitest, "run", "--reporter=json"],
    {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 1 << 28,
    },
  );
  /** @type {{ numPassedTests: number, numFailedTests: number, testResults: { name: string, status: string }[] }} */
  const report = JSON.parse(stdout.slice(stdout.indexOf("{")));
  const failed = report.testResults.filter((file) => file.status !== "passed").map(({ name }) => name);
  if (status !== 0) failures.push(`without a network the suite fails in ${failed.join(", ")}`);
  return `; ${report.numPassedTests} tests of the suite passed without a network`;
}
