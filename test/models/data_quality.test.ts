import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { readChecks, readViews } from "../../src/transform/models.ts";
import { e3, e5, expectLookedFor, given, givenIssue, odd, today, type GivenFile } from "./given.ts";
import { activeRow, exchangePlan, upn, user } from "./people.ts";
import { everything, withoutDataset, withoutProperty } from "./tenant.ts";

const concealed = "0123456789ABCDEF0123456789ABCDEF";

const report = (...names: readonly string[]): GivenFile => [
  "office365_active_user_detail",
  names.map((name) => activeRow(name)),
];
const sku = (id: string, skuId: string, consumedUnits: number | null, appliesTo = "User") => ({
  id,
  skuId,
  skuPartNumber: id,
  consumedUnits,
  appliesTo,
});

const tenant = "518b93ed-619a-4b95-a7d1-74ede5a7d19e";
const tenantB = "618b93ed-619a-4b95-a7d1-74ede5a7d19e";
const third = "00000000-0000-4000-8000-0000000000cc";
const skuOf = (accountId: string | undefined, skuId: string): Row => ({
  ...sku(`${accountId ?? "none"} ${skuId}`, skuId, 1),
  accountId,
});

test("with everything supplied there is no finding but the note on the report that states no period", async () => {
  const query = await given(...everything);
  expect(await query("select severity, finding from data_quality")).toEqual([
    { severity: "info", finding: "report_period_unstated" },
  ]);
});

describe("each check finds what breaks its claim", () => {
  const users: GivenFile = ["users", [user("ann"), user("bob", { mail: "Bob.Lee@contoso.example" })]];
  const cut = { completeness: "Incomplete", reason: "the file is cut or damaged" } as const;
  const cases: (readonly [
    check: string,
    name: string,
    files: readonly GivenFile[],
    found: readonly (readonly unknown[])[],
  ])[] = [
    [
      "capable_users_are_registered",
      "capable but not registered",
      [
        [
          "user_registration_details",
          [
            { id: "a", isMfaCapable: true, isMfaRegistered: false },
            { id: "b", isMfaCapable: true, isMfaRegistered: true },
            { id: "c", isMfaCapable: true },
          ],
        ],
      ],
      [
        [
          "info",
          "capable_without_registered",
          "user_registration_details",
          1,
          "users who are MFA capable without a registered method, by a certificate or an external method (they count as Enabled): 1",
        ],
      ],
    ],
    [
      "capable_users_are_registered",
      "none of them",
      [["user_registration_details", [{ id: "c", isMfaCapable: true }]]],
      [],
    ],
    [
      "consumed_units_match_users",
      "other counts, company SKUs and unknown units apart",
      [
        users,
        [
          "subscribed_skus",
          [
            sku("E3", e3, 5),
            sku("E5", e5, 0),
            sku("ODD", odd, null),
            sku("CO", "00000000-0000-4000-8000-0000000000cc", 9, "Company"),
          ],
        ],
      ],
      [["warning", "consumed_units_differ", "subscribed_skus", 3, "E3: units consumed 5, users counted 2"]],
    ],
    [
      "consumed_units_match_users",
      "users without licenses exported",
      [
        ["users", [{ id: "ann" }]],
        ["subscribed_skus", [sku("E3", e3, 5)]],
      ],
      [],
    ],
    ["consumed_units_match_users", "no users", [["subscribed_skus", [sku("E3", e3, 5)]]], []],
    [
      "held_skus_are_subscribed",
      "a SKU that users hold and the subscribed SKUs lack",
      [
        [
          "users",
          [
            { id: "ann", assignedLicenses: [{ skuId: e3 }, { skuId: odd }] },
            { id: "bob", assignedLicenses: [{ skuId: odd }] },
          ],
        ],
        ["subscribed_skus", [sku("E3", e3, 1)]],
      ],
      [
        [
          "warning",
          "sku_not_subscribed",
          "subscribed_skus",
          2,
          `${odd} is assigned to users but is no subscribed SKU, so its units and its service plans are unknown`,
        ],
      ],
    ],
    [
      "held_skus_are_subscribed",
      "no subscribed SKUs at all",
      [["users", [{ id: "ann", assignedLicenses: [{ skuId: odd }] }]]],
      [],
    ],
    [
      "datasets_were_exported",
      "one missing and one refused",
      [
        ...withoutDataset("sign_ins", withoutDataset("user_registration_details")),
        ["user_registration_details", [], { error: ["Denied", "not you"] }],
      ],
      [
        [
          "error",
          "dataset_refused",
          "user_registration_details",
          null,
          "User registration details was answered with Denied: not you",
        ],
        ["warning", "dataset_missing", "sign_ins", null, "Sign-ins was not supplied"],
      ],
    ],
    [
      "dates_are_stated",
      "a date from the modification time",
      [
        ["users", [user("ann")], { dateSource: "modified_time" }],
        ["subscribed_skus", [], { dateSource: "as_of" }],
      ],
      [
        [
          "warning",
          "date_guessed",
          "users",
          null,
          `taken as of ${today}, the time at which the file was last written`,
        ],
      ],
    ],
    [
      "files_are_whole",
      "a cut file of the current snapshot",
      [["users", [user("ann")], cut]],
      [["error", "incomplete_file", "users", 1, "users-1: the file is cut or damaged"]],
    ],
    [
      "files_are_whole",
      "a newer cut file that was passed over",
      [users, ["users", [user("cy")], { ...cut, date: "2026-11-01" }]],
      [
        [
          "error",
          "incomplete_file",
          "users",
          1,
          "users-2: the file is cut or damaged; the outputs read an older export instead",
        ],
      ],
    ],
    [
      "files_are_whole",
      "not an old cut file, nor one that was superseded",
      [
        ["users", [user("ann")], { ...cut, date: "2026-09-30" }],
        ["users", [user("ann")], { ...cut, import: 1 }],
        ["users", [user("ann")], { import: 2 }],
      ],
      [],
    ],
    [
      "names_are_open",
      "concealed names",
      [
        [
          "mailbox_usage_detail",
          [
            { userPrincipalName: concealed, displayName: concealed },
            { userPrincipalName: upn("ann"), displayName: "Ann" },
          ],
        ],
      ],
      [
        [
          "warning",
          "concealed_names",
          "mailbox_usage_detail",
          1,
          "displayName is concealed in 1 of 2 records (50 %) of mailbox_usage_detail-1, which cannot be matched to users",
        ],
        [
          "warning",
          "concealed_names",
          "mailbox_usage_detail",
          1,
          "userPrincipalName is concealed in 1 of 2 records (50 %) of mailbox_usage_detail-1, which cannot be matched to users",
        ],
      ],
    ],
    [
      "records_are_valid",
      "rejected records",
      [["users", [user("ann")], { rejected: 2 }]],
      [
        [
          "error",
          "rejected_records",
          "users",
          2,
          "users-1: rejected 2 of 3 records; m365-offline rejects names them",
        ],
      ],
    ],
    [
      "rows_have_users",
      "rows of nobody; deleted, concealed and mail addresses apart",
      [
        users,
        report("ann", "gone", "lost"),
        [
          "mailbox_usage_detail",
          [
            { userPrincipalName: "bob.lee@contoso.example" },
            { userPrincipalName: concealed },
            { userPrincipalName: "x@contoso.example", isDeleted: true },
          ],
        ],
      ],
      [
        [
          "warning",
          "report_rows_without_user",
          "office365_active_user_detail",
          2,
          "rows that name nobody in the users export: 2",
        ],
      ],
    ],
    ["rows_have_users", "no users export to be in", [report("ann")], []],
    [
      "skus_have_names",
      "a SKU that no list knows",
      [["subscribed_skus", [sku("E3", e3, 1), sku("ODD", odd, 1)]]],
      [["info", "sku_without_name", "subscribed_skus", 1, "ODD has no product name in the lists"]],
    ],
    [
      "skus_have_names",
      "one that the imported list knows",
      [
        ["subscribed_skus", [sku("ODD", odd, 1)]],
        ["sku_names", [{ skuId: odd, productName: "Odd" }]],
      ],
      [],
    ],
    [
      "skus_are_of_one_account",
      "two accounts, and a record that does not say its own",
      [["subscribed_skus", [skuOf(tenant, e3), skuOf(tenantB, e3), skuOf(undefined, e5)]]],
      [
        [
          "info",
          "several_accounts",
          "subscribed_skus",
          3,
          "the subscribed SKUs are of several accounts (accountId), and the units of a SKU are the sum over them; accounts: 2",
        ],
      ],
    ],
    [
      "skus_are_of_one_account",
      "two accounts, told by the ids of the objects alone",
      [
        [
          "subscribed_skus",
          [
            { ...skuOf(undefined, e3), id: `${tenant}_${e3}` },
            { ...skuOf(undefined, e5), id: `${tenantB}_${e5}` },
          ],
        ],
      ],
      [
        [
          "info",
          "several_accounts",
          "subscribed_skus",
          2,
          "the subscribed SKUs are of several accounts (accountId), and the units of a SKU are the sum over them; accounts: 2",
        ],
      ],
    ],
    [
      "skus_are_of_one_account",
      "one account, however its id is written",
      [
        [
          "subscribed_skus",
          [
            skuOf(tenant, e3),
            skuOf(tenant.toUpperCase(), e5),
            skuOf(`{${tenant}}`, odd),
            { ...skuOf(undefined, third), id: `${tenant.toUpperCase()}_${third}` },
          ],
        ],
      ],
      [],
    ],
    [
      "skus_are_of_one_account",
      "an older export of two accounts is not read",
      [
        ["subscribed_skus", [skuOf(tenant, e3), skuOf(tenantB, e3)], { date: "2026-09-30", import: 1 }],
        ["subscribed_skus", [skuOf(tenant, e3)], { date: "2026-10-31", import: 2 }],
      ],
      [],
    ],
    [
      "snapshots_are_close",
      "8 days before and after, but not 7",
      [
        users,
        ["subscribed_skus", [], { date: "2026-10-23" }],
        ["mailbox_usage_detail", [], { date: "2026-10-24" }],
      ],
      [
        [
          "warning",
          "snapshots_apart",
          "subscribed_skus",
          null,
          "is of 2026-10-23, the users export of 2026-10-31",
        ],
      ],
    ],
    [
      "users_carry_licenses",
      "a property that no record has",
      withoutProperty("users", "assignedLicenses"),
      [["error", "property_not_exported", "users", 1, "assignedLicenses is missing in all 1 records"]],
    ],
    [
      "users_carry_licenses",
      "holds of mailboxes, without which every output stays Complete and says so",
      withoutProperty("mailboxes", "delayHoldApplied", withoutProperty("mailboxes", "inPlaceHolds")),
      ["delayHoldApplied", "inPlaceHolds"].map((name) => [
        "warning",
        "property_not_exported",
        "mailboxes",
        1,
        `${name} is missing in all 1 records`,
      ]),
    ],
    [
      "users_carry_licenses",
      "not one of an empty file, nor one that is always null",
      [
        ["user_registration_details", []],
        [
          "subscribed_skus",
          [
            {
              id: "1",
              skuId: e3,
              skuPartNumber: "E3",
              appliesTo: "User",
              capabilityStatus: "Enabled",
              prepaidUnits: null,
              consumedUnits: null,
              servicePlans: [{ servicePlanId: exchangePlan }],
            },
          ],
        ],
      ],
      [],
    ],
    [
      "users_have_registrations",
      "enabled users without a record",
      [
        [
          "users",
          [
            user("ann"),
            user("bob", { accountEnabled: false }),
            user("cy", { accountEnabled: null }),
            user("dee"),
          ],
        ],
        ["user_registration_details", [{ id: "dee" }]],
      ],
      [
        [
          "warning",
          "users_without_registration",
          "user_registration_details",
          1,
          "enabled users who are not in the registration details: 1",
        ],
      ],
    ],
    ["users_have_registrations", "no registrations at all", [users], []],
  ];
  test.each(cases)("%s: %s", async (check, _name, files, found) => {
    const query = await given(...files);
    const sql = `select severity, finding, dataset, affected_records, detail, remedy from checks.${check}`;
    const rows = await query(`${sql} order by severity, detail`, { as_of: "2026-11-01" });
    expect(rows.map(({ remedy: _remedy, ...row }) => Object.values(row))).toEqual(found);
    for (const { remedy } of rows) expect(remedy).toMatch(/^[A-Z].+\.$|GET /);
    // A way that is none helps nobody.
    for (const { remedy } of rows) expect(remedy).not.toContain("none");
    expect(
      await query(`select count(*) as rows from (${sql} except all from data_quality)`, {
        as_of: "2026-11-01",
      }),
    ).toEqual([{ rows: 0 }]);
    expectLookedFor(check, files, found);
  });
});

test.each([
  ["rows_have_users", "checks.rows_have_users", ["users"]],
  [
    "users_have_report_rows",
    "intermediate.report_rows",
    // Who is only in these is in no report on a workload.
    [
      "m365_app_user_detail",
      "copilot_usage_user_detail",
      "teams_device_usage_user_detail",
      "email_app_usage_user_detail",
      "yammer_device_usage_user_detail",
    ],
  ],
])("%s is looked for wherever one of the datasets of its rows is", (check, view, others) => {
  const views = new Map(readViews().map((view) => [`${view.schema}.${view.name}`, view.sql]));
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const [other] of (views.get(name) ?? "").matchAll(/\b(raw|staging|meta|intermediate|checks)\.\w+/g))
      visit(other);
  };
  visit(view);
  const datasets = [...seen].filter((name) => name.startsWith("raw.")).map((name) => name.slice(4));
  const needs = readChecks().find(({ name }) => name === check)?.needs ?? [];
  expect([...needs, ...others].toSorted()).toEqual(datasets.toSorted());
});

test("files_are_recognised: a file that was not read at all", async () => {
  const query = await given(["users", []], ["users", []]);
  await givenIssue(1, "missing_columns", "error");
  await givenIssue(2, "unused_properties", "notice");
  expect(await query("from checks.files_are_recognised")).toEqual([
    {
      severity: "error",
      finding: "missing_columns",
      dataset: "users",
      affected_records: 0,
      detail: "users-1 the message of missing_columns",
      remedy: "the cure of missing_columns",
    },
  ]);
});

test("every check is part of data_quality", () => {
  const sqlOf = (wanted: string): string | undefined => readViews().find(({ name }) => name === wanted)?.sql;
  expect(sqlOf("data_quality")).toContain("from checks.findings\n");
  expect(readChecks().length).toBeGreaterThan(0);
  for (const { name } of readChecks()) expect(sqlOf("findings_at_as_of")).toContain(`from checks.${name}\n`);
});
