import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { readGolden } from "../golden-files.js";
import { secondDay, writeMonthLater } from "../month-later.js";
import { Workdir } from "../workdir.ts";

const firstDay = "2026-11-01";
const days = [firstDay, secondDay];
const otherZones = ["Pacific/Kiritimati", "America/Los_Angeles"];
const golden = fileURLToPath(new URL("../golden", import.meta.url));
let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  const sample = dir.sample("contoso");
  expect(dir.import(sample).status).toBe(0);
  expect(dir.run("export", "--out", "before").status).toBe(0);
  writeMonthLater(sample, dir.file("second"));
  expect(dir.import("second", "--as-of", secondDay).status).toBe(0);
  for (const day of days) exportIn("UTC", day);
}, 180_000);

function exportIn(zone: string, day: string): void {
  const { status } = dir.runWith({ env: { TZ: zone } }, "export", "--out", bundle(day, zone), "--as-of", day);
  expect(status).toBe(0);
}

function bundle(day: string, zone = "UTC"): string {
  return `${day}-${zone.replace("/", "-")}`;
}

function readBundle(folder: string): Record<string, string> {
  return Object.fromEntries(dir.list(folder).map((name) => [name, dir.read(`${folder}/${name}`)]));
}

describe.each(days)("two months of the sample tenant, as of %s", (day) => {
  const folder = join(golden, `contoso-${day.slice(0, 7)}`);

  test("give the golden files and no other", () => {
    expect(existsSync(folder), "npm run golden writes the golden files").toBe(true);
    expect(readGolden(dir.file(bundle(day)))).toEqual(readGolden(folder));
  });

  test.each(otherZones)("give the same bytes in %s as in UTC", (zone) => {
    exportIn(zone, day);
    expect(readBundle(bundle(day, zone))).toEqual(readBundle(bundle(day)));
  });
});

test("the first month reads as it did before the second was imported", () => {
  const { "manifest.json": _before, ...before } = readGolden(dir.file("before"));
  const { "manifest.json": _after, ...after } = readGolden(dir.file(bundle(firstDay)));
  expect(after).toEqual(before);
});

test("the second month shows who left, who lost a license, and whose MFA changed", () => {
  const ask = (sql: string): unknown[][] =>
    days.map((day) => dir.query(sql, "--as-of", day).map((row) => Object.values(row)[0]));
  expect(ask("select count(*) from users")).toEqual([[62], [60]]);
  expect(ask("select assigned_users from license_summary where sku_part_number = 'SPE_E3'")).toEqual([
    [32],
    [30],
  ]);
  expect(ask("select mfa_status from mfa_status where user_principal_name like 'zoe.bruckner@%'")).toEqual([
    ["Enabled"],
    ["Non-compliant"],
  ]);
  expect(
    ask("select activity_status from user_activity where user_principal_name like 'aiko.sato@%'"),
  ).toEqual([["Active"], ["Inactive"]]);
});
