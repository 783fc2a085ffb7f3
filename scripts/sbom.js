// Writes the bill of materials of a release, CycloneDX as npm makes it of package-lock.json: npm run sbom [-- FILE]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * @typedef {{ "bom-ref": string, name: string, version: string }} Component
 * @typedef {{ metadata: { component: Component }, components: Component[], dependencies: { ref: string, dependsOn: string[] }[] }} Bill
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const fail = (/** @type {string} */ why) => {
  console.error(why);
  process.exit(1);
};

const bin = dirname(process.execPath);
const npm = [
  process.env["npm_execpath"] ?? "",
  join(bin, "../lib/node_modules/npm/bin/npm-cli.js"),
  join(bin, "node_modules/npm/bin/npm-cli.js"),
].find((path) => existsSync(path));
if (npm === undefined) fail("there is no npm beside this Node: run it as npm run sbom");
const args = [String(npm), "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
if (status !== 0) fail(stderr);
const bill = /** @type {Bill} */ (JSON.parse(stdout));

// Not by --omit dev: npm 11 then leaves out what our tools need as well.
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const installed = new Set(
  Object.entries(lock.packages)
    .filter(([place, entry]) => place !== "" && !entry.dev)
    .map(([place, entry]) => `${place.split("node_modules/").at(-1)}@${entry.version}`),
);
const isInstalled = (/** @type {string} */ ref) => installed.has(ref) || ref === `m365-offline@${version}`;
// npm names the package after the folder in which it happens to lie.
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
Object.assign(bill.metadata.component, { name, version });
bill.components = bill.components.filter((component) =>
  installed.has(`${component.name}@${component.version}`),
);
bill.dependencies = bill.dependencies
  .filter(({ ref }) => isInstalled(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isInstalled) }));
const known = new Set(bill.components.map((component) => `${component.name}@${component.version}`));
const missing = [...installed].filter((dependency) => !known.has(dependency));
if (missing.length > 0) fail(`npm left out of the bill of materials: ${missing.join(", ")}`);
const file = process.argv[2] ?? join(root, "sbom.json");
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
console.error(`${bill.components.length} packages in ${file}`);
