import { resolve } from "node:path";
import type { Database } from "./database.ts";
import { freshPath, readRows } from "./database.ts";
import { quoteName, quoteText } from "./ddl.ts";
import { outputError } from "./errors.ts";

/**
 * A program for a process of its own that copies a file to another: `node -e … FROM TO`. A copy has the mode of what it
 * is of, whatever the umask; so it is made where nobody else can open it.
 */
export const copyScript = `const [, from, to] = process.argv;
fs.mkdirSync(to + ".copy", { mode: 0o700 });
fs.copyFileSync(from, to + ".copy/file", fs.constants.COPYFILE_FICLONE);
fs.chmodSync(to + ".copy/file", 0o600);
fs.renameSync(to + ".copy/file", to);
fs.rmdirSync(to + ".copy");`;

/** Writes all that is there into a new file beside it, in which nothing is left of what was deleted. Returns its path. */
export async function copyAnew({ connection, path }: Database): Promise<string> {
  const fresh = freshPath(resolve(path));
  const [row] = await readRows(connection, "select current_database() as name");
  try {
    await connection.run(`attach ${quoteText(fresh)} as fresh`);
    await connection.run(`copy from database ${quoteName(String(row?.["name"]))} to fresh`);
    await connection.run("checkpoint fresh");
    await connection.run("detach fresh");
  } catch (error) {
    throw outputError(fresh, error);
  }
  return fresh;
}
