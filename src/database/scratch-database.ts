import { join } from "node:path";
import { copyTemplate } from "./backup-copy.ts";
import { openForImport, type Database } from "./open.ts";
import { makeScratch, removeLeftovers, temporary } from "./spill.ts";

/**
 * Opens a database in a private folder that goes with it. It is a file, not in memory: its views are made already,
 * and rows that are in memory alone are not compressed.
 */
export async function openScratch(isSmall = true): Promise<Database & { readonly folder: string }> {
  await removeLeftovers(temporary());
  const { folder, remove } = await makeScratch(temporary());
  const path = join(folder, "scratch.duckdb");
  const database = await openFilled(path, join(folder, "spill"), isSmall).catch((error: unknown) => {
    remove();
    throw error;
  });
  const close = (): void => {
    database.close();
    remove();
  };
  return { ...database, folder, close };
}

async function openFilled(path: string, spill: string, isSmall: boolean): Promise<Database> {
  copyTemplate(path);
  return await openForImport(path, spill, isSmall);
}
