import type { DuckDBConnection } from "@duckdb/node-api";
import { readRows } from "../database/open.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { version } from "../version.ts";
import { insertRows } from "./ledger.ts";

/** The layout of the database that this version writes; a file with a higher number is refused. */
const formatVersion = 2;

/**
 * Who made a database: nobody yet, this very build, another that writes the same format, or one of an earlier format;
 * or this build, and another program has dropped or replaced some of it.
 */
export type Maker = "nobody" | "this build" | "another build" | "an earlier build" | "this build and others";

/** Who made the tables and views of a database. Throws exit 4 for a DuckDB file that is none of ours, and for one of a newer version. */
export async function findMaker(
  connection: DuckDBConnection,
  path: string,
  viewsHash: string,
): Promise<Maker> {
  const [found] = await readRows(
    connection,
    `select count(*) as tables, count(*) filter (schema_name = 'meta' and table_name = 'database') as ours
     from duckdb_tables() where not internal`,
  );
  if (Number(found?.["tables"]) === 0) return "nobody";
  if (Number(found?.["ours"]) === 0)
    throw refusal(
      path,
      "is a DuckDB file, but not one of m365-offline (it has no table meta.database); choose another with --db FILE",
    );
  const [row] = await readRows(connection, "from meta.database");
  if (Number(row?.["format_version"]) > formatVersion)
    throw refusal(
      path,
      `was written by m365-offline ${String(row?.["tool_version"])} in format ${String(row?.["format_version"])}, which is newer than this; use that version`,
    );
  if (Number(row?.["format_version"]) < formatVersion) return "an earlier build";
  return row?.["tool_version"] === version && row["views_hash"] === viewsHash
    ? "this build"
    : "another build";
}

/** Whether a build made the database that may lack what this one needs. */
export function isOfOther(maker: Maker): boolean {
  return maker === "another build" || maker === "an earlier build";
}

/** The same for who only reads: a database in which nothing was made yet is refused. */
export async function findMakerToRead(
  connection: DuckDBConnection,
  path: string,
  viewsHash: string,
): Promise<Maker> {
  const maker = await findMaker(connection, path, viewsHash);
  if (maker === "nobody")
    throw refusal(path, `has nothing in it. Fill it with: m365-offline import PATH… --db ${path}`);
  return maker;
}

/** What one says of a database that another build made, to who reads it. */
export function describeOtherBuild(path: string): string {
  return `notice: ${path} was made by another build of m365-offline, whose outputs are shown as they are. Any import brings it up to date, of files that are in it, too.`;
}

/** What fails in a database of another build because something is not there, or is another, is no fault of this one. */
export function toBuildError(error: unknown, path: string, act: "read" | "write"): unknown {
  if (!/^(?:Catalog|Binder|Constraint|Conversion|Dependency) Error: /.test(messageOf(error))) return error;
  const why = {
    read: "was made by another build of m365-offline and has not all that this one reads. Bring it up to date by any import, of files that are in it, too, or use that build.",
    write:
      "was made by another build of m365-offline, whose tables this one cannot bring up to date; nothing was changed. Import your files into a new database (--db FILE), or use that build.",
  };
  return refusal(path, why[act], error);
}

function refusal(path: string, why: string, cause?: unknown): CliError {
  return new CliError(`${targetOf(path)} ${why}`, { exitCode: exitCodes.database, cause });
}

/** The database that somebody named; what is being made beside it is of no meaning to them. */
function targetOf(path: string): string {
  return path.replace(/\.importing$/, "");
}

/** Writes down which version of the tool made the tables and views. */
export async function recordVersion(connection: DuckDBConnection, viewsHash: string): Promise<void> {
  await connection.run("delete from meta.database");
  const row = { format_version: formatVersion, tool_version: version, views_hash: viewsHash };
  await insertRows(connection, "meta.database", [row]);
}
