// Makes a fresh clone ready: installs what the lock file names and compiles, each only where it is missing or older than its source.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (/** @type {string} */ path) => join(root, path);

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

// By content, not by time: a copied folder keeps its packages but not its times.
const lockHash = createHash("sha256")
  .update(readFileSync(at("package-lock.json")))
  .digest("hex");
const stamp = at("node_modules/.m365-offline-lock");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lockHash) {
  const npm =
    process.env["npm_execpath"] ?? join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js");
  run([npm, "ci", "--no-audit", "--no-fund"], "installing packages (npm ci)");
  writeFileSync(stamp, lockHash);
}

const sources = ["src", "schemas", "reference"].flatMap((folder) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);
const sourceHash = createHash("sha256");
for (const file of [
  at("tsconfig.json"),
  at("package.json"),
  ...["assemble.js", "bundle.js", "template.js", "installation.js"].map((name) => at(`scripts/${name}`)),
  ...sources.toSorted(),
])
  sourceHash.update(readFileSync(file));
const built = sourceHash.digest("hex");
const isStale = !existsSync(at("dist/.built")) || readFileSync(at("dist/.built"), "utf8") !== built;
if (process.argv.includes("--build") || isStale) {
  rmSync(at("dist"), { recursive: true, force: true });
  run([at("node_modules/typescript/bin/tsc"), "--project", at("tsconfig.json")], "compiling");
  rmSync(at("bundle"), { recursive: true, force: true });
  run([at("scripts/bundle.js")], "bundling");
  run([at("scripts/assemble.js")], "assembling");
  run([at("scripts/template.js")], "preparing an empty database");
  run([at("scripts/installation.js")], "listing what was built");
  writeFileSync(at("dist/.built"), built);
}
