import { withBuild, type Build } from "../database/build.ts";
import { existingPath, readRows, type Database, type Row } from "../database/open.ts";
import { loadDatasets } from "../schema/dataset.ts";
import { finishViews } from "../transform/build.ts";
import { forgetFiles, type Forgotten } from "../ledger/forget.ts";
import type { Wish } from "../ledger/forget.ts";
import { prepareTables } from "../ledger/ledger.ts";
import { createLoader } from "../load/loader.ts";
import { judgeAgain } from "./judge.ts";
import { interruptibly, withMaker } from "./import.ts";
import { readOutputStatus } from "../outputs/status.ts";
import { forgetTenant } from "../ledger/tenant.ts";
import { readSql } from "../transform/models.ts";

export interface ForgetOptions {
  readonly db: string;
  readonly wish: Wish;
  /** Folders with schemas of one's own. */
  readonly schemas?: readonly string[];
  /** Do everything but put the new database in place. */
  readonly isDryRun: boolean;
  readonly signal?: AbortSignal;
}

export interface ForgetResult extends Forgotten {
  /** Outputs that can be trusted less than before: output, data_status and reasons. */
  readonly losses: readonly Row[];
  /** The day of the newest data that stays; null when none does. */
  readonly newestDate: string | null;
}

/** Takes files out of the database, or nothing when it throws; not a byte of their records stays in the file. */
export async function forget(options: ForgetOptions): Promise<ForgetResult> {
  const work = async (build: Build): Promise<ForgetResult> => {
    const change = async (): Promise<ForgetResult> =>
      await withMaker(
        build.database,
        async (maker, viewsHash) =>
          await forgetIn(build.database, options, { isCurrent: maker === "this build", viewsHash }),
      );
    const result = await interruptibly(build.database.connection, options.signal, change);
    if (result.files.length > 0 && !options.isDryRun) await build.commit(true);
    return result;
  };
  return await withBuild(existingPath(options.db), work, options.signal);
}

interface Known {
  readonly isCurrent: boolean;
  readonly viewsHash: string;
}

async function forgetIn(
  { connection }: Database,
  options: ForgetOptions,
  { isCurrent, viewsHash }: Known,
): Promise<ForgetResult> {
  const datasets = loadDatasets(options.schemas);
  if (!isCurrent) await prepareTables(connection, readSql("ledger/meta"), datasets.values());
  const loader = createLoader(connection);
  const finish = async (isReady: boolean): Promise<Row[]> => {
    await finishViews({ connection, loader, datasets, isCurrent: isReady, isReady, viewsHash });
    return await readOutputStatus(connection);
  };
  const before = isCurrent ? await readOutputStatus(connection) : await finish(false);
  const forgotten = await forgetFiles(connection, datasets, options.wish);
  await judgeAgain(connection, datasets);
  await forgetTenant(connection, readSql("ledger/tenant"));
  await connection.run("delete from meta.settled_tables");
  const after = await finish(true);
  const [newest] = await readRows(connection, "from meta.newest_date");
  const newestDate = (newest?.["newest_date"] as string | null | undefined) ?? null;
  return { ...forgotten, losses: findLosses(before, after), newestDate };
}

const ranks = ["Complete", "Partial", "Not supplied"];

function rankOf(row: Row | undefined): number {
  return ranks.indexOf(String(row?.["data_status"]));
}

function findLosses(before: readonly Row[], after: readonly Row[]): Row[] {
  return after.filter((row) => rankOf(row) > rankOf(before.find(({ output }) => output === row["output"])));
}
