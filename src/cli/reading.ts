import type { Database } from "../database/open.ts";
import type { Parameters } from "../outputs/query.ts";
import type { Output } from "./console.ts";

/** Opens the database for a command that reads it, says where another build made it, and closes it. */
export async function withOutputs(
  path: string,
  parameters: Parameters,
  output: Output,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const { openOutputs } = await import("../outputs/query.ts");
  const { describeOtherBuild, toBuildError } = await import("../ledger/format.ts");
  const database = await openOutputs(path, parameters);
  try {
    if (database.isOfOtherBuild) output.words(describeOtherBuild(path));
    await work(database);
  } catch (error) {
    throw database.isOfOtherBuild ? toBuildError(error, path, "read") : error;
  } finally {
    database.close();
  }
}
