import { readFileSync } from "node:fs";
import { join } from "node:path";
import { foldName } from "../schema/header-map.ts";
import type { Issue } from "../issues.ts";
import { referenceFolder } from "../paths.ts";

interface Known {
  readonly what: string;
  readonly instead: string;
  readonly isNotice: boolean;
  /** What the name of the file has, letters and digits only. */
  readonly fileName?: string;
  readonly headers: readonly string[];
  readonly without: readonly string[];
}

/** Says what an export is that is known but of no use here, by its columns or its name. */
export function maybeNotLoaded(fileName: string, names: readonly string[]): Issue | undefined {
  const folded = new Set(names.map(foldName));
  const has = (name: string): boolean => folded.has(foldName(name));
  const said = fileName
    .replace(/^.*\//s, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");
  const known = JSON.parse(readFileSync(join(referenceFolder, "not_loaded.json"), "utf8")) as Known[];
  const found = known.find(
    ({ fileName: part, headers, without }) =>
      (part !== undefined && said.includes(part)) || (headers.every(has) && !without.some(has)),
  );
  if (found === undefined) return undefined;
  const { what, instead, isNotice } = found;
  return { code: "not_loaded", what, instead, isNotice };
}
