import { expect, test } from "vitest";
import { readRows, type Row } from "../../src/database/open.ts";
import { importFiles, loadDatasets, openOutputs } from "../../src/index.ts";
import { isWhole } from "../extent.ts";
import { page, Workdir } from "../workdir.ts";
import { generateTenant } from "./generate.ts";

const dir = new Workdir();
const datasets = loadDatasets();
// A few of them; `npm run thorough` takes all 200.
const seeds = Array.from({ length: isWhole ? 200 : 3 }, (_, index) => index + 1);

/** What makes a row of an output the only one of its kind. */
const keys: Readonly<Record<string, string>> = {
  users: "coalesce(user_id, user_principal_name)",
  user_activity: "coalesce(user_id, user_principal_name)",
  mfa_status: "coalesce(user_id, user_principal_name)",
  license_assignments: "(user_id, sku_id)",
  license_summary: "coalesce(sku_id, product_name)",
  mfa_summary: "mfa_status",
  app_activity: "(app_id, app_display_name, coalesce(user_id, user_principal_name))",
  app_summary: "(app_id, app_display_name)",
  device_usage: "coalesce(user_id, user_principal_name)",
  user_roster: "user_id",
  activity_events: "(coalesce(user_id, user_principal_name), source, workload, app_id, app_name)",
  subscriptions: "subscription_id",
};

/** Writes the newest exports of a random tenant, and where wanted each once more: ids and names in capitals, the last record first. */
function writeTenant(seed: number, isTwice: boolean): string {
  const folder = `tenant-${seed}-${isTwice ? "twice" : "once"}`;
  const { files } = generateTenant(seed);
  const newest = Math.max(...files.map(([, , facts]) => facts?.import ?? 1));
  for (const [index, [name, records, facts]] of files.entries()) {
    if ((facts?.import ?? 1) !== newest || facts?.error) continue;
    const context = datasets.get(name)?.contexts[0];
    const day = facts?.date ?? "2026-10-31";
    const said = records.map((record): Row => ({ ...dayOf(name, day), ...record }));
    const toDocument = (rows: readonly Row[]): object => (context === undefined ? rows : page(context, rows));
    const stem = `${folder}/2026-10-31/${index}-${name}`;
    dir.write(`${stem}.json`, toDocument(said));
    if (isTwice) dir.write(`${stem}-again.json`, toDocument(said.toReversed().map(shout)));
  }
  return dir.file(folder);
}

function dayOf(name: string, day: string): Row {
  return datasets.get(name)?.snapshotDate === "reportRefreshDate" ? { reportRefreshDate: day } : {};
}

function shout(record: Row): Row {
  const isName =
    /^(id|userId|userPrincipalName|ownerPrincipalName|primarySmtpAddress|mail|externalDirectoryObjectId)$/;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      isName.test(name) && typeof value === "string" ? value.toUpperCase() : value,
    ]),
  );
}

/** Per output the rows, and how many of them are of a kind of their own. */
async function countRows(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const db = `${folder}.duckdb`;
  await importFiles({ paths: [folder], db, isSameTenant: true });
  const { connection, close } = await openOutputs(db, {});
  const counts: Record<string, unknown> = {};
  for (const [output, key] of Object.entries(keys)) {
    const sql = `select count(*) as rows, count(distinct ${key}) as kinds from ${output}`;
    [counts[output]] = await readRows(connection, sql);
  }
  [counts["people"]] = await readRows(
    connection,
    `select (select sum(users)::bigint from mfa_summary) as by_status, (select count(*) from mfa_status) as people,
       (select count(*) from (select user_id from license_assignments where consumes_unit group by all having count(distinct sku_id) <> count(*))) as twice`,
  );
  close();
  return counts;
}

test.each(seeds)(
  "tenant %i: no join multiplies rows, and what stands there twice adds none",
  async (seed) => {
    const once = await countRows(writeTenant(seed, false));
    const twice = await countRows(writeTenant(seed, true));
    for (const counts of [once, twice])
      for (const output of Object.keys(keys)) {
        const { rows, kinds } = counts[output] as { rows: unknown; kinds: unknown };
        expect(`${output}: ${String(rows)}`).toBe(`${output}: ${String(kinds)}`);
      }
    expect(once["people"]).toMatchObject({ twice: 0 });
    expect(twice).toEqual(once);
  },
);
