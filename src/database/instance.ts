import { DuckDBInstance } from "@duckdb/node-api";
import { insistOn } from "../files.ts";
import { isHeldBriefly } from "./errors.ts";

/** Opens or makes a file by the engine; on Windows again, for five seconds, where another program has it open for a moment. */
export async function createInstance(path: string, config: Record<string, string>): Promise<DuckDBInstance> {
  return await insistOn(
    async () => await DuckDBInstance.create(path, config),
    (error) => isHeldBriefly(path, error),
  );
}
