import { beforeAll, describe, expect, test } from "vitest";
import { importFiles } from "../../src/index.ts";
import { isWhole } from "../extent.ts";
import { Workdir } from "../workdir.ts";
import { findInventions, nameOf, openTenant, type Column, type Loss, type Tenant } from "./columns.ts";
import { makeLonelyTenant } from "./lonely-tenant.ts";

/**
 * Every column of every dataset is taken from a database as an import of files without it would have left it; that the
 * two are the same is held by column-files.test.ts, for JSON and CSV. What is read of a database is computed anew each
 * time, which takes a second: `npm run thorough` takes all columns, this run some.
 */
/** Of each kind of evidence one column. */
const some = new Set([
  "m365_app_user_detail.lastActivityDate",
  "copilot_usage_user_detail.lastActivityDate",
  "mailbox_usage_detail.lastActivityDate",
  "teams_user_activity_user_detail.reportPeriod",
  "users.signInActivity",
  "users.assignedLicenses.disabledPlans",
  "users.licenseAssignmentStates.assignedByGroup",
  "subscribed_skus.servicePlans.servicePlanName",
  "directory_subscriptions.isTrial",
]);
const asked = process.env["COLUMN"];
const isChosen = (column: Column): boolean =>
  asked === undefined ? isWhole || some.has(nameOf(column)) : new RegExp(asked).test(nameOf(column));

const dir = new Workdir();

async function importTenant(folder: string, complete: readonly string[] = []): Promise<Tenant> {
  const db = dir.file(`${folder}.duckdb`);
  const { exitCode } = await importFiles({ paths: [dir.file(folder)], db, complete });
  expect(exitCode).toBe(0);
  return await openTenant(db);
}

/** What one column that is gone may not do, one after another: the tenant is in memory once. */
async function findAll(tenant: Tenant, losses: readonly Loss[]): Promise<string[]> {
  const found: string[] = [];
  for (const column of tenant.columns.filter(isChosen))
    // Whether one entry among others leaves something out is seen in none of them.
    for (const loss of column.isInEntries ? (["absent"] as const) : losses)
      for (const what of findInventions(tenant.full, await tenant.without(column, loss), column, loss))
        found.push(`${loss}: ${what}`);
  return found;
}

describe("a column that is not there is unknown, or the output says which it lacks", () => {
  let lonely: Tenant;

  beforeAll(async () => {
    for (const [dataset, records] of makeLonelyTenant())
      dir.write(`lonely/${dataset}.json`, { value: records });
    // Most people are in one report alone, by which the others look like parts.
    lonely = await importTenant("lonely", ["office365_active_user_detail", "email_activity_user_detail"]);
  });

  test("of each report somebody shows in no other", () => {
    const statuses = new Map(
      (lonely.full.get("license_assignments") ?? []).map((row) => [
        String(row["user_principal_name"]).split("@")[0],
        row["sku_activity_status"],
      ]),
    );
    for (const report of [
      "office365_active",
      "teams_user_activity",
      "yammer_activity",
      "m365_app",
      "copilot_usage",
    ])
      expect([
        statuses.get(`${report}_user_detail-recent`),
        statuses.get(`${report}_user_detail-old`),
        statuses.get(`${report}_user_detail-never`),
      ]).toEqual(["Active", "Inactive", "No activity"]);
  });

  test("in a tenant where one report alone shows somebody's use", async () => {
    expect(
      await findAll(lonely, isWhole ? ["absent", "absent in part", "lost in part"] : ["absent"]),
    ).toEqual([]);
    lonely.close();
  }, 2_400_000);

  test.skipIf(!isWhole)(
    "in the sample",
    async () => {
      dir.sample("contoso");
      const sample = await importTenant("contoso");
      expect(await findAll(sample, ["absent"])).toEqual([]);
      sample.close();
    },
    2_400_000,
  );
});
