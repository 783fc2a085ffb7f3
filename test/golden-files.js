// What of a bundle the golden files are compared with: its outputs and what it says of them. The checksums of the rest
// would differ with every word of SQL.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The texts of the files of a folder, by name. @param {string} folder @returns {Record<string, string>} */
export function readGolden(folder) {
  const names = readdirSync(folder).filter(
    (name) => !/^(VERIFY\.txt|manifest-sha256\.txt|datapackage\.json)$/.test(name),
  );
  return Object.fromEntries(names.toSorted().map((name) => [name, readText(join(folder, name))]));
}

/** @param {string} path */
function readText(path) {
  const text = readFileSync(path, "utf8");
  return path.endsWith("manifest.json") ? text.replaceAll(/^ {2}"views": \{[^}]*\},\n/gm, "") : text;
}
