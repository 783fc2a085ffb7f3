import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { countOperators, e3, e5, given, type Facts, type GivenFile } from "./given.ts";
import { activeRow, upn, user } from "./people.ts";

const october = { date: "2026-10-01" };
const november = { date: "2026-11-01", import: 2 };
const cut = { completeness: "Incomplete", reason: "paging stopped before the last page" } as const;

const values = (rows: readonly Row[]): unknown[][] => rows.map((row) => Object.values(row));

/** A subscribed SKU with so many units, of which so many are consumed. */
function sku(skuId: string, enabled: number | null, consumedUnits: number, id = skuId): Row {
  return {
    id,
    skuId,
    skuPartNumber: `PART-${skuId.slice(-2)}`,
    consumedUnits,
    prepaidUnits: { enabled, warning: 1, suspended: 0, lockedOut: 0 },
  };
}

const skus = (facts: Facts, ...records: readonly Row[]): GivenFile => ["subscribed_skus", records, facts];
const users = (facts: Facts, ...records: readonly Row[]): GivenFile => ["users", records, facts];

describe("license_history", () => {
  const history = `select snapshot_date, sku_part_number, enabled_units as units, consumed_units as consumed, assigned_users as users, completeness
    from license_history order by all`;

  test("has a row for each SKU on each date of an export", async () => {
    const query = await given(
      skus(october, sku(e3, 10, 2), sku(e5, 5, 0)),
      users(october, user("ann"), user("bob")),
      skus(november, sku(e3, 12, 1)),
      users(november, user("ann"), user("cy", { assignedLicenses: [{ skuId: e5, disabledPlans: [] }] })),
    );
    expect(values(await query(history))).toEqual([
      ["2026-10-01", "PART-e3", 10, 2, 2, "Complete"],
      ["2026-10-01", "PART-e5", 5, 0, 0, "Complete"],
      ["2026-11-01", "E5", null, null, 1, null],
      ["2026-11-01", "PART-e3", 12, 1, 1, "Complete"],
    ]);
    expect(values(await query(history, { as_of: "2026-10-31" })).map(([date]) => date)).toEqual([
      "2026-10-01",
      "2026-10-01",
    ]);
  });

  test("sums the subscriptions of a SKU; a sum with an unknown part is unknown", async () => {
    const query = await given(
      skus(october, sku(e3, 10, 2, "a"), sku(e3, 5, 3, "b"), sku(e5, null, 1, "c"), sku(e5, 5, 1, "d")),
    );
    expect(values(await query(history))).toEqual([
      ["2026-10-01", "PART-e3", 15, 5, null, "Complete"],
      ["2026-10-01", "PART-e5", null, 2, null, "Complete"],
    ]);
  });

  test("reads what counted then where one of the two was not exported that day, and says of when it is", async () => {
    const query = await given(skus(october, sku(e3, 10, 2)), users(november, user("ann")));
    const rows = await query(
      "select snapshot_date, enabled_units, assigned_users, subscribed_skus_date, users_date from license_history order by all",
    );
    expect(values(rows)).toEqual([
      ["2026-10-01", 10, null, "2026-10-01", null],
      ["2026-11-01", 10, 1, "2026-10-01", "2026-11-01"],
    ]);
  });

  const uncounted: (readonly [name: string, file: GivenFile])[] = [
    ["is incomplete", users({ ...october, ...cut }, user("ann"))],
    ["has rejected records", users({ ...october, rejected: 1 }, user("ann"))],
    ["has no licenses", users(october, { id: "ann", userPrincipalName: upn("ann") })],
    ["has some users without licenses", users(october, user("ann"), user("bob", { assignedLicenses: null }))],
  ];
  test.each(uncounted)("does not count the users of an export that %s", async (_name, file) => {
    const query = await given(skus(october, sku(e3, 10, 2)), file);
    expect(values(await query("select consumed_units, assigned_users from license_history"))).toEqual([
      [2, null],
    ]);
  });

  test("marks an incomplete snapshot, and counts users by the complete one before", async () => {
    const query = await given(
      skus(october, sku(e3, 10, 2), sku(e5, 1, 1)),
      users(october, user("ann"), user("bob")),
      skus({ ...november, ...cut }, sku(e3, 10, 2)),
      users({ ...november, ...cut }, user("ann")),
    );
    expect(
      values(await query(history.replace("order by", "where snapshot_date > '2026-10-01' order by"))),
    ).toEqual([["2026-11-01", "PART-e3", 10, 2, 2, "Incomplete"]]);
  });

  test("leaves out what a later import of the day has replaced", async () => {
    const query = await given(skus(october, sku(e3, 10, 2)), skus({ ...october, import: 2 }, sku(e3, 11, 3)));
    expect(values(await query(history))).toEqual([["2026-10-01", "PART-e3", 11, 3, null, "Complete"]]);
  });
});

describe("mfa_history", () => {
  const history = "select snapshot_date, user_id, mfa_status, completeness from mfa_history order by all";
  const registrations = (facts: Facts, ...records: readonly Row[]): GivenFile => [
    "user_registration_details",
    records,
    facts,
  ];
  const person = (id: string, isMfaRegistered: boolean | null, isMfaCapable: boolean | null): Row => ({
    id,
    userPrincipalName: upn(id),
    isMfaRegistered,
    isMfaCapable,
    isAdmin: false,
  });

  test("has a row for each user on each date, with the status by the rule", async () => {
    const query = await given(
      registrations(
        october,
        person("ann", false, false),
        person("bob", true, false),
        person("cy", false, true),
        person("dee", true, null),
      ),
      registrations(november, person("ann", true, true)),
    );
    expect(values(await query(history))).toEqual([
      ["2026-10-01", "ann", "Disabled", "Complete"],
      ["2026-10-01", "bob", "Non-compliant", "Complete"],
      ["2026-10-01", "cy", "Enabled", "Complete"],
      ["2026-10-01", "dee", "Not Available", "Complete"],
      ["2026-11-01", "ann", "Enabled", "Complete"],
    ]);
    expect(await query(history, { as_of: "2026-10-31" })).toHaveLength(4);
  });

  test("marks an incomplete snapshot, takes the newer of two records, and leaves out what was replaced", async () => {
    const query = await given(
      registrations(
        { ...october, ...cut },
        { ...person("ann", false, false), lastUpdatedDateTime: "2026-09-01T00:00:00Z" },
        { ...person("ann", true, true), lastUpdatedDateTime: "2026-09-30T00:00:00Z" },
      ),
      registrations(november, person("bob", true, true)),
      registrations({ ...november, import: 3 }, person("cy", true, true)),
    );
    expect(values(await query(history))).toEqual([
      ["2026-10-01", "ann", "Enabled", "Incomplete"],
      ["2026-11-01", "cy", "Enabled", "Complete"],
    ]);
  });
});

describe("activity_history", () => {
  const history =
    "select snapshot_date, user_id, user_principal_name, activity_status, last_activity_date, completeness from activity_history order by all";
  const active = (facts: Facts, ...records: readonly Row[]): GivenFile => [
    "office365_active_user_detail",
    records,
    facts,
  ];

  test("has a row for each user whom the reports of a date name, with the status that they show", async () => {
    const query = await given(
      users(october, user("ann"), user("bob")),
      active(
        october,
        activeRow("ann", { teamsLastActivityDate: "2026-09-01" }),
        activeRow("bob", { exchangeLastActivityDate: "2026-08-31" }),
        activeRow("cy"),
      ),
      [
        "mailbox_usage_detail",
        [
          { userPrincipalName: upn("dee"), lastActivityDate: "2026-01-01", storageUsedInBytes: 5 },
          { userPrincipalName: upn("ann"), lastActivityDate: null, storageUsedInBytes: 7 },
        ],
        october,
      ],
      active(november, activeRow("ann", { teamsLastActivityDate: "2026-09-01" })),
    );
    expect(values(await query(history))).toEqual([
      ["2026-10-01", "ann", upn("ann"), "Active", "2026-09-01", "Complete"],
      ["2026-10-01", "bob", upn("bob"), "Inactive", "2026-08-31", "Complete"],
      ["2026-10-01", null, upn("cy"), "No activity", null, "Complete"],
      // The mailbox report alone does not show what else was used.
      ["2026-10-01", null, upn("dee"), "Not Available", "2026-01-01", "Complete"],
      ["2026-11-01", "ann", upn("ann"), "Inactive", "2026-09-01", "Complete"],
    ]);
    const storage =
      "select user_principal_name, mailbox_storage_bytes, onedrive_storage_bytes, storage_used_bytes from activity_history where mailbox_storage_bytes > 0 order by all";
    expect(values(await query(storage))).toEqual([
      [upn("ann"), 7, null, 7],
      [upn("dee"), 5, null, 5],
    ]);
    expect(values(await query(history, { as_of: "2026-10-31" }))).toHaveLength(4);
    expect(values(await query(history, { inactive_after_days: 31 }))[1]?.[3]).toBe("Active");
  });

  test("does not say Inactive or No activity by a report that lacks the dates of a workload", async () => {
    const { teamsLastActivityDate: _left, ...row } = activeRow("ann", {
      exchangeLastActivityDate: "2026-01-01",
    });
    const query = await given(active(october, row));
    expect(values(await query(history)).map((cells) => cells[3])).toEqual(["Not Available"]);
  });

  test("leaves out concealed names and deleted accounts, and marks an incomplete report", async () => {
    const query = await given(
      active(
        { ...october, ...cut },
        { ...activeRow("ann"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" },
        activeRow("bob", { isDeleted: true }),
        activeRow("cy"),
      ),
    );
    expect(values(await query(history))).toEqual([
      ["2026-10-01", null, upn("cy"), "No activity", null, "Incomplete"],
    ]);
  });

  test("reads the longest period of the reports of one date, in whatever order they came", async () => {
    const edition = (reportPeriod: number, lastActivityDate: string | null, facts: Facts): GivenFile => [
      "email_activity_user_detail",
      [{ userPrincipalName: upn("ann"), reportPeriod, lastActivityDate }],
      facts,
    ];
    const later = { ...october, import: 2 };
    for (const files of [
      [edition(7, null, october), edition(180, "2026-05-05", later)],
      [edition(180, "2026-05-05", october), edition(7, null, later)],
    ]) {
      const query = await given(...files);
      expect(values(await query(history)).map((cells) => cells.slice(3, 5))).toEqual([
        ["Not Available", "2026-05-05"],
      ]);
    }
  });
});

describe("of several editions of a report the dates are taken from the longest, the counts from 30 days", () => {
  const mailboxes = (reportPeriod: number, facts: Facts): GivenFile => [
    "mailbox_usage_detail",
    [{ userPrincipalName: `d${reportPeriod}`, reportPeriod }],
    facts,
  ];
  const read = (files: string): string =>
    `select user_principal_name as name from staging.mailbox_usage_detail join intermediate.${files} using (source_file_id)`;
  const cases: (readonly [name: string, files: readonly GivenFile[], dates: string, counts: string])[] = [
    ["D7 before D30", [mailboxes(7, october), mailboxes(30, { ...october, import: 2 })], "d30", "d30"],
    ["D30 before D7", [mailboxes(30, october), mailboxes(7, { ...october, import: 2 })], "d30", "d30"],
    ["D30 before D180", [mailboxes(30, october), mailboxes(180, { ...october, import: 2 })], "d180", "d30"],
    ["D180 before D30", [mailboxes(180, october), mailboxes(30, { ...october, import: 2 })], "d180", "d30"],
    ["D30 of an older date", [mailboxes(30, october), mailboxes(7, november)], "d7", "d7"],
    [
      "D30 that is incomplete",
      [mailboxes(30, { ...october, ...cut }), mailboxes(90, { ...october, import: 2 })],
      "d90",
      "d90",
    ],
    ["D7 alone", [mailboxes(7, october)], "d7", "d7"],
  ];
  test.each(cases)("%s", async (_name, files, dates, counts) => {
    const query = await given(...files);
    expect(await query(read("current_files"))).toEqual([{ name: dates }]);
    expect(await query(read("current_count_files"))).toEqual([{ name: counts }]);
  });
});

test("pages that follow some days later continue their export; a new export does not", async () => {
  const sql = "select user_id, snapshot_date from intermediate.current_users order by user_id";
  const tuesday = { date: "2026-10-02", import: 2 };
  const followed = await given(users({ ...october, ...cut }, user("a")), users(tuesday, user("b")));
  expect(values(await followed(sql))).toEqual([
    ["a", "2026-10-02"],
    ["b", "2026-10-02"],
  ]);
  expect(await followed(sql, { as_of: "2026-10-01" })).toEqual([]);
  expect(await followed("from data_quality where finding in ('dates_mixed', 'incomplete_file')")).toEqual([]);
  const three = await given(
    users({ ...october, ...cut }, user("a")),
    users({ ...tuesday, ...cut }, user("b")),
    users({ date: "2026-10-03", import: 3 }, user("c")),
  );
  expect(values(await three(sql)).map(([id]) => id)).toEqual(["a", "b", "c"]);
  expect(await three("select distinct completeness from meta.snapshots")).toEqual([
    { completeness: "Complete" },
  ]);
  const renewed = await given(users({ ...october, ...cut }, user("a")), users(tuesday, user("a"), user("b")));
  expect(values(await renewed(sql)).map(([, date]) => date)).toEqual(["2026-10-02", "2026-10-02"]);
  expect(
    await renewed("select count(*) as n from meta.snapshots where snapshot_date = '2026-10-01'"),
  ).toEqual([{ n: 1 }]);
  const late = await given(users({ ...october, ...cut }, user("a")), users({ ...november }, user("b")));
  expect(values(await late(sql)).map(([id]) => id)).toEqual(["b"]);
});

test.each(["license_history", "mfa_history", "activity_history"])("%s keeps its plan small", async (view) => {
  await given();
  expect(await countOperators(view)).toBeLessThan(250);
});

test("activity_history names users by the export that follows the reports, and is Partial with an incomplete snapshot in it", async () => {
  const row = {
    userPrincipalName: "ann@contoso.example",
    lastActivityDate: "2026-10-28",
    storageUsedInBytes: 1,
  };
  const query = await given(
    ["mailbox_usage_detail", [row], { date: "2026-10-30", import: 1 }],
    ["mailbox_usage_detail", [row], { date: "2026-09-30", completeness: "Incomplete", import: 2 }],
    ["users", [{ id: "ann", userPrincipalName: "ann@contoso.example" }], { date: "2026-11-01", import: 3 }],
  );
  expect(
    await query(
      "select snapshot_date::varchar as day, user_id from activity_history order by 1 desc limit 1",
    ),
  ).toEqual([{ day: "2026-10-30", user_id: "ann" }]);
  expect(
    await query(
      "select reasons like '%mailbox_usage_detail of 2026-09-30 is incomplete%' as is_said from output_status where output = 'activity_history'",
    ),
  ).toEqual([{ is_said: true }]);
});
