import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { readGolden } from "./golden-files.js";
import { Workdir } from "./workdir.ts";

const golden = readGolden(fileURLToPath(new URL("golden/contoso", import.meta.url)));
let dir: Workdir;
let bundle: Record<string, string>;

beforeAll(() => {
  dir = new Workdir();
  const { status } = dir.import(dir.sample("contoso"));
  expect(status).toBe(0);
  dir.run("export", "--out", "bundle");
  bundle = readGolden(dir.file("bundle"));
});

test("the sample tenant gives every golden file and no other", () => {
  expect(Object.keys(bundle)).toEqual(Object.keys(golden));
});

test.each(Object.keys(golden))("the sample tenant gives the golden %s", (name) => {
  expect(bundle[name]).toBe(golden[name]);
});

test("the sample tenant has every state that the outputs distinguish", () => {
  const of = (sql: string): unknown[] =>
    dir.query(`select distinct ${sql} order by 1`).map((row) => Object.values(row)[0]);
  expect(of("mfa_status as s from mfa_status")).toEqual([
    "Disabled",
    "Enabled",
    "Non-compliant",
    "Not Available",
  ]);
  expect(of("activity_status as s from user_activity")).toEqual([
    "Active",
    "Inactive",
    "No activity",
    "Not Available",
  ]);
  expect(of("assignment_path as s from license_assignments")).toEqual([
    "Direct",
    "Direct and group",
    "Group",
  ]);
  expect(of("consumes_unit as s from license_assignments")).toEqual([false, true]);
  const skus = (where: string): unknown =>
    dir.query(`select count(*) as n from license_summary where ${where}`)[0]?.["n"];
  for (const where of [
    "available_units < 0",
    "warning_units > 0",
    "suspended_units > 0",
    "enabled_units >= 1000000",
    "product_name = sku_part_number",
    "subscribed_sku_ids like '%; %'",
    "account_disabled_users > 0",
    "applies_to = 'Company'",
  ])
    expect([where, Number(skus(where)) > 0]).toEqual([where, true]);
});
