import { basename } from "node:path";
import { CliError, exitCodes } from "./errors.ts";

/** The schemas of a database. DuckDB names a database after its file, and takes `meta.tenant` for either then. */
export const schemas = ["raw", "reference", "staging", "intermediate", "checks", "lineage", "meta"] as const;

const taken = new Set<string>([...schemas, "information_schema"]);

/** Throws exit 2 for a file whose name is that of a schema: no SQL could tell the two apart. */
export function checkName(path: string): void {
  // The engine's name for a file is what stands before the first dot behind those it begins with.
  const [name = ""] = basename(path).replace(/^\.+/, "").split(".");
  if (taken.has(name.toLowerCase()))
    throw new CliError(
      `a database cannot be named ${name}, because SQL could not tell it from the schema ${name.toLowerCase()} in it; name the file, for example, tenant.duckdb`,
      { exitCode: exitCodes.usage },
    );
}
