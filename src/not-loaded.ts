import { readFileSync } from "node:fs";
import { foldName } from "./columns.ts";
import type { Issue } from "./issue.ts";

interface Known {
  readonly what: string;
  readonly instead: string;
  readonly isNotice: boolean;
  /** What the name of the file has, letters and digits only. */
  readonly fileName?: string;
  readonly headers: readonly string[];
  readonly without: readonly string[];
}

const list = new URL("../reference/not_loaded.json", import.meta.url);

/** Says what an export is that is known but of no use here, by its columns or its name. */
export function maybeNotLoaded(fileName: string, names: readonly string[]): Issue | undefined {
  const folded = new Set(names.map(foldName));
  const has = (name: string): boolean => folded.has(foldName(name));
  const said = fileName
    .replace(/^.*\//s, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");
  const known = JSON.parse(readFileSync(list, "utf8")) as Known[];
  const found = known.find(
    ({ fileName: part, headers, without }) =>
      (part !== undefined && said.includes(part)) || (headers.every(has) && !without.some(has)),
  );
  if (found === undefined) return undefined;
  const { what, instead, isNotice } = found;
  return { code: "not_loaded", what, instead, isNotice };
}
