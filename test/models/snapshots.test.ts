import { describe, expect, test } from "vitest";
import { given, type Facts, type GivenFile } from "./given.ts";

const users = (id: string, facts: Facts): GivenFile => ["users", [{ id }], facts];
const mailboxes = (userPrincipalName: string, reportPeriod: number, facts: Facts): GivenFile => [
  "mailbox_usage_detail",
  [{ userPrincipalName, reportPeriod }],
  facts,
];
const cut = { completeness: "Incomplete", reason: "paging stopped before the last page" } as const;

describe("which users are read", () => {
  const cases: (readonly [
    name: string,
    files: readonly GivenFile[],
    asOf: string | undefined,
    ids: readonly string[],
  ])[] = [
    [
      "the newest snapshot",
      [users("new", { date: "2026-10-31" }), users("old", { date: "2026-09-30" })],
      undefined,
      ["new"],
    ],
    [
      "the newest up to as_of",
      [users("old", { date: "2026-09-30" }), users("new", { date: "2026-10-31" })],
      "2026-10-30",
      ["old"],
    ],
    [
      "the newest of the very day",
      [users("old", { date: "2026-09-30" }), users("new", { date: "2026-10-31" })],
      "2026-10-31",
      ["new"],
    ],
    ["none before the first", [users("old", { date: "2026-09-30" })], "2026-09-29", []],
    [
      "an older complete one before a newer incomplete one",
      [users("whole", { date: "2026-09-30" }), users("cut", { date: "2026-10-31", ...cut })],
      undefined,
      ["whole"],
    ],
    [
      "an incomplete one where there is no other",
      [users("cut", { date: "2026-10-31", ...cut })],
      undefined,
      ["cut"],
    ],
    [
      "the newest of several incomplete ones",
      [users("cut1", { date: "2026-09-30", ...cut }), users("cut2", { date: "2026-10-31", ...cut })],
      undefined,
      ["cut2"],
    ],
    [
      "one that cannot show its end, as if it were complete",
      [users("whole", { date: "2026-09-30" }), users("csv", { date: "2026-10-31", completeness: "Unknown" })],
      undefined,
      ["csv"],
    ],
    ["all files of one collection", [users("a", {}), users("b", {})], undefined, ["a", "b"]],
    ["the later import of the same day", [users("a", {}), users("a2", { import: 2 })], undefined, ["a2"]],
    [
      "the earlier one, when the later is incomplete",
      [users("a", {}), users("b", { import: 2, ...cut })],
      undefined,
      ["a"],
    ],
    [
      "both, when the later continues an incomplete one",
      [users("a", cut), users("b", { import: 2 })],
      undefined,
      ["a", "b"],
    ],
    [
      "the later, when it repeats an incomplete one",
      [users("a", cut), users("a", { import: 2 })],
      undefined,
      ["a"],
    ],
  ];
  test.each(cases)("%s", async (_name, files, asOf, ids) => {
    const query = await given(...files);
    const rows = await query(
      "select user_id from intermediate.current_users order by user_id",
      asOf === undefined ? {} : { as_of: asOf },
    );
    expect(rows.map(({ user_id }) => user_id)).toEqual(ids);
  });
});

test("of several report periods of one day the longest is read, unless it is incomplete", async () => {
  const sql = "select user_principal_name as name from intermediate.report_activity";
  const whole = await given(mailboxes("d7", 7, {}), mailboxes("d180", 180, {}), mailboxes("d30", 30, {}));
  expect(await whole(sql)).toEqual([{ name: "d180" }]);
  const partly = await given(mailboxes("d7", 7, {}), mailboxes("d180", 180, cut), mailboxes("d30", 30, {}));
  expect(await partly(sql)).toEqual([{ name: "d30" }]);
});

test("events of all files are read, whatever their date and completeness", async () => {
  const query = await given(
    ["sign_ins", [{ id: "1", createdDateTime: "2026-08-01T00:00:00Z" }]],
    ["sign_ins", [{ id: "2", createdDateTime: "2026-10-01T00:00:00Z" }], { import: 2, ...cut }],
  );
  expect(await query("select sign_in_id as id from intermediate.current_sign_ins order by id")).toEqual([
    { id: "1" },
    { id: "2" },
  ]);
  expect(
    await query("select sign_in_id as id from intermediate.current_sign_ins order by id", {
      as_of: "2026-09-30",
    }),
  ).toEqual([{ id: "1" }]);
});

test("as_of is the newest date in the data, also of an incomplete export, but not of a list of names", async () => {
  const parameters = "from intermediate.parameters";
  const query = await given(users("a", { date: "2026-09-30" }), users("b", { date: "2026-10-31", ...cut }), [
    "sku_names",
    [{ skuId: "00000000-0000-4000-8000-000000000001", productName: "One" }],
    { date: "2026-12-31" },
  ]);
  expect(await query(parameters)).toEqual([
    { as_of: "2026-10-31", inactive_after_days: 30, reclaim_after_days: 90, without_workloads: [] },
  ]);
  expect(
    await query(parameters, { as_of: "2026-01-01", inactive_after_days: 1, reclaim_after_days: 2 }),
  ).toEqual([{ as_of: "2026-01-01", inactive_after_days: 1, reclaim_after_days: 2, without_workloads: [] }]);
  expect(await (await given())(parameters)).toEqual([
    { as_of: null, inactive_after_days: 30, reclaim_after_days: 90, without_workloads: [] },
  ]);
});

test("a dataset's coverage says what was read, what was passed over, and what answered in its place", async () => {
  const query = await given(
    users("a", { date: "2026-09-30", rejected: 1 }),
    users("b", { date: "2026-10-31", ...cut }),
    ["user_registration_details", [], { error: ["Denied", "not you"] }],
    ["sign_ins", [{ id: "1", createdDateTime: "2026-10-01T00:00:00Z" }], { completeness: "Unknown" }],
  );
  const rows = await query(
    `select dataset, is_supplied, snapshot_date, is_incomplete, is_end_unknown, has_newer_incomplete, records_loaded, records_rejected, error_code
     from intermediate.dataset_coverage where dataset in ('users', 'user_registration_details', 'sign_ins', 'subscribed_skus') order by dataset`,
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["sign_ins", true, "2026-10-01", false, true, false, 1, 0, null],
    ["subscribed_skus", false, null, null, null, null, null, null, null],
    ["user_registration_details", false, null, null, null, null, null, null, "Denied"],
    ["users", true, "2026-09-30", false, false, true, 1, 1, null],
  ]);
});

test("a property's coverage counts records that had it, had it null, or concealed", async () => {
  const query = await given(
    [
      "mailbox_usage_detail",
      [
        { userPrincipalName: "0123456789ABCDEF0123456789ABCDEF", itemCount: null },
        { userPrincipalName: "ann" },
      ],
    ],
    ["mailbox_usage_detail", [{ userPrincipalName: "bob" }]],
  );
  const rows = await query(
    `select property, records, records_present, records_unselected, records_null, records_concealed
     from intermediate.property_coverage where property in ('userPrincipalName', 'itemCount', 'hasArchive') order by property`,
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["hasArchive", 3, 0, 3, 0, 0],
    ["itemCount", 3, 1, 1, 1, 0],
    ["userPrincipalName", 3, 3, 0, 0, 1],
  ]);
});

test("an error answer is of the day of what came with it, and says nothing of days before", async () => {
  const query = await given(
    ["users", [{ id: "ann" }], { date: "2026-10-01", import: 1 }],
    ["users", [{ id: "ann" }], { date: "2026-11-01", import: 2 }],
    ["user_registration_details", [], { error: ["Authorization_RequestDenied", "no"], import: 2 }],
  );
  const reason = async (asOf: string): Promise<unknown> =>
    (await query("select mfa_status_reason as reason from mfa_status", { as_of: asOf }))[0]?.["reason"];
  expect(await reason("2026-10-01")).toBe("No registration details were supplied");
  expect(await reason("2026-11-01")).toBe(
    "Registration details could not be exported: Authorization_RequestDenied: no",
  );
});

test("records that were rejected later say nothing of days before", async () => {
  const query = await given(
    ["users", [{ id: "ann" }], { date: "2026-10-01", import: 1 }],
    ["users", [{ id: "ann" }], { date: "2026-11-01", rejected: 3, import: 2 }],
  );
  const count = async (asOf: string): Promise<number> =>
    (await query("select * from data_quality where finding = 'rejected_records'", { as_of: asOf })).length;
  expect([await count("2026-10-01"), await count("2026-11-01")]).toEqual([0, 1]);
});
