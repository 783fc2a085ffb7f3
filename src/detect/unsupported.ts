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
  /** What stands behind `$metadata#`, or begins it. */
  readonly context?: string;
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
  const found = readKnown().find(
    ({ fileName: part, context, headers, without }) =>
      context === undefined &&
      ((part !== undefined && said.includes(part)) || (headers.every(has) && !without.some(has))),
  );
  return found && toIssue(found);
}

/** The same by what the context of a page says behind `$metadata#`. */
export function maybeNotLoadedContext(tail: string | undefined): Issue | undefined {
  const said = tail?.toLowerCase();
  const found = readKnown().find(
    ({ context }) =>
      context !== undefined &&
      (said === context.toLowerCase() || said?.startsWith(`${context.toLowerCase()}/`)),
  );
  return found && toIssue(found);
}

function readKnown(): Known[] {
  return JSON.parse(readFileSync(join(referenceFolder, "not_loaded.json"), "utf8")) as Known[];
}

function toIssue({ what, instead, isNotice }: Known): Issue {
  return { code: "not_loaded", what, instead, isNotice };
}
