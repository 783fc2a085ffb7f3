// Writes bundle/installation.json: the SHA-256 of each file that runs, by which an error of a cut or incomplete copy is known from a fault of the program.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const list = join(root, "bundle/installation.json");
const files = ["bin", "bundle", "reference", "schemas", "src/models"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);
const found = [...files, join(root, "package.json"), join(root, "dist/template.duckdb")]
  .filter((file) => file !== list)
  .toSorted();
const hashes = found.map((file) => [
  relative(root, file).split(sep).join("/"),
  createHash("sha256").update(readFileSync(file)).digest("hex"),
]);
writeFileSync(list, JSON.stringify(Object.fromEntries(hashes)));
