import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, today, type Facts, type GivenFile } from "./given.ts";
import { activeRow, skus, upn, user } from "./people.ts";
import { everything, withoutDataset } from "./tenant.ts";

const oneUser: GivenFile = ["users", [user("ann")]];

/** A report on one workload with a row of ann, without any use unless `row` says otherwise. */
const report = (dataset: string, row: Row = {}, facts: Facts = {}): GivenFile => [
  dataset,
  [{ userPrincipalName: upn("ann"), lastActivityDate: null, ...row }],
  facts,
];
const email = (row?: Row, facts?: Facts): GivenFile => report("email_activity_user_detail", row, facts);
const teams = (row?: Row, facts?: Facts): GivenFile => report("teams_user_activity_user_detail", row, facts);

const workloads = [
  ["email_activity_user_detail", "Exchange", "EXCHANGE_S_ENTERPRISE"],
  ["onedrive_activity_user_detail", "OneDrive", "ONEDRIVE_BASIC"],
  ["sharepoint_activity_user_detail", "SharePoint", "SHAREPOINTENTERPRISE"],
  ["teams_user_activity_user_detail", "Teams", "TEAMS1"],
  ["yammer_activity_user_detail", "Yammer", "YAMMER_ENTERPRISE"],
  ["skype_for_business_activity_user_detail", "Skype", "MCOSTANDARD"],
] as const;
const reports = workloads.map(([dataset]) => dataset);

/** The SKU with this plan alone; SharePoint brings OneDrive with it. */
const withPlan = (servicePlanName: string): GivenFile => {
  const [dataset, [sku = {}]] = skus;
  const plan = { servicePlanId: "00000000-0000-4000-8000-0000000000b1", servicePlanName };
  return [dataset, [{ ...sku, servicePlans: [plan] }]];
};

async function statusOf(...files: readonly GivenFile[]): Promise<unknown[]> {
  const query = await given(...files);
  const [row = {}] = await query(
    "select activity_status, activity_status_reason from user_activity where user_id = 'ann'",
  );
  return Object.values(row);
}

describe.each(workloads)("%s", (dataset, workload, plan) => {
  test(`shows use of ${workload}`, async () => {
    expect(
      await statusOf(oneUser, withPlan(plan), report(dataset, { lastActivityDate: "2026-10-20" })),
    ).toEqual(["Active", `Used ${workload} within 30 days`]);
  });

  test(`covers ${workload}`, async () => {
    const others = plan.startsWith("SHAREPOINT") ? [report("onedrive_activity_user_detail")] : [];
    expect(await statusOf(oneUser, withPlan(plan), report(dataset), ...others)).toEqual([
      "No activity",
      "The reports show no use of any workload",
    ]);
  });

  test(`covers nothing where the dates were not exported`, async () => {
    const others = plan.startsWith("SHAREPOINT") ? [report("onedrive_activity_user_detail")] : [];
    const dateless: GivenFile = [dataset, [{ userPrincipalName: upn("ann") }]];
    expect(await statusOf(oneUser, withPlan(plan), dateless, ...others)).toEqual([
      "Not Available",
      // Nobody needs that of Skype, which was retired; it tells nothing of somebody without another workload either.
      workload === "Skype"
        ? "No usage report on a workload that names the user reaches back 30 days from the newest use"
        : `For this user no supplied usage report covers ${workload}`,
    ]);
  });
});

describe("the reports on single workloads together", () => {
  const old = "2026-08-01";
  const cases: (readonly [name: string, files: readonly GivenFile[], status: string, reason: string])[] = [
    [
      "show that nothing was used",
      [email(), teams()],
      "No activity",
      "The reports show no use of any workload",
    ],
    [
      "show that the last use is long ago",
      [email({ lastActivityDate: old }), teams()],
      "Inactive",
      "No use of any covered workload within 30 days",
    ],
    [
      "leave a workload open that none of them is on",
      [email()],
      "Not Available",
      "For this user no supplied usage report covers Teams",
    ],
    [
      "leave a workload open whose report is much older than the others",
      [email(), teams({}, { date: "2026-10-20" })],
      "Not Available",
      "For this user no supplied usage report covers Teams after 2026-10-20",
    ],
    [
      "fill the gaps of the active users report",
      [
        [
          "office365_active_user_detail",
          [{ ...activeRow("ann"), teamsLastActivityDate: undefined, yammerLastActivityDate: undefined }],
        ],
        teams(),
      ],
      "No activity",
      "The reports show no use of any workload",
    ],
    [
      "are newer than the active users report",
      [
        ["office365_active_user_detail", [activeRow("ann", { teamsLastActivityDate: old })]],
        teams({ lastActivityDate: "2026-10-20" }),
      ],
      "Active",
      "Used Teams within 30 days",
    ],
    [
      "do not speak of the account that had the name before",
      [email({ isDeleted: true, lastActivityDate: "2026-10-20" }), teams({ isDeleted: true })],
      "Not Available",
      "In no supplied usage report",
    ],
    [
      "know deleted users of Yammer by their state",
      [report("yammer_activity_user_detail", { userState: "deleted", lastActivityDate: "2026-10-20" })],
      "Not Available",
      "In no supplied usage report",
    ],
    [
      "do not know whom they conceal",
      [
        email({ userPrincipalName: "0123456789ABCDEF0123456789ABCDEF", lastActivityDate: "2026-10-20" }),
        teams({ userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" }),
      ],
      "Not Available",
      "The usage reports conceal names",
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => {
    expect(await statusOf(oneUser, skus, ...files)).toEqual([status, reason]);
  });

  test("name the people where there is no users export", async () => {
    const query = await given(email({ displayName: "Ann Lee", lastActivityDate: "2026-10-20" }));
    expect(
      await query("select user_principal_name as name, display_name, activity_status from user_activity"),
    ).toEqual([{ name: upn("ann"), display_name: "Ann Lee", activity_status: "Active" }]);
  });

  test("take the identifier of the user from Teams, but not the zeros of a tenant that conceals names", async () => {
    const query = await given(
      teams({ userId: "AAAAAAAA-0000-4000-8000-000000000001" }),
      teams({ userId: "00000000-0000-0000-0000-000000000000" }),
    );
    const rows = await query("select user_id from staging.teams_user_activity_user_detail order by 1");
    expect(rows).toEqual([{ user_id: "aaaaaaaa-0000-4000-8000-000000000001" }, { user_id: null }]);
  });
});

describe("in place of the active users report", () => {
  const others = withoutDataset("office365_active_user_detail");
  const outputs = "('user_activity', 'license_summary', 'license_assignments', 'users')";
  const statuses = async (...files: readonly GivenFile[]): Promise<Row[]> => {
    const query = await given(...files);
    return query(
      `select distinct data_status as status, reasons from output_status where output in ${outputs}`,
      { as_of: today },
    );
  };
  const all = reports.map((dataset) => report(dataset));

  test("the six reports leave nothing to be asked for", async () => {
    expect(await statuses(...others, ...all)).toEqual([{ status: "Complete", reasons: null }]);
    const query = await given(...others, ...all);
    expect(await query("select finding from data_quality where finding = 'dataset_missing'")).toEqual([]);
  });

  test("one that is missing is named beside the report on all", async () => {
    expect(await statuses(...others, ...all.slice(1))).toEqual([
      {
        status: "Partial",
        reasons: "email_activity_user_detail was not supplied; office365_active_user_detail was not supplied",
      },
    ]);
  });

  test("that of Skype, which was retired, nobody needs", async () => {
    expect(await statuses(...others, ...all.slice(0, -1))).toEqual([{ status: "Complete", reasons: null }]);
  });

  test("one that conceals names is as good as missing", async () => {
    const concealed = email({ userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" });
    expect(await statuses(...others, concealed, ...all.slice(1))).toEqual([
      {
        status: "Partial",
        reasons:
          "email_activity_user_detail conceals userPrincipalName; office365_active_user_detail was not supplied",
      },
    ]);
  });

  test("one that is old makes activity Partial", async () => {
    expect(await statuses(...others, email({}, { date: "2026-10-01" }), ...all.slice(1))).toEqual([
      {
        status: "Partial",
        reasons:
          "the activity in email_activity_user_detail reaches to 2026-10-01, more than 7 days before the users export of 2026-10-31",
      },
    ]);
  });

  test("beside a fresh one an old report takes nothing away, and none is asked for", async () => {
    const complete = [{ status: "Complete", reasons: null }];
    expect(await statuses(...everything, email({}, { date: "2026-10-01" }))).toEqual(complete);
    expect(await statuses(...everything)).toEqual(complete);
  });
});
