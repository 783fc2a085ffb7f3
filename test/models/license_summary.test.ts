import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, e5, given, odd, type Facts, type GivenFile } from "./given.ts";
import { activeRow, skus, user } from "./people.ts";

const units = (more: Row = {}): Row => ({ enabled: 10, warning: 2, suspended: 1, lockedOut: 0, ...more });
const sku = (more: Row = {}, facts: Facts = {}): GivenFile => [
  "subscribed_skus",
  [{ ...skus[1][0], prepaidUnits: units(), consumedUnits: 4, ...more }],
  facts,
];
const people: GivenFile = [
  "users",
  [
    user("active"),
    user("disabled", { accountEnabled: false }),
    user("inactive"),
    user("none"),
    user("other", { assignedLicenses: [] }),
    user("failed", {
      assignedLicenses: [],
      licenseAssignmentStates: [
        { skuId: e3, assignedByGroup: "g1", state: "Error", error: "CountViolation" },
      ],
    }),
  ],
];
const activity: GivenFile = [
  "office365_active_user_detail",
  [
    activeRow("active", { teamsLastActivityDate: "2026-10-30" }),
    activeRow("disabled", { teamsLastActivityDate: "2026-10-30" }),
    activeRow("inactive", { teamsLastActivityDate: "2026-07-01" }),
    activeRow("none"),
  ],
];

const without = ([dataset, records, facts]: GivenFile, property: string): GivenFile => [
  dataset,
  records.map(({ [property]: _left, ...record }) => record),
  facts,
];
const cut = ([dataset, records]: GivenFile, facts: Facts): GivenFile => [dataset, records, facts];

test("a SKU has its units, its users and what of it nobody uses", async () => {
  const query = await given(sku(), people, activity);
  expect(await query("from license_summary")).toEqual([
    {
      sku_id: e3,
      sku_part_number: "E3",
      product_name: "Office E3",
      sku_class: "Unknown",
      applies_to: "User",
      capability_status: "Enabled",
      enabled_units: 10,
      warning_units: 2,
      suspended_units: 1,
      locked_out_units: 0,
      usable_units: 12,
      consumed_units: 4,
      available_units: 8,
      assigned_users: 4,
      account_disabled_users: 1,
      inactive_users: 1,
      no_activity_users: 1,
      reclaimable_units: 3,
      surplus_units: 11,
      subscribed_sku_ids: "contoso_e3",
      data_status: "Partial",
      sku_active_users: 2,
      sku_inactive_users: 1,
      sku_no_activity_users: 1,
      sku_not_monitored_users: 0,
      sku_not_available_users: 0,
      inactive_assigned_units: 2,
      reclaimable_review_units: 3,
      surplus_units_sure: 8,
      available_enabled_units: 6,
      at_risk_units: 0,
      units_snapshot_date: "2026-10-31",
    },
  ]);
});

test("a SKU of several accounts is summed; a sum with an unknown part is unknown", async () => {
  const query = await given([
    "subscribed_skus",
    [
      {
        id: "b",
        skuId: e3,
        skuPartNumber: "E3",
        appliesTo: "User",
        capabilityStatus: "Warning",
        consumedUnits: 2,
        prepaidUnits: units(),
      },
      {
        id: "a",
        skuId: e3,
        skuPartNumber: "E3",
        appliesTo: "User",
        capabilityStatus: "Enabled",
        consumedUnits: 3,
        prepaidUnits: units(),
      },
      { id: "c", skuId: e5, skuPartNumber: "E5", consumedUnits: 3, prepaidUnits: units() },
      {
        id: "d",
        skuId: e5,
        skuPartNumber: "E5",
        consumedUnits: null,
        prepaidUnits: units({ warning: null, lockedOut: undefined }),
      },
    ],
  ]);
  const rows = await query(
    `select sku_part_number, capability_status, enabled_units, warning_units, suspended_units, locked_out_units, usable_units, consumed_units,
     available_units, subscribed_sku_ids from license_summary order by sku_id`,
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["E3", "Enabled; Warning", 20, 4, 2, 0, 24, 5, 19, "a; b"],
    ["E5", null, 20, null, 2, null, null, null, null, "c; d"],
  ]);
});

test.each([
  ["over-assigned: negative available, no surplus", 15, {}, [-3, 0]],
  ["over-assigned by less than can be reclaimed", 14, {}, [-2, 1]],
  ["a suspended SKU has nothing usable", 4, { enabled: 0, warning: 0, suspended: 10 }, [-4, 0]],
])("%s", async (_name, consumedUnits, prepaid, expected) => {
  const query = await given(sku({ consumedUnits, prepaidUnits: units(prepaid) }), people, activity);
  const rows = await query("select available_units, surplus_units from license_summary");
  expect(rows.map((row) => Object.values(row))).toEqual([expected]);
});

describe("a count is null, never 0, when something is missing", () => {
  const idle: GivenFile = ["users", [user("other", { assignedLicenses: [] })]];
  const lone: GivenFile = ["users", [user("active")]];
  const none = [null, null, null, null, null, null];
  // consumed, assigned, disabled, inactive, no activity, reclaimable
  const cases: (readonly [name: string, files: readonly GivenFile[], expected: readonly unknown[]])[] = [
    ["nothing: then 0 is 0", [sku(), lone, activity], [4, 1, 0, 0, 0, 0]],
    ["nothing: no user has the SKU", [sku(), idle, activity], [4, 0, 0, 0, 0, 0]],
    ["the users", [sku(), activity], [4, ...none.slice(1)]],
    ["assignedLicenses", [sku(), without(people, "assignedLicenses"), activity], [4, ...none.slice(1)]],
    [
      "assignedLicenses, though the paths are there",
      [
        sku(),
        [
          "users",
          [
            user("ann", {
              assignedLicenses: undefined,
              licenseAssignmentStates: [{ skuId: e3, state: "Active" }],
            }),
          ],
        ],
      ],
      [4, ...none.slice(1)],
    ],
    [
      "assignedLicenses of one user",
      [
        sku(),
        ["users", [user("other", { assignedLicenses: [] }), user("ann", { assignedLicenses: null })]],
        activity,
      ],
      [4, ...none.slice(1)],
    ],
    [
      "assignedLicenses of one user: else a lower bound",
      [sku(), ["users", [user("active"), user("ann", { assignedLicenses: null })]], activity],
      [4, 1, null, null, null, null],
    ],
    [
      "assignedLicenses in one of two files",
      [sku(), lone, ["users", [{ id: "bob" }]], activity],
      [4, 1, ...none.slice(2)],
    ],
    [
      "the rest of the users",
      [sku(), cut(lone, { completeness: "Incomplete" }), activity],
      [4, 1, null, null, null, null],
    ],
    [
      "the rest of the users, where nobody so far has the SKU",
      [sku(), cut(idle, { completeness: "Incomplete" }), activity],
      [4, ...none.slice(1)],
    ],
    ["rejected users", [sku(), cut(idle, { rejected: 1 }), activity], [4, ...none.slice(1)]],
    ["accountEnabled", [sku(), without(lone, "accountEnabled"), activity], [4, 1, null, 0, 0, null]],
    [
      "createdDateTime: no activity since when?",
      [sku(), ["users", [user("none", { createdDateTime: undefined })]], activity],
      [4, 1, 0, 0, 1, null],
    ],
    ["the reports", [sku(), lone], [4, 1, 0, null, null, null]],
    ["the reports, with disabled accounts: a lower bound", [sku(), people], [4, 4, 1, null, null, 1]],
    [
      "fresh reports: the statuses stand, reclaiming waits",
      [sku(), ["users", [user("inactive")], { date: "2026-12-31" }], activity],
      [4, 1, 0, 1, 0, null],
    ],
    [
      "a dates column of the report",
      [
        sku(),
        lone,
        ["office365_active_user_detail", [{ ...activeRow("active"), teamsLastActivityDate: undefined }]],
      ],
      [4, 1, 0, null, null, null],
    ],
    ["the subscribed SKUs: units unknown", [people, activity], [null, 4, 1, 1, 1, 3]],
    ["consumedUnits", [without(sku(), "consumedUnits"), lone, activity], [null, 1, 0, 0, 0, 0]],
  ];
  test.each(cases)("%s", async (_name, files, expected) => {
    const query = await given(...files);
    const rows = await query(
      `select consumed_units, assigned_users, account_disabled_users, inactive_users, no_activity_users, reclaimable_units,
       from license_summary where sku_id = '${e3}'`,
    );
    expect(rows.map((row) => Object.values(row))).toEqual([expected]);
  });

  test("the units, when the subscribed SKUs or their prepaidUnits are missing", async () => {
    const sql = `select enabled_units, warning_units, suspended_units, locked_out_units, usable_units, available_units, surplus_units,
      subscribed_sku_ids from license_summary`;
    const missing = Object.values((await (await given(people, activity))(sql))[0] ?? {});
    expect(missing).toEqual([null, null, null, null, null, null, null, null]);
    const unstated = Object.values(
      (await (await given(without(sku(), "prepaidUnits"), people, activity))(sql))[0] ?? {},
    );
    expect(unstated).toEqual([null, null, null, null, null, null, null, "contoso_e3"]);
  });

  test("surplus, when the reclaimable units are unknown", async () => {
    const query = await given(sku(), lone);
    expect(await query("select available_units, surplus_units from license_summary")).toEqual([
      { available_units: 8, surplus_units: null },
    ]);
  });
});

test.each([
  ["no users", [sku()], ["Partial"]],
  ["an incomplete list of SKUs and no users", [sku({}, { completeness: "Incomplete" })], ["Partial"]],
  ["no subscribed SKUs", [people], ["Partial"]],
] as (readonly [string, readonly GivenFile[], readonly string[]])[])(
  "with %s each row is Partial",
  async (_name, files, expected) => {
    const query = await given(...files);
    expect((await query("select data_status from license_summary")).map((row) => row["data_status"])).toEqual(
      expected,
    );
  },
);

test("a SKU that users have and the subscribed SKUs lack has a row of its own, without units", async () => {
  const query = await given(
    sku(),
    ["users", [user("ann", { assignedLicenses: [{ skuId: odd, disabledPlans: [] }] })]],
    activity,
  );
  const rows = await query(
    "select sku_id, sku_part_number, product_name, consumed_units, assigned_users from license_summary order by sku_id",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    [odd, null, null, null, 1],
    [e3, "E3", "Office E3", 4, 0],
  ]);
});

test("as_of reads the SKUs and users of that day", async () => {
  const query = await given(
    sku({ consumedUnits: 1 }, { date: "2026-09-30" }),
    sku({ consumedUnits: 2 }),
    people,
  );
  const sql = "select consumed_units, assigned_users from license_summary";
  expect(await query(sql)).toEqual([{ consumed_units: 2, assigned_users: 4 }]);
  expect(await query(sql, { as_of: "2026-10-30" })).toEqual([{ consumed_units: 1, assigned_users: null }]);
});

test("the viewer's time zone changes nothing", async () => {
  const query = await given(
    sku(),
    [
      "users",
      [
        user("inactive", {
          createdDateTime: "2026-06-30T23:30:00Z",
          signInActivity: { lastSignInDateTime: "2026-08-01T23:30:00Z" },
        }),
      ],
    ],
    activity,
  );
  const answers = [];
  for (const timeZone of ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
    answers.push(await query("from license_summary", { timeZone, as_of: "2026-10-31" }));
  expect(answers[0]).toMatchObject([
    { assigned_users: 1, inactive_users: 1, reclaimable_units: 1, surplus_units: 9 },
  ]);
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});
