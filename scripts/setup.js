// Makes a fresh clone ready: installs what the lock file names and compiles, each only where it is missing or older than its source.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (/** @type {string} */ path) => join(root, path);
const changed = (/** @type {string} */ path) => (existsSync(at(path)) ? statSync(at(path)).mtimeMs : 0);

/** Runs a Node program in the repository and ends with its exit code when it fails.
 * @param {string[]} args @param {string} what */
function run(args, what) {
  console.error(`m365-offline: ${what}`);
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status === 0) return;
  console.error(`m365-offline: ${what} failed${error ? `: ${error.message}` : ""}`);
  process.exit(status ?? 1);
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`m365-offline needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

if (changed("node_modules/.package-lock.json") < changed("package-lock.json")) {
  const npm =
    process.env["npm_execpath"] ?? join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js");
  run([npm, "ci", "--no-audit", "--no-fund"], "installing packages (npm ci)");
}

const sources = readdirSync(at("src"), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith(".ts"));
const newest = Math.max(changed("tsconfig.json"), ...sources.map((file) => changed(`src/${file}`)));
const isStale = changed("dist/cli.js") === 0 || changed("dist/.built") < newest;
if (process.argv.includes("--build") || isStale) {
  rmSync(at("dist"), { recursive: true, force: true });
  run([at("node_modules/typescript/bin/tsc"), "--project", at("tsconfig.json")], "compiling");
  writeFileSync(at("dist/.built"), "");
}
