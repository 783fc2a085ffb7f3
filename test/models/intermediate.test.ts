import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { readViews } from "../../src/transform/models.ts";
import { countOperators, e3, e5, given, givenSettled, odd, readComparing, type GivenFile } from "./given.ts";
import { activeRow, exchangePlan, signIn, skus, teamsPlan, upn, user } from "./people.ts";
import { everything } from "./tenant.ts";

const values = (rows: readonly Row[]): unknown[][] => rows.map((row) => Object.values(row));

const plan = (servicePlanName: string, more: Row = {}): Row => ({
  servicePlanName,
  servicePlanId: exchangePlan,
  ...more,
});
const withPlans = (...servicePlans: Row[]): GivenFile => [
  "subscribed_skus",
  [{ id: "1", skuId: e3, servicePlans }],
];
const needs = (
  [exchange, onedrive, sharepoint, teams, yammer, skype] = [false, false, false, false, false, false],
): unknown[] => [exchange, onedrive, sharepoint, teams, yammer, skype];

describe("people", () => {
  const details: GivenFile = [
    "user_registration_details",
    [{ id: "R1", userPrincipalName: "Ann@contoso.example", userDisplayName: "Ann" }],
  ];
  const report: GivenFile = [
    "office365_active_user_detail",
    [activeRow("ann"), { ...activeRow("bob"), userPrincipalName: "BOB@contoso.example" }],
  ];
  const mailbox: GivenFile = [
    "mailbox_usage_detail",
    [{ userPrincipalName: upn("bob") }, { userPrincipalName: null }],
  ];
  const sql = "select person_key, user_id, user_principal_name from intermediate.people order by person_key";
  test("are the users where there is an export of them, and nobody else", async () => {
    expect(values(await (await given(["users", [user("Ann")]], details, report, mailbox))(sql))).toEqual([
      ["ann", "ann", upn("Ann")],
    ]);
  });
  test("are else whom registrations and reports name, each once", async () => {
    expect(values(await (await given(details, report, mailbox))(sql))).toEqual([
      [upn("bob"), null, "BOB@contoso.example"],
      ["r1", "r1", "Ann@contoso.example"],
    ]);
  });
});

test("report_activity has a row per report row, with the workloads that the report covers", async () => {
  const query = await given(
    [
      "office365_active_user_detail",
      [{ ...activeRow("ann", { teamsLastActivityDate: "2026-10-01" }), yammerLastActivityDate: undefined }],
    ],
    [
      "mailbox_usage_detail",
      [
        {
          userPrincipalName: " Ann@Contoso.example",
          lastActivityDate: "2026-10-02",
          storageUsedInBytes: 1,
          isDeleted: true,
        },
      ],
    ],
    [
      "onedrive_usage_account_detail",
      [{ ownerPrincipalName: "0123456789ABCDEF0123456789ABCDEF", storageUsedInBytes: 2 }],
    ],
  );
  const rows = await query(
    `select dataset, upn_key, is_concealed, is_deleted, covers_exchange, covers_onedrive, covers_teams, covers_yammer,
     exchange_last_activity_date, teams_last_activity_date, mailbox_storage_bytes, onedrive_storage_bytes from intermediate.report_activity order by 1`,
  );
  expect(values(rows)).toEqual([
    ["mailbox_usage_detail", upn("ann"), false, true, true, false, false, false, "2026-10-02", null, 1, null],
    [
      "office365_active_user_detail",
      upn("ann"),
      false,
      false,
      true,
      true,
      true,
      false,
      null,
      "2026-10-01",
      null,
      null,
    ],
    [
      "onedrive_usage_account_detail",
      "0123456789abcdef0123456789abcdef",
      true,
      false,
      false,
      false,
      false,
      false,
      null,
      null,
      null,
      2,
    ],
  ]);
});

test("sign_in_counts keeps what is known of the outcomes", async () => {
  const query = await given([
    "sign_ins",
    [
      signIn("ann", "2026-10-01T00:00:00Z"),
      signIn("ann", "2026-10-02T00:00:00Z", { status: { errorCode: 65001 } }),
      signIn("bob", "2026-10-03T00:00:00Z", { status: {} }),
    ],
  ]);
  const rows = await query(
    "select user_id, sign_ins, failed_sign_ins, last_sign_in_at, last_seen_at, is_known from intermediate.sign_in_counts order by 1",
  );
  expect(values(rows)).toEqual([
    ["ann", 1, 0, "2026-10-01 00:00:00", "2026-10-02 00:00:00", true],
    ["bob", null, null, null, "2026-10-03 00:00:00", false],
  ]);
});

describe("sets of licenses", () => {
  const known =
    "select user_id, are_plans_known, needs_exchange from intermediate.user_workloads order by user_id";

  test("an entry without a SKU says nothing of those who have no license", async () => {
    const query = await given(skus, [
      "users",
      [
        user("ann", { assignedLicenses: [{ skuId: null, disabledPlans: [] }] }),
        user("bob", { assignedLicenses: [] }),
        user("cid"),
      ],
    ]);
    expect(await query(known)).toEqual([
      { user_id: "ann", are_plans_known: false, needs_exchange: true },
      { user_id: "bob", are_plans_known: true, needs_exchange: false },
      { user_id: "cid", are_plans_known: true, needs_exchange: true },
    ]);
    expect(await query("select user_id from intermediate.license_plans")).toEqual([{ user_id: "cid" }]);
  });

  test("of a SKU that stands there twice a plan is off only where both entries say so", async () => {
    const entry = (...disabledPlans: string[]): Row => ({ skuId: e3, disabledPlans });
    const query = await given(skus, [
      "users",
      [
        user("ann", { assignedLicenses: [entry(exchangePlan), entry()] }),
        user("bob", { assignedLicenses: [entry(exchangePlan, teamsPlan), entry(exchangePlan)] }),
      ],
    ]);
    expect(await query(known)).toEqual([
      { user_id: "ann", are_plans_known: true, needs_exchange: true },
      { user_id: "bob", are_plans_known: true, needs_exchange: false },
    ]);
  });

  test("a rule of the policy for all SKUs reaches one that only a path of a user names", async () => {
    const ann = { id: "ann", userPrincipalName: upn("ann") };
    const query = await given(
      ["users", [{ ...ann, licenseAssignmentStates: [{ skuId: odd, state: "Active" }] }]],
      ["reclaim_policy", [{ isExcluded: true, reason: "kept" }]],
    );
    expect(
      await query(`select exclusion from intermediate.license_policies where sku_id = '${odd}'`),
    ).toEqual([{ exclusion: "kept" }]);
  });
});

describe("user_workloads", () => {
  const all = [true, true, true, true, true, true];
  const ann: GivenFile = ["users", [user("ann")]];
  const cases: (readonly [
    name: string,
    files: readonly GivenFile[],
    known: boolean,
    needed: readonly unknown[],
  ])[] = [
    ["Exchange and Teams", [ann, skus], true, [true, false, false, true, false, false]],
    [
      "SharePoint brings OneDrive",
      [ann, withPlans(plan("SHAREPOINTSTANDARD_GOV"))],
      true,
      [false, true, true, false, false, false],
    ],
    [
      "OneDrive alone",
      [ann, withPlans(plan("ONEDRIVE_BASIC"))],
      true,
      [false, true, false, false, false, false],
    ],
    [
      "Teams of a government cloud",
      [ann, withPlans(plan("TEAMS_AR_GCCHIGH"))],
      true,
      [false, false, false, true, false, false],
    ],
    [
      "Yammer and Skype",
      [ann, withPlans(plan("YAMMER_ENTERPRISE"), plan("MCOSTANDARD"))],
      true,
      [false, false, false, false, true, true],
    ],
    [
      "plans without a workload",
      [
        ann,
        withPlans(
          plan("EXCHANGE_S_FOUNDATION"),
          plan("SHAREPOINTWAC"),
          plan("MCOMEETADV"),
          plan("TEAMSPRO_MGMT"),
        ),
      ],
      true,
      needs(),
    ],
    [
      "a plan of the company",
      [ann, withPlans(plan("EXCHANGE_S_STANDARD", { appliesTo: "Company" }), plan("INTUNE_A"))],
      true,
      needs(),
    ],
    [
      "a disabled plan",
      [["users", [user("ann", { assignedLicenses: [{ skuId: e3, disabledPlans: [exchangePlan] }] })]], skus],
      true,
      [false, false, false, true, false, false],
    ],
    [
      "a plan disabled in one SKU and enabled in another",
      [
        [
          "users",
          [
            user("ann", {
              assignedLicenses: [
                { skuId: e3, disabledPlans: [teamsPlan, exchangePlan] },
                { skuId: e5, disabledPlans: [] },
              ],
            }),
          ],
        ],
        [
          "subscribed_skus",
          [...skus[1], { id: "2", skuId: e5, servicePlans: [plan("EXCHANGE_S_ENTERPRISE")] }],
        ],
      ],
      true,
      [true, false, false, false, false, false],
    ],
    ["no licenses", [["users", [user("ann", { assignedLicenses: [] })]], skus], true, needs()],
    ["licenses not exported", [["users", [{ id: "ann" }]], skus], false, all],
    [
      "a SKU that was not supplied",
      [["users", [user("ann", { assignedLicenses: [{ skuId: odd, disabledPlans: [] }] })]], skus],
      false,
      all,
    ],
    ["a SKU without its plans", [ann, ["subscribed_skus", [{ id: "1", skuId: e3 }]]], false, all],
    [
      "the user's own plans instead",
      [
        [
          "users",
          [
            user("ann", {
              assignedPlans: [
                { service: "TeamspaceAPI", capabilityStatus: "Enabled" },
                { service: "exchange", capabilityStatus: "Deleted" },
              ],
            }),
          ],
        ],
      ],
      true,
      [false, false, false, true, false, false],
    ],
    [
      "only deleted plans of the user",
      [["users", [user("ann", { assignedPlans: [{ service: "exchange", capabilityStatus: "Deleted" }] })]]],
      false,
      all,
    ],
  ];
  test.each(cases)("%s", async (_name, files, known, needed) => {
    const rows = await (
      await given(...files)
    )("select columns('are_|needs_[^a]') from intermediate.user_workloads");
    expect(values(rows)).toEqual([[known, ...needed]]);
  });
});

test("sku_product_names: the imported list, then the one shipped, then the part number", async () => {
  const query = await given(
    [
      "subscribed_skus",
      [
        { id: "1", skuId: e3, skuPartNumber: "E3_HERE" },
        { id: "2", skuId: odd, skuPartNumber: "ODD" },
      ],
    ],
    [
      "sku_names",
      [
        { skuId: e5, skuPartNumber: "E5", productName: "Suite E5", servicePlanId: exchangePlan },
        { skuId: e5, skuPartNumber: "E5", productName: "Suite E5", servicePlanId: teamsPlan },
      ],
    ],
  );
  expect(
    values(
      await query(
        "select sku_id, sku_part_number, product_name, is_named from intermediate.sku_product_names order by product_name",
      ),
    ),
  ).toEqual([
    [odd, "ODD", "ODD", false],
    [e3, "E3_HERE", "Office E3", true],
    [e5, "E5", "Suite E5", true],
  ]);
});

test("user_licenses names what consumes a unit, by SKU where there is no name", async () => {
  const query = await given([
    "users",
    [
      user("ann", {
        assignedLicenses: [
          { skuId: odd, disabledPlans: [] },
          { skuId: e3, disabledPlans: [] },
        ],
      }),
      user("bob", { assignedLicenses: [] }),
    ],
  ]);
  expect(await query("from intermediate.user_licenses")).toEqual([
    { user_id: "ann", licenses: `${odd}; Office E3` },
  ]);
});

/** All views are read once, over everything: the conditions by which each compares every row with every other. */
let comparisons: Map<string, readonly string[]> | undefined;

async function readAll(): Promise<Map<string, readonly string[]>> {
  await given(...everything);
  const found = new Map<string, readonly string[]>();
  for (const { schema, name } of readViews()) found.set(name, await readComparing(`${schema}.${name}`));
  return found;
}

test("every view says what one row is, and has as many rows as that", async () => {
  for (const { name, grain } of readViews()) expect(grain, name).toMatch(/^One row|^One row:/);
  comparisons ??= await readAll();
  const query = await given(...everything);
  for (const [view, key] of [
    ["intermediate.person_activity", "person_key"],
    ["intermediate.person_mfa", "person_key"],
    ["intermediate.license_facts", "(user_id, sku_id)"],
    ["intermediate.output_coverage", "output"],
  ])
    expect(
      await query(`select count(*) as rows, count(distinct ${key}) as keys from ${view}`),
      view,
    ).toSatisfy(
      (rows: readonly Row[]) => rows[0]?.["rows"] === rows[0]?.["keys"] && Number(rows[0]?.["rows"]) > 0,
    );
});

test("the views are small enough to be planned quickly", async () => {
  await givenSettled(...everything);
  for (const view of ["mfa_status", "orphans"]) expect(await countOperators(view), view).toBeLessThan(20);
  for (const view of ["user_activity", "users"]) expect(await countOperators(view), view).toBeLessThan(250);
  for (const view of ["license_summary", "license_assignments", "license_costs"])
    expect(await countOperators(view), view).toBeLessThan(450);
});

test("no view compares every row of people with every row of people: their keys alone join them", async () => {
  comparisons ??= await readAll();
  const found = [];
  for (const [name, conditions] of comparisons)
    for (const condition of conditions)
      // Policies have few rows.
      if (
        /(identity_key|person_key|user_id|upn_key) = \1/.test(condition) &&
        !condition.includes("user_pattern")
      )
        found.push(`${name}: ${condition}`);
  expect([found, [...comparisons.values()].flat().length > 0]).toEqual([[], true]);
});
