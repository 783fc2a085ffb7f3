import { resolve } from "node:path";
import type { Database } from "./database.ts";
import { freshPath, readRows } from "./database.ts";
import { quoteName, quoteText } from "./ddl.ts";

/** Writes all that is there into a new file beside it, in which nothing is left of what was deleted. Returns its path. */
export async function copyAnew({ connection, path }: Database): Promise<string> {
  const fresh = freshPath(resolve(path));
  const [row] = await readRows(connection, "select current_database() as name");
  await connection.run(`attach ${quoteText(fresh)} as fresh`);
  await connection.run(`copy from database ${quoteName(String(row?.["name"]))} to fresh`);
  await connection.run("checkpoint fresh");
  await connection.run("detach fresh");
  return fresh;
}
