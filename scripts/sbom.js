// Writes the bill of materials of a release, CycloneDX as npm makes it of package-lock.json: npm run sbom [-- FILE]
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {{ specVersion: string, metadata: { component: Record<string, unknown> }, components: { name: string, version: string, hashes?: object[] }[] }} Bill */

const root = fileURLToPath(new URL("..", import.meta.url));
const npm = process.env["npm_execpath"] ?? join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js");
const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"];
const { status, stdout, stderr } = spawnSync(process.execPath, [npm, ...args], {
  cwd: root,
  encoding: "utf8",
});
if (status !== 0) {
  console.error(stderr);
  process.exit(1);
}
const bill = /** @type {Bill} */ (JSON.parse(stdout));
// npm names the package after the folder in which it happens to lie.
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
Object.assign(bill.metadata.component, { name, version });
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const known = new Set(bill.components.map((component) => `${component.name}@${component.version}`));
const missing = Object.entries(lock.packages)
  .filter(([place, entry]) => place !== "" && !entry.dev)
  .map(([place, entry]) => `${place.split("node_modules/").at(-1)}@${entry.version}`)
  .filter((dependency) => !known.has(dependency));
if (missing.length > 0) {
  console.error(`npm left out of the bill of materials: ${missing.join(", ")}`);
  process.exit(1);
}
const file = process.argv[2] ?? join(root, "sbom.json");
writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
console.error(`${bill.components.length} packages in ${file}`);
