import { existsSync } from "node:fs";
import { openForImport } from "./database.ts";
import { CliError, exitCodes } from "./errors.ts";

/** What DuckDB puts beside a database for what is not in it yet. */
export const walEndings = [".wal", ".wal.checkpoint", ".wal.recovery"];

/** What an ad-hoc writer left in the WAL belongs to the old file; swapped in beside a new one it would corrupt it. */
export async function replayWal(target: string): Promise<void> {
  if (!walEndings.some((ending) => existsSync(target + ending))) return;
  const database = await openForImport(target, `${target}.tmp`);
  try {
    await database.connection.run("checkpoint");
  } finally {
    database.close();
  }
}

/** Throws exit 4 where something is left beside the database that does not stand in it yet. */
export function refuseWal(target: string): void {
  const left = walEndings.map((ending) => target + ending).find((path) => existsSync(path));
  if (left === undefined) return;
  throw new CliError(
    `${left} holds changes that are not yet in the database. Open and close ${target} with the program that wrote them, then try again.`,
    {
      exitCode: exitCodes.database,
    },
  );
}
