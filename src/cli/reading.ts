import type { Database } from "../database/open.ts";
import type { Outputs, Parameters } from "../outputs/query.ts";
import type { Output } from "./console.ts";

/** Opens the database for a command that reads it, says where another build made it, and closes it. */
export async function withOutputs(
  path: string,
  parameters: Parameters,
  output: Output,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const { openOutputs } = await import("../outputs/query.ts");
  const { describeOtherBuild } = await import("../ledger/format.ts");
  const { describeForeignChanges } = await import("../transform/foreign-changes.ts");
  const database = await openOutputs(path, parameters);
  try {
    if (database.isOfOtherBuild) output.words(describeOtherBuild(path));
    const { foreignChanges } = database;
    if (foreignChanges.remade.length > 0) output.words(describeForeignChanges(path, foreignChanges));
    await work(database);
  } catch (error) {
    throw await toReadError(error, path, database);
  } finally {
    database.close();
  }
}

/** What fails in a database that another build made or another program changed is told as that. */
export async function toReadError(error: unknown, path: string, database: Outputs): Promise<unknown> {
  const { toBuildError } = await import("../ledger/format.ts");
  const { toForeignError } = await import("../transform/foreign-changes.ts");
  const { isOfOtherBuild, connect } = database;
  return isOfOtherBuild
    ? toBuildError(error, path, "read")
    : await toForeignError(error, { path, connect, act: "read" });
}
