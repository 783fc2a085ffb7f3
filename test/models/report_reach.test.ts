import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, type GivenFile } from "./given.ts";
import { activeRow, upn, user } from "./people.ts";

/** A SKU for each workload, and the report that its user stands in. */
const workloads = {
  teams: ["TEAMS1", "teams_user_activity_user_detail"],
  yammer: ["YAMMER_ENTERPRISE", "yammer_activity_user_detail"],
  skype: ["MCOSTANDARD", "skype_for_business_activity_user_detail"],
  drive: ["ONEDRIVE_BASIC", "onedrive_activity_user_detail"],
  mail: ["EXCHANGE_S_STANDARD", "email_activity_user_detail"],
  apps: ["OFFICESUBSCRIPTION", "m365_app_user_detail"],
} as const;
type Workload = keyof typeof workloads;

const names = Object.keys(workloads) as Workload[];
const skuOf = (name: Workload): string => `00000000-0000-4000-8000-0000000000c${names.indexOf(name)}`;
const holder = (id: string, name: Workload): Row =>
  user(id, { assignedLicenses: [{ skuId: skuOf(name), disabledPlans: [] }] });
const skus: GivenFile = [
  "subscribed_skus",
  names.map((name) => ({
    id: name,
    skuId: skuOf(name),
    skuPartNumber: name.toUpperCase(),
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 1,
    prepaidUnits: { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 },
    servicePlans: [
      {
        servicePlanId: `00000000-0000-4000-8000-0000000000d${names.indexOf(name)}`,
        servicePlanName: workloads[name][0],
      },
    ],
  })),
];

const report = (
  name: Workload,
  period: number | null,
  rows: Readonly<Record<string, string | null>>,
  date = "2026-10-30",
): GivenFile => [
  workloads[name][1],
  Object.entries(rows).map(([id, lastActivityDate]) => ({
    userPrincipalName: upn(id),
    lastActivityDate,
    reportPeriod: period,
  })),
  { date },
];

const verdicts = `select split_part(user_principal_name, '@', 1) as who, activity_status as status, reclaim_reason as reason
  from license_assignments order by who`;
const rowsOf = (rows: readonly Row[]): Record<string, unknown> =>
  Object.fromEntries(rows.map(({ who, status, reason }) => [who, [status, reason]]));

test("an empty date speaks for the period of its report: below the threshold of inactivity it shows nothing, below that of reclaiming it takes nothing back", async () => {
  const query = await given(
    ["users", names.map((name) => holder(name, name))],
    skus,
    report("teams", 7, { teams: null }),
    report("yammer", 28, { yammer: null }),
    report("skype", 30, { skype: null }),
    report("drive", 90, { drive: null }),
    report("mail", 180, { mail: null }),
  );
  const inactive = ["Inactive", null];
  const none = ["No activity", "No activity"];
  const unknown = ["Not Available", null];
  expect(rowsOf(await query(verdicts))).toMatchObject({
    teams: unknown,
    yammer: inactive,
    skype: inactive,
    drive: none,
    mail: none,
  });
  const short = { inactive_after_days: 7, reclaim_after_days: 7 };
  expect(rowsOf(await query(verdicts, short))).toMatchObject({ teams: none, yammer: none, mail: none });
  const long = { inactive_after_days: 60, reclaim_after_days: 180 };
  expect(rowsOf(await query(verdicts, long))).toMatchObject({
    teams: unknown,
    yammer: unknown,
    skype: unknown,
    drive: inactive,
    mail: none,
  });
  expect(
    await query(
      "select sku_part_number as sku, no_activity_users as none, reclaimable_units as units from license_summary where sku_part_number in ('MAIL', 'SKYPE', 'TEAMS') order by sku",
    ),
  ).toEqual([
    { sku: "MAIL", none: 1, units: 1 },
    { sku: "SKYPE", none: 0, units: null },
    { sku: "TEAMS", none: null, units: null },
  ]);
  expect(
    await query("select dataset from data_quality where finding = 'report_reach_short' order by dataset"),
    // No verdict rests on that of Skype.
  ).toEqual([{ dataset: workloads.teams[1] }, { dataset: workloads.yammer[1] }]);
});

test("a report of a single day covers nothing, one with older dates reaches back to the oldest, and a date stands whatever the period", async () => {
  const query = await given(
    [
      "users",
      [
        holder("teams", "teams"),
        holder("old", "teams"),
        holder("yammer", "yammer"),
        holder("skype", "skype"),
        holder("far", "skype"),
      ],
    ],
    skus,
    report("teams", 7, { teams: null, old: "2026-05-01" }),
    report("yammer", 1, { yammer: null, gone: "2026-05-01" }),
    report("skype", 7, { skype: null, far: "2026-09-20" }),
  );
  expect(rowsOf(await query(verdicts))).toEqual({
    teams: ["No activity", "No activity"],
    old: ["Inactive", "Inactive"],
    yammer: ["Not Available", null],
    skype: ["Inactive", null],
    far: ["Inactive", null],
  });
});

test("of several editions the newest decides that reaches far enough, and none more than 7 days older", async () => {
  const editions = async (older: string): Promise<Record<string, unknown>> => {
    const query = await given(
      ["users", [holder("teams", "teams"), holder("new", "teams")]],
      skus,
      report("teams", 180, { teams: null, new: null }, older),
      report("teams", 7, { teams: null, new: "2026-10-29" }),
    );
    return rowsOf(await query(verdicts));
  };
  expect(await editions("2026-10-23")).toEqual({
    teams: ["No activity", "No activity"],
    new: ["Active", null],
  });
  expect(await editions("2026-10-22")).toEqual({ teams: ["Not Available", null], new: ["Active", null] });
});

test("a column that is not in the file, or not in each record, is unknown where it is empty; its dates stand", async () => {
  const apps = (rows: readonly Row[]): GivenFile => [
    "m365_app_user_detail",
    rows.map((row) => ({ lastActivationDate: "2024-01-01", word: true, ...row })),
  ];
  const ask = async (rows: readonly Row[]): Promise<unknown> => {
    const query = await given(
      ["users", [holder("ann", "apps")]],
      skus,
      ["office365_active_user_detail", [activeRow("ann")]],
      apps(rows),
    );
    const [own] = await query(
      "select sku_activity_status as sku, reclaim_reason as reason from license_assignments",
    );
    const [sku] = await query(
      "select reclaimable_units as units from license_summary where sku_part_number = 'APPS'",
    );
    const [told] = await query(
      "select contains(reasons, 'lastActivityDate') as told from output_status where output = 'license_summary'",
    );
    return { ...own, ...sku, ...told };
  };
  const [ann, bob] = [{ userPrincipalName: upn("ann") }, { userPrincipalName: upn("bob") }];
  const unknown = { sku: "Not Available", reason: null, units: null, told: true };
  expect(await ask([ann])).toEqual(unknown);
  expect(await ask([ann, { ...bob, lastActivityDate: null }])).toEqual(unknown);
  expect(await ask([{ ...ann, lastActivityDate: "2026-10-29" }, bob])).toEqual({
    sku: "Active",
    reason: null,
    units: 0,
    told: true,
  });
  expect(await ask([{ ...ann, lastActivityDate: null }])).toMatchObject({
    sku: "No activity",
    reason: "No activity",
    units: 1,
  });
});
