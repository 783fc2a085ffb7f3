import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError, exitCodes, maybeErrorCode, messageOf } from "../errors.ts";
import { installationFile, installationFolder } from "../paths.ts";
import { version } from "../version.ts";

const machine = `${process.platform}-${process.arch}`;

/** The version, and the engine that this copy can load, or that it can load none. */
export async function describeVersion(): Promise<string> {
  try {
    const { default: bindings } = await import("@duckdb/node-bindings");
    return `${version} (DuckDB ${bindings.library_version()}, ${machine})`;
  } catch {
    return `${version} (no DuckDB engine for ${machine})`;
  }
}

/**
 * What an error means where it comes from the installation and not from its user: an engine for another system, or
 * files that are not as they were built. What the user's error says of a database or of input gets a line on that.
 * It looks at the files, so it is for errors alone.
 */
export function toInstallationError(error: unknown): unknown {
  if (isEngineError(error))
    return damaged(
      `this copy of m365-offline has no DuckDB engine that runs on ${machine}. Bring over a copy that was installed on ${machine}, or run npm ci there.`,
      error,
    );
  const isUsers = error instanceof CliError;
  if (isUsers && error.exitCode !== exitCodes.database && error.exitCode !== exitCodes.noInput) return error;
  const message = describeChanges();
  if (message === undefined) return error;
  if (!isUsers) return damaged(message, error);
  const { exitCode, lines, cause } = error;
  return new CliError(error.message, { exitCode, lines: [...lines, message], cause });
}

/** Says that files of this copy are missing or not what the build made; undefined where none is. */
export function describeChanges(): string | undefined {
  const [first, ...rest] = findChanged();
  if (first === undefined) return undefined;
  const more = rest.length > 0 ? ` and ${rest.length} more` : "";
  return `this copy of m365-offline is not as it was built: ${first}${more}. Install it anew.`;
}

function damaged(message: string, cause: unknown): CliError {
  return new CliError(message, { exitCode: exitCodes.database, lines: [messageOf(cause)], cause });
}

function isEngineError(error: unknown): boolean {
  const isMissing = maybeErrorCode(error) === "MODULE_NOT_FOUND" && messageOf(error).includes("@duckdb");
  return isMissing || maybeErrorCode(error) === "ERR_DLOPEN_FAILED";
}

/** The files of the installation that are missing, or are not what the build made. */
function findChanged(): string[] {
  let built: Record<string, string>;
  try {
    built = JSON.parse(readFileSync(installationFile, "utf8")) as Record<string, string>;
  } catch {
    return ["bundle/installation.json is missing or cut"];
  }
  return Object.entries(built).flatMap(([name, sha256]) => {
    const path = join(installationFolder, name);
    if (!existsSync(path)) return [`${name} is missing`];
    const found = createHash("sha256").update(readFileSync(path)).digest("hex");
    return found === sha256 ? [] : [`${name} is changed`];
  });
}
