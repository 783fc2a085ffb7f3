import { discoverFiles, type Discovery } from "./discover.ts";
import { CliError, exitCodes } from "./errors.ts";
import { expectSha256 } from "./sha256.ts";

/** What is said of files before they are looked for. */
export interface Finding {
  /** The encoding of files that are not UTF-8 and have no byte order mark, as TextDecoder names it. */
  readonly encoding?: string | undefined;
  /** The SHA-256 of what is found is made where it is asked for, and not from now on. */
  readonly isUnhashed?: boolean | undefined;
}

/** Finds the files behind paths, which are hashed from now on. Throws exit 3 where there is no data file. */
export function findFiles(
  paths: readonly string[],
  { encoding, isUnhashed = false }: Finding = {},
): Discovery {
  const found = discoverFiles(paths, encoding);
  if (found.files.length === 0)
    throw new CliError(
      `there is no data file (.json, .ndjson, .jsonl, .csv, also as .gz or .zip) in ${paths.join(", ")}`,
      { exitCode: exitCodes.noInput },
    );
  // Of an archive the files in it are hashed; what else has another name than its own is hashed for nothing.
  if (isUnhashed) return found;
  for (const file of found.files) if (!/\.zip$/i.test(file.name) && !file.problem) expectSha256(file);
  return found;
}
