import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRows, type Row } from "../../src/database/open.ts";
import { checkFiles, importFiles, openOutputs, runQuery, type ImportResult } from "../../src/index.ts";
import { setTimes, Workdir } from "../workdir.ts";
import { page, registrations, report, signedIn, skus, user, users } from "./dated-files.ts";

const dir = new Workdir();
/** When a transfer ended, to which it set the time of writing of all files. */
const transfer = new Date("2026-12-20T08:00:00Z");
const startedAt = new Date("2026-12-21T08:00:00Z");

async function check(folder: string, sql: string): Promise<ImportResult & { rows: Row[] }> {
  let rows: Row[] = [];
  const result = await checkFiles({
    paths: [folder],
    startedAt,
    inspect: async (connection) => {
      rows = await readRows(connection, sql);
    },
  });
  return { ...result, rows };
}

async function ask(db: string, sql: string): Promise<unknown[]> {
  const database = await openOutputs(db, {});
  try {
    const { batches } = await runQuery(database, sql);
    const rows: unknown[] = [];
    for await (const batch of batches) rows.push(...batch);
    return rows;
  } finally {
    database.close();
  }
}

describe("the sample, whose files a transfer dated 20 December,", () => {
  test("has 46 Active and 11 Inactive users also without the lists that state the day", async () => {
    const sample = dir.sample("contoso");
    for (const name of ["userRegistrationDetails.json", "organization.json"]) rmSync(join(sample, name));
    setTimes(sample, transfer);
    const { rows, files } = await check(
      sample,
      "select activity_status as status, count(*)::integer as users from user_activity where activity_status like '%ctive' group by all order by all",
    );
    expect(rows).toEqual([
      { status: "Active", users: 46 },
      { status: "Inactive", users: 11 },
    ]);
    const users = files.filter(({ dataset }) => dataset === "users");
    expect(users.map((file) => [file.snapshot_date, file.snapshot_date_source])).toEqual(
      users.map(() => ["2026-11-01", "bound"]),
    );
  });

  test("has no day that rests on the time of writing where a list states the day", async () => {
    const sample = new Workdir().sample("contoso");
    setTimes(sample, transfer);
    const { files } = await check(sample, "select 1");
    const sources = new Set(files.map((file) => file.snapshot_date_source));
    expect(sources).toEqual(new Set(["file", "other_file", "records"]));
  });
});

test("repaired subscribed SKUs count after the broken ones, also beside a report that lags", async () => {
  const db = dir.file("repaired.duckdb");
  const broken = page("subscribedSkus", [
    { ...(skus as { value: object[] }).value[0], consumedUnits: "many" },
  ]);
  dir.write("first/subscribedSkus.json", broken, "2026-11-01T08:00:00Z");
  dir.write("first/userRegistrationDetails.json", registrations("2026-11-01"), "2026-11-01T08:00:00Z");
  dir.write("first/users.json", users(), "2026-11-01T08:00:00Z");
  dir.write("second/subscribedSkus.json", skus, "2026-11-02T08:00:00Z");
  dir.write("second/report.csv", report("2026-10-30"), "2026-11-02T08:00:00Z");
  await importFiles({ paths: [dir.file("first")], db, startedAt });
  const { files } = await importFiles({ paths: [dir.file("second")], db, startedAt });
  const repaired = files.find(({ dataset }) => dataset === "subscribed_skus");
  expect([repaired?.snapshot_date, repaired?.snapshot_date_source, repaired?.not_used]).toEqual([
    "2026-11-02",
    "modified_time",
    null,
  ]);
  expect(await ask(db, "select consumed_units from license_summary")).toEqual([[1]]);
  expect(await ask(db, "select finding from data_quality where finding = 'records_rejected'")).toEqual([]);
});

describe("--as-of over folders of two months", () => {
  const two = (): string => {
    dir.write("two/2026-10-31/users.json", users(), "2026-12-20T08:00:00Z");
    dir.write("two/2026-11-30/users.json", page("users", [user({ department: "Sales" })]));
    return dir.file("two");
  };

  test("is refused by import and check with exit 2, and nothing is imported", async () => {
    const said = { paths: [two()], asOf: "2026-11-30", startedAt };
    const refused = expect.objectContaining({
      exitCode: 2,
      message: expect.stringContaining("--as-of"),
    }) as Error;
    await expect(importFiles({ ...said, db: dir.file("refused.duckdb") })).rejects.toEqual(refused);
    await expect(checkFiles(said)).rejects.toEqual(refused);
    expect(dir.has("refused.duckdb")).toBe(false);
  });

  test("without it they are two snapshots, and the older is said to be kept and not used", async () => {
    const { files } = await importFiles({ paths: [two()], db: dir.file("two.duckdb"), startedAt });
    expect(files.map((file) => [file.snapshot_date, file.snapshot_date_source, file.not_used])).toEqual([
      ["2026-10-31", "folder_name", "that of 2026-11-30 is newer"],
      ["2026-11-30", "folder_name", null],
    ]);
  });
});

test("what rests on a file whose day is contradicted is Partial, and data_quality says why", async () => {
  dir.write("apart/2026-10-20/users.json", signedIn("2026-10-31"));
  dir.write("apart/2026-10-20/subscribedSkus.json", skus);
  const { rows } = await check(
    dir.file("apart"),
    `select output, data_status, reasons like '%the day of users (2026-10-31) is contradicted%' as is_said
     from output_status where output in ('users', 'license_summary', 'sites') order by output`,
  );
  expect(rows).toEqual([
    { output: "license_summary", data_status: "Partial", is_said: true },
    { output: "users", data_status: "Partial", is_said: true },
  ]);
  const { rows: found } = await check(
    dir.file("apart"),
    "select finding, dataset, detail from data_quality where finding = 'date_contradicted'",
  );
  expect(found).toEqual([
    {
      finding: "date_contradicted",
      dataset: "users",
      detail: expect.stringContaining("its folder's name 2026-10-20, times in its records 2026-10-31"),
    },
  ]);
});
