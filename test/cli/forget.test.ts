import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openForImport } from "../../src/database/open.ts";
import { page, Workdir } from "../workdir.ts";

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** A users export of these numbers, as its one and last page. */
function users(...numbers: readonly number[]): object {
  return page(
    "users",
    numbers.map((number) => ({
      id: id(number),
      userPrincipalName: `unforgettable${number}@contoso.example`,
    })),
  );
}

/** A sign-in of user 1 with this number, at noon of a day. */
function signIn(number: number, day: string, appDisplayName = "App"): object {
  return {
    id: id(number),
    createdDateTime: `${day}T12:00:00Z`,
    userId: id(1),
    userPrincipalName: "unforgettable1@contoso.example",
    appId: id(99),
    appDisplayName,
    status: { errorCode: 0 },
  };
}

const signIns = (...records: readonly object[]): object => page("auditLogs/signIns", records);

interface Forgotten {
  readonly status: number | null;
  readonly stderr: string;
  readonly files: readonly Record<string, unknown>[];
  readonly events_elsewhere: readonly Record<string, unknown>[];
  readonly count_again: readonly Record<string, unknown>[];
  readonly losses: readonly Record<string, unknown>[];
  readonly newest_date: string | null;
}

function forget(dir: Workdir, ...args: string[]): Forgotten {
  const { status, stdout, stderr } = dir.run("forget", ...args, "--json");
  if (stdout === "") throw new Error(`forget printed nothing; it said: ${stderr}`);
  return { ...(JSON.parse(stdout) as Omit<Forgotten, "status" | "stderr">), status, stderr };
}

const userIds = (dir: Workdir, ...args: string[]): unknown[] =>
  dir.query("select user_id from users order by user_id", ...args).map((row) => row["user_id"]);

const equation =
  "select count(*) as n from meta.source_files where records_read <> records_loaded + records_rejected + records_duplicate";

describe("forget --import", () => {
  test("takes out all of an import and leaves a line of each file", () => {
    const dir = new Workdir();
    dir.write("old/users.json", users(1, 2));
    dir.write("new/users.json", users(3));
    dir.write("new/bad.json", "no json at all");
    dir.import("old", "--as-of", "2026-10-01");
    dir.import("new", "--as-of", "2026-11-01");
    const comments = "select count(*) as n from duckdb_columns() where comment is not null";
    const before = dir.query(comments);
    const { status, files, newest_date: newest } = forget(dir, "--import", "2");
    expect([status, newest]).toEqual([0, "2026-10-01"]);
    expect(files.map((file) => [file["file_name"], file["records_forgotten"]])).toEqual([
      ["bad.json", 0],
      ["users.json", 1],
    ]);
    expect(userIds(dir)).toEqual([id(1), id(2)]);
    expect(dir.query("select import_id, file_name from meta.source_files")).toEqual([
      { import_id: 1, file_name: "users.json" },
    ]);
    expect(
      dir.query(
        "select distinct source_file_id in (select source_file_id from meta.source_files) as there from meta.issues union select source_file_id in (select source_file_id from meta.source_files) from meta.source_properties",
      ),
    ).toEqual([{ there: true }]);
    const ledger =
      "select import_id, file_name, length(sha256) as sha, dataset, snapshot_date::varchar as day, records_read as r, records_loaded as l, records_forgotten as f, forgotten_by as by, forgotten_at is not null as at from meta.forgotten order by file_name desc";
    expect(dir.query(ledger)[0]).toEqual({
      import_id: 2,
      file_name: "users.json",
      sha: 64,
      dataset: "users",
      day: "2026-11-01",
      r: 1,
      l: 1,
      f: 1,
      by: "--import 2",
      at: true,
    });
    expect(dir.query(comments)).toEqual(before);
    expect(dir.query(equation)).toEqual([{ n: 0 }]);
  });

  test("the same file can be imported again, under a number that no other had", () => {
    const dir = new Workdir();
    dir.write("users.json", users(1));
    dir.import("users.json", "--as-of", "2026-11-01");
    forget(dir, "--import", "1");
    expect(userIds(dir)).toEqual([]);
    const again = dir.import("users.json");
    expect([again.status, again.files[0]?.status]).toEqual([0, "loaded"]);
    expect(userIds(dir)).toEqual([id(1)]);
    expect(dir.query("select import_id, source_file_id from meta.source_files")).toEqual([
      { import_id: 2, source_file_id: 2 },
    ]);
  });

  // The engine packs the texts of many rows, and leaves those of few as they are.
  test.each([3, 3000])("not a byte of %i forgotten records stays in the file", (count) => {
    const dir = new Workdir();
    const records = Array.from({ length: count }, (_, index) => ({
      id: id(index + 1),
      userPrincipalName: `vanished${index + 1}@contoso.example`,
    }));
    dir.write("old.json", page("users", records));
    dir.write("new.json", users(9001));
    dir.import("old.json", "--as-of", "2026-10-01");
    dir.import("new.json", "--as-of", "2026-11-01");
    const holds = (text: string): boolean => readFileSync(dir.file("tenant.duckdb")).includes(text);
    expect([holds("vanished"), holds("unforgettable9001@")]).toEqual([true, true]);
    forget(dir, "--import", "1");
    expect([holds("vanished"), holds("unforgettable9001@")]).toEqual([false, true]);
    expect(userIds(dir)).toEqual([id(9001)]);
    expect(dir.list()).toEqual(["new.json", "old.json", "tenant.duckdb"]);
  });

  test("what it had replaced counts again", () => {
    const dir = new Workdir();
    dir.write("a.json", users(1, 2));
    dir.write("b.json", users(1));
    dir.import("a.json", "--as-of", "2026-11-01");
    dir.import("b.json", "--as-of", "2026-11-01");
    expect(userIds(dir)).toEqual([id(1)]);
    const { count_again: again } = forget(dir, "--import", "2");
    expect(again.map((row) => row["file_name"])).toEqual(["a.json"]);
    expect(userIds(dir)).toEqual([id(1), id(2)]);
  });

  test("an export that it had continued is incomplete again", () => {
    const dir = new Workdir();
    dir.write("one.json", { ...users(1), "@odata.nextLink": "https://graph/next" });
    dir.write("two.json", users(2));
    dir.import("one.json", "--as-of", "2026-11-01");
    dir.import("two.json", "--as-of", "2026-11-01");
    const verdicts = "select distinct completeness from meta.snapshots";
    expect(dir.query(verdicts)).toEqual([{ completeness: "Complete" }]);
    forget(dir, "--import", "2");
    expect(dir.query(verdicts)).toEqual([{ completeness: "Incomplete" }]);
    expect(userIds(dir)).toEqual([id(1)]);
  });

  test("says how many events other files had too, and how to have them again", () => {
    const dir = new Workdir();
    dir.write(
      "first.json",
      signIns(signIn(10, "2026-10-01"), signIn(11, "2026-10-02"), signIn(12, "2026-10-03")),
    );
    dir.write(
      "second.json",
      signIns(signIn(11, "2026-10-02"), signIn(12, "2026-10-03", "Renamed"), signIn(13, "2026-10-04")),
    );
    dir.import("first.json");
    dir.import("second.json");
    expect(dir.query("from meta.shared_events order by source_file_id")).toEqual([
      { source_file_id: 1, other_file_id: 2, records: 1 },
      { source_file_id: 2, other_file_id: 1, records: 1 },
    ]);
    const { events_elsewhere: elsewhere } = forget(dir, "--import", "2", "--dry-run");
    expect(elsewhere).toEqual([{ file_name: "first.json", dataset: "sign_ins", records: 1 }]);
    const { stderr } = dir.run("forget", "--import", "2");
    expect(stderr).toContain("1 event had been in first.json too");
    expect(stderr).toContain("m365-offline import first.json --as sign_ins");
    const ids = "select id from raw.sign_ins order by id";
    expect(dir.query(ids)).toEqual([{ id: id(10) }, { id: id(11) }]);
    expect(dir.query("select records_elsewhere as n from meta.forgotten")).toEqual([{ n: 1 }]);
    dir.import("first.json", "--as", "sign_ins");
    expect(dir.query(ids)).toEqual([{ id: id(10) }, { id: id(11) }, { id: id(12) }]);
    expect(dir.query(equation)).toEqual([{ n: 0 }]);
  });

  test("the tenant that it had named is nobody's any more, and another may come", () => {
    const dir = new Workdir();
    const organization = (tenant: number, displayName: string): object =>
      page("organization", [{ id: id(tenant), displayName, verifiedDomains: [] }]);
    dir.write("one.json", organization(1, "Contoso"));
    dir.write("two.json", organization(2, "Fabrikam"));
    dir.import("one.json", "--as-of", "2026-11-01");
    expect(dir.run("import", "two.json", "--as-of", "2026-11-01").status).toBe(4);
    forget(dir, "--import", "1");
    expect(dir.run("import", "two.json", "--as-of", "2026-11-01").status).toBe(0);
    expect(dir.query("select tenant_name as t from meta.tenant")).toEqual([{ t: "Fabrikam" }]);
  });
});

describe("forget --before", () => {
  test("takes out the exports of days before, keeps those of the day, and names the outputs that lose", () => {
    const dir = new Workdir();
    dir.write("old.json", users(1, 2));
    dir.write("new.json", users(1));
    dir.import("old.json", "--as-of", "2026-10-01");
    dir.import("new.json", "--as-of", "2026-11-01");
    const { files, losses } = forget(dir, "--before", "2026-11-01");
    expect(files.map((file) => file["file_name"])).toEqual(["old.json"]);
    expect(losses).toEqual([]);
    expect(userIds(dir)).toEqual([id(1)]);
    expect(userIds(dir, "--as-of", "2026-10-15")).toEqual([]);
    const all = forget(dir, "--before", "2027-01-01");
    expect(all.losses.map((row) => [row["output"], row["data_status"]])).toContainEqual([
      "users",
      "Not supplied",
    ]);
    expect(all.newest_date).toBe(null);
    expect(dir.run("status").status).toBe(0);
  });

  test("takes old events out of a file that reaches beyond the day, and the ledger stays true", () => {
    const dir = new Workdir();
    dir.write("log.json", signIns(signIn(1, "2026-09-29"), signIn(2, "2026-09-30"), signIn(3, "2026-10-01")));
    dir.import("log.json");
    const { files } = forget(dir, "--before", "2026-10-01");
    expect(files.map((file) => [file["is_whole"], file["records_read"], file["records_forgotten"]])).toEqual([
      [false, 3, 2],
    ]);
    expect(dir.query("select id from raw.sign_ins")).toEqual([{ id: id(3) }]);
    expect(dir.query("select records_read as r, records_loaded as l from meta.source_files")).toEqual([
      { r: 1, l: 1 },
    ]);
    expect(dir.query("select first_date::varchar as d from meta.snapshots")).toEqual([{ d: "2026-10-01" }]);
    expect(forget(dir, "--before", "2026-10-01").files).toEqual([]);
    expect(dir.query("select count(*) as n from meta.forgotten")).toEqual([{ n: 1 }]);
  });

  test("of what stays of a log, what only the old events had is not exported any more", () => {
    const dir = new Workdir();
    const event = (number: number, day: string, more: object): object => ({
      id: id(number),
      createdDateTime: `${day}T08:00:00Z`,
      userId: id(1),
      appId: id(9),
      ...more,
    });
    const value = [
      event(1, "2026-10-01", { status: { errorCode: 0 } }),
      event(2, "2026-10-02", { status: { errorCode: 0 } }),
      event(3, "2026-10-20", {}),
      event(4, "2026-10-21", {}),
    ];
    dir.import(
      dir.write("signIns.json", { "@odata.context": "https://x/v1.0/$metadata#auditLogs/signIns", value }),
    );
    forget(dir, "--before", "2026-10-10");
    expect(
      dir.query(
        "select property, records_present as n from meta.source_properties where property in ('status', 'appId') order by 1",
      ),
    ).toEqual([
      { property: "appId", n: 2 },
      { property: "status", n: 0 },
    ]);
    expect(dir.query("select data_status as s from output_status where output = 'app_summary'")).toEqual([
      { s: "Partial" },
    ]);
  });

  test("keeps the lists that are of no day", () => {
    const dir = new Workdir();
    dir.write(
      "prices.csv",
      "SKU part number,Unit price,Currency,Billing period,Valid from\nSPE_E3,36.00,USD,month,2020-01-01\n",
    );
    dir.write("users.json", users(1));
    dir.import(".", "--as-of", "2026-10-01");
    expect(forget(dir, "--before", "2027-01-01").files.map((file) => file["dataset"])).toEqual(["users"]);
    expect(dir.query("select count(*) as n from raw.sku_prices")).toEqual([{ n: 1 }]);
  });
});

test("a dry run says what would go and changes nothing", () => {
  const dir = new Workdir();
  dir.write("users.json", users(1));
  dir.import("users.json", "--as-of", "2026-11-01");
  const before = readFileSync(dir.file("tenant.duckdb"));
  const { status, stdout } = dir.run("forget", "--import", "1", "--dry-run");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Would forget 1 file: 1 record\.\n/);
  expect(readFileSync(dir.file("tenant.duckdb")).equals(before)).toBe(true);
});

test("a database that is open for writing elsewhere is busy, and nothing of it goes", async () => {
  const dir = new Workdir();
  dir.write("users.json", users(1));
  dir.import("users.json", "--as-of", "2026-11-01");
  const other = await openForImport(dir.file("tenant.duckdb"), "");
  try {
    expect(dir.run("forget", "--import", "1").status).toBe(4);
  } finally {
    other.close();
  }
  expect(userIds(dir)).toEqual([id(1)]);
});

describe("what makes no sense is refused with the cure", () => {
  const dir = new Workdir();
  const cases: (readonly [args: readonly string[], says: string])[] = [
    [[], "say what to forget: --import N or --before DATE"],
    [["--import", "1", "--before", "2026-11-01"], "not both"],
    [["--import", "7"], "there is no import 7. The imports are: 1 ("],
    [["--import", "one"], "--import takes the number of an import"],
    [["--before", "yesterday"], "--before takes a day as YYYY-MM-DD"],
  ];
  test.each(cases)("%j", (args, says) => {
    if (!dir.has("tenant.duckdb")) dir.import(dir.write("users.json", users(1)));
    const { status, stderr } = dir.run("forget", ...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  test("a database that is not there", () => {
    expect(dir.run("forget", "--import", "1", "--db", "none.duckdb").status).toBe(4);
  });

  test("records of a dataset whose schema is not said", () => {
    const own = new Workdir();
    const schema = {
      $id: "badges",
      title: "Badges",
      description: "Badges, one record per badge.",
      "x-kind": "state",
      "x-key": ["badgeNumber"],
      "x-recognise": [["badgeNumber"]],
      "x-export": { graph: "none", portal: "none" },
      type: "object",
      required: ["badgeNumber"],
      properties: { badgeNumber: { description: "Number.", type: "string" } },
    };
    own.write("schemas/badges.schema.json", schema);
    own.write("badges.json", [{ badgeNumber: "17" }]);
    own.import("badges.json", "--schemas", "schemas", "--as-of", "2026-11-01");
    const { status, stderr } = own.run("forget", "--import", "1");
    expect([status, stderr]).toEqual([2, expect.stringContaining("--schemas DIR")]);
    expect(own.run("forget", "--import", "1", "--schemas", "schemas").status).toBe(0);
  });
});
