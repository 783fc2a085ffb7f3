import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, given, type GivenFile } from "./given.ts";
import { activeRow, appRow, signIn, skus, upn, user } from "./people.ts";

const sql = `select activity_status as status, last_activity_source as source, last_activity_date as last, never_signed_in as never,
  activity_as_of as as_of, activity_status_reason as reason from user_activity where user_id = 'ann'`;

/** What is told of ann. */
async function ask(files: readonly GivenFile[], settings: Record<string, unknown> = {}): Promise<Row> {
  const [row = {}] = await (await given(...files))(sql, settings);
  return row;
}

const users = (signInActivity: Row | null | undefined, more: Row = {}, ...others: Row[]): GivenFile => [
  "users",
  [user("ann", { ...(signInActivity !== undefined && { signInActivity }), ...more }), ...others],
];
/** Somebody by whom the export can speak, up to the day of 2026-10-31. */
const dee = user("dee", { signInActivity: { lastNonInteractiveSignInDateTime: "2026-10-31T00:00:00Z" } });
const idle = { exchangeLastActivityDate: "2026-07-01", teamsLastActivityDate: "2026-07-01" };
const active = (dates: Row = {}, more: Row = {}): GivenFile => [
  "office365_active_user_detail",
  [{ ...activeRow("ann", dates), ...more }],
];
const report = (dataset: string, lastActivityDate: string | null, more: Row = {}): GivenFile => [
  dataset,
  [{ userPrincipalName: upn("ann"), lastActivityDate, reportPeriod: 180, ...more }],
];
/** A SKU of ann's with these service plans. */
const plans = (...names: string[]): GivenFile => [
  "subscribed_skus",
  [
    {
      id: "one",
      skuId: e3,
      skuPartNumber: "E3",
      appliesTo: "User",
      capabilityStatus: "Enabled",
      consumedUnits: 1,
      prepaidUnits: { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 },
      servicePlans: names.map((servicePlanName, index) => ({
        servicePlanId: `00000000-0000-4000-8000-0000000000c${index}`,
        servicePlanName,
      })),
    },
  ],
];

describe("rule 1: use in any report proves activity, and is told by its own name", () => {
  const yesterday = "2026-10-30";
  test.each([
    ["m365_app_user_detail", "Microsoft 365 apps", "m365_apps_last_activity_date"],
    ["copilot_usage_user_detail", "Copilot", "copilot_last_activity_date"],
    ["teams_device_usage_user_detail", "Teams (device)", null],
    ["email_app_usage_user_detail", "Exchange (email app)", null],
    ["yammer_device_usage_user_detail", "Yammer (device)", null],
  ])("%s: %s", async (dataset, source, column) => {
    const files = [users(undefined), skus, active(idle), report(dataset, yesterday)];
    const query = await given(...files);
    const [row = {}] = await query("from user_activity");
    expect(row).toMatchObject({
      activity_status: "Active",
      activity_status_reason: `Used ${source} within 30 days`,
      last_activity_date: yesterday,
      last_activity_source: source,
      exchange_last_activity_date: "2026-07-01",
      teams_last_activity_date: "2026-07-01",
      yammer_last_activity_date: null,
      ...(column !== null && { [column]: yesterday }),
    });
    expect(
      await query("select inactive_users as n, reclaimable_units as units from license_summary"),
    ).toEqual([{ n: 0, units: 0 }]);
  });

  test("also where there is no other report (device_reports)", async () => {
    const devices = ["teams_device_usage_user_detail", "email_app_usage_user_detail"];
    const files = [users(undefined), skus, ...devices.map((name) => report(name, yesterday))];
    expect(await ask(files)).toMatchObject({
      status: "Active",
      source: "Teams (device)",
      as_of: "2026-10-31",
    });
    expect(
      await (
        await given(...files)
      )("select data_status from output_status where output = 'user_activity'"),
    ).toEqual([{ data_status: "Partial" }]);
  });

  test("an empty date in them shows nothing, and no report on a workload is told to be missing that is there", async () => {
    const devices = [report("teams_device_usage_user_detail", null), report("m365_app_user_detail", null)];
    expect(await ask([users(undefined), skus, ...devices])).toMatchObject({
      status: "Not Available",
      reason:
        "No usage report on a workload was supplied; those on devices and applications cannot show inactivity",
    });
    expect(
      await ask([users(undefined), skus, ["office365_active_user_detail", [activeRow("bob")]], ...devices]),
    ).toMatchObject({
      status: "Not Available",
      reason:
        "In no supplied usage report on a workload; those on devices and applications cannot show inactivity",
    });
  });

  test("activations and the date of a site for its owner prove nothing", async () => {
    const files: GivenFile[] = [
      users(undefined),
      skus,
      active(idle),
      [
        "office365_activations_user_detail",
        [{ userPrincipalName: upn("ann"), productType: "OFFICE", lastActivatedDate: yesterday }],
      ],
      [
        "sharepoint_site_usage_detail",
        [{ siteId: "s", siteUrl: "s", ownerPrincipalName: upn("ann"), lastActivityDate: yesterday }],
      ],
    ];
    expect(await ask(files)).toMatchObject({ status: "Inactive", last: "2026-07-01" });
  });

  test("a date from before the account was created is another's", async () => {
    const files = [
      users(undefined, { createdDateTime: "2026-10-25T00:00:00Z" }),
      skus,
      report("m365_app_user_detail", "2026-10-20"),
    ];
    expect(await ask(files)).toMatchObject({ status: "Not Available", last: null });
  });

  test("a non-interactive sign-in alone is told as a background sign-in", async () => {
    const log = (more: Row): GivenFile => ["sign_ins", [signIn("ann", "2026-10-20T08:00:00Z", more)]];
    const sourceOf = async (...files: GivenFile[]): Promise<unknown> => (await ask(files))["source"];
    expect(await sourceOf(users(undefined), log({ isInteractive: false }))).toBe("Background sign-in");
    expect(await sourceOf(users(undefined), log({ signInEventTypes: ["nonInteractiveUser"] }))).toBe(
      "Background sign-in",
    );
    expect(await sourceOf(users(undefined), log({ isInteractive: true }))).toBe("Sign-in");
    expect(await sourceOf(users(undefined), log({}))).toBe("Sign-in");
    const success = { lastSuccessfulSignInDateTime: "2026-10-20T08:00:00Z" };
    const background = { lastNonInteractiveSignInDateTime: "2026-10-20T08:00:00Z" };
    expect(
      await sourceOf(users({ ...success, ...background, lastSignInDateTime: "2026-09-01T00:00:00Z" })),
    ).toBe("Background sign-in");
    expect(
      await sourceOf(users({ ...success, ...background, lastSignInDateTime: "2026-10-20T07:00:00Z" })),
    ).toBe("Sign-in");
    expect(await sourceOf(users(success))).toBe("Sign-in");
  });

  test("a background sign-in after the user's own use is told as that use, and alone where that is too old", async () => {
    const later: GivenFile = ["sign_ins", [signIn("ann", "2026-10-29T08:00:00Z", { isInteractive: false })]];
    expect(
      await ask([users(undefined), report("teams_user_activity_user_detail", "2026-10-27"), later]),
    ).toMatchObject({
      status: "Active",
      last: "2026-10-27",
      source: "Teams",
    });
    expect(
      await ask([users(undefined), report("teams_user_activity_user_detail", "2026-08-01"), later]),
    ).toMatchObject({
      status: "Active",
      last: "2026-10-29",
      source: "Background sign-in",
    });
  });

  test("last_interactive_sign_in_at: of whatever outcome in signInActivity, successful in the log", async () => {
    const query = await given(
      users({
        lastSignInDateTime: "2026-10-01T00:00:00Z",
        lastNonInteractiveSignInDateTime: "2026-10-30T00:00:00Z",
      }),
      [
        "sign_ins",
        [
          signIn("ann", "2026-10-05T08:00:00Z", { isInteractive: true }),
          signIn("ann", "2026-10-06T08:00:00Z", { isInteractive: false }),
          signIn("ann", "2026-10-07T08:00:00Z"),
          signIn("ann", "2026-10-08T08:00:00Z", { isInteractive: true, status: { errorCode: 50126 } }),
        ],
      ],
    );
    expect(await query("select last_interactive_sign_in_at as at from user_activity")).toEqual([
      { at: "2026-10-05 08:00:00" },
    ]);
  });
});

describe("rule 2: signInActivity disproves where it can speak", () => {
  const old = { lastSignInDateTime: "2026-08-01T00:00:00Z" };

  test("interactive times alone disprove nothing", async () => {
    const others = user("bob", { signInActivity: { lastSignInDateTime: "2026-10-30T00:00:00Z" } });
    expect(await ask([users(old, {}, others)])).toMatchObject({
      status: "Not Available",
      never: false,
      reason: "No usage report was supplied; interactive sign-ins alone cannot show inactivity",
    });
    expect(await ask([users(null, {}, others)])).toMatchObject({ status: "Not Available", never: null });
  });

  test("non-interactive times of anybody let it speak, or successes since December 2023", async () => {
    const success = (time: string): Row =>
      user("bob", {
        signInActivity: { lastSuccessfulSignInDateTime: time, lastSignInDateTime: "2026-10-30T00:00:00Z" },
      });
    expect(await ask([users(old, {}, dee)])).toMatchObject({
      status: "Inactive",
      as_of: "2026-10-31",
      reason: "Newest sign-in of any kind is older than 30 days",
    });
    expect(await ask([users(old, {}, success("2026-10-30T00:00:00Z"))])).toMatchObject({
      status: "Inactive",
      reason: "Newest interactive or successful sign-in is older than 30 days",
    });
    expect(await ask([users(old, {}, success("2023-11-30T00:00:00Z"))])).toMatchObject({
      status: "Not Available",
    });
  });

  test("one file speaks for itself alone", async () => {
    expect(await ask([users(old), ["users", [dee]]])).toMatchObject({ status: "Not Available" });
  });

  test("it reaches to the newest sign-in of anybody in the export, never to a guessed day", async () => {
    const september = user("dee", {
      signInActivity: { lastNonInteractiveSignInDateTime: "2026-08-30T00:00:00Z" },
    });
    expect(await ask([users(old, {}, september)])).toMatchObject({ status: "Not Available" });
    const [activity] = await (
      await given(users(old, {}, september))
    )("select data_status as status, reasons from output_status where output = 'user_activity'");
    expect(activity).toMatchObject({ status: "Partial" });
    expect(String(activity?.["reasons"])).toContain(
      "the activity in signInActivity of users reaches to 2026-08-30, more than 7 days before the users export of 2026-10-31",
    );
  });

  test("where it was lost at export for somebody, nobody is said to have never signed in", async () => {
    const [dataset, records] = users(null, { createdDateTime: "2023-01-01T00:00:00Z" }, dee);
    const files = (lost: Record<string, number>): GivenFile[] => [[dataset, records, { lost }], skus];
    expect(await ask(files({}))).toMatchObject({ status: "No activity", never: true });
    expect(await ask(files({ signInActivity: 1 }))).toMatchObject({
      status: "Not Available",
      never: null,
      reason: "No usage report was supplied; signInActivity was lost at export, and so says nothing",
    });
  });

  test("where people with use lack it, it is unreliable and disproves nobody", async () => {
    const used = (id: string): Row => activeRow(id, { teamsLastActivityDate: "2026-10-20" });
    const files = (...ids: string[]): GivenFile[] => [
      users(old, {}, dee, ...ids.map((id) => user(id, { signInActivity: null }))),
      skus,
      ["office365_active_user_detail", ids.map(used)],
    ];
    expect(await ask(files("bob"))).toMatchObject({ status: "Inactive" });
    expect(await ask(files("bob", "cy"))).toMatchObject({
      status: "Not Available",
      reason:
        "In no supplied usage report; signInActivity is missing for people with use, and so says nothing",
    });
    const query = await given(...files("bob", "cy"));
    expect(
      await query(
        "select affected_records as n from data_quality where finding = 'sign_in_activity_unreliable'",
      ),
    ).toEqual([{ n: 2 }]);
    const mailboxes: GivenFile = [
      "mailbox_usage_detail",
      ["bob", "cy"].map((id) => ({ userPrincipalName: upn(id), lastActivityDate: "2026-10-20" })),
    ];
    // Others can move the date of a mailbox.
    expect(await ask([...files("bob", "cy").slice(0, 2), mailboxes])).toMatchObject({ status: "Inactive" });
  });
});

describe("rule 2: never signed in", () => {
  const never = (more: Row = {}, ...files: GivenFile[]): Promise<Row> =>
    ask([users(null, { createdDateTime: "2022-01-01T00:00:00Z", ...more }, dee), skus, ...files]);

  test("an account of which the export has no sign-in, beside others", async () => {
    expect(await never()).toMatchObject({
      status: "No activity",
      never: true,
      as_of: "2026-10-31",
      reason: "Never signed in: neither signInActivity, which has others, nor a report or log shows any use",
    });
    const query = await given(users(null, { createdDateTime: "2022-01-01T00:00:00Z" }, dee), skus);
    expect(await query("select never_signed_in from user_activity order by user_id")).toEqual([
      { never_signed_in: true },
      { never_signed_in: false },
    ]);
  });

  test("a guest whose invitation was never accepted (guests)", async () => {
    expect(await never({ userType: "Guest", assignedLicenses: [] })).toMatchObject({
      status: "No activity",
      never: true,
    });
  });

  test("not with any use, nor with any time", async () => {
    expect(await never({}, report("copilot_usage_user_detail", "2026-07-01"))).toMatchObject({
      never: false,
    });
    expect(await never({}, ["sign_ins", [signIn("ann", "2026-10-20T08:00:00Z")]])).toMatchObject({
      never: false,
    });
    expect(await never({ signInActivity: { lastSignInDateTime: "2022-01-02T00:00:00Z" } })).toMatchObject({
      never: false,
      status: "Inactive",
    });
  });

  test("unknown of young accounts, of those without a date, and of no person's", async () => {
    expect(await never({ createdDateTime: "2026-10-01T00:00:00Z" })).toMatchObject({
      never: null,
      status: "Not Available",
    });
    expect(await never({ createdDateTime: "2026-09-30T00:00:00Z" })).toMatchObject({ never: true });
    expect(await never({ createdDateTime: null })).toMatchObject({ never: null });
    const box: GivenFile = [
      "mailboxes",
      [{ externalDirectoryObjectId: "ann", recipientTypeDetails: "SharedMailbox" }],
    ];
    expect(await never({}, box)).toMatchObject({ never: null, status: "Not Available" });
  });

  test("accounts from before May 2020 are Inactive, as far as sign-ins are recorded", async () => {
    expect(await never({ createdDateTime: "2020-04-30T23:00:00Z" })).toMatchObject({
      never: null,
      status: "Inactive",
      reason: "No sign-in is recorded since April 2020",
    });
    expect(await never({ createdDateTime: "2020-05-01T00:00:00Z" })).toMatchObject({ never: true });
  });

  test("the larger of 30 days and the threshold must have passed", async () => {
    const files = [users(null, { createdDateTime: "2026-09-15T00:00:00Z" }, dee), skus];
    expect(await ask(files)).toMatchObject({ never: true });
    expect(await ask(files, { inactive_after_days: 60 })).toMatchObject({ never: null });
    expect(await ask(files, { inactive_after_days: 7 })).toMatchObject({ never: true });
  });
});

describe("rule 3: coverage", () => {
  const sealed = [
    "email_activity_user_detail",
    "onedrive_activity_user_detail",
    "sharepoint_activity_user_detail",
    "teams_user_activity_user_detail",
  ];
  const all = plans(
    "EXCHANGE_S_ENTERPRISE",
    "SHAREPOINTENTERPRISE",
    "TEAMS1",
    "MCOSTANDARD",
    "YAMMER_ENTERPRISE",
  );

  test("Skype is never needed, and what a cloud has no report on can be left out (sealed_reports)", async () => {
    // Somebody else uses these: none is left out for want of any date.
    const files = [
      users(undefined),
      all,
      ...sealed.map((name): GivenFile => [
        name,
        ["ann", "bob"].map((id) => ({
          userPrincipalName: upn(id),
          lastActivityDate: id === "ann" ? null : "2026-10-20",
          reportPeriod: 180,
        })),
      ]),
    ];
    expect(await ask(files)).toMatchObject({
      status: "Not Available",
      reason: "For this user no supplied usage report covers Yammer",
    });
    expect(await ask(files, { without_workloads: "Yammer" })).toMatchObject({ status: "No activity" });
  });

  test("a workload that nobody uses is left out", async () => {
    const others = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    const tenant = (rows: Readonly<Record<string, string | null>>, period = 180): GivenFile[] => [
      ["users", ["ann", ...others].map((id) => user(id))],
      plans("EXCHANGE_S_ENTERPRISE", "YAMMER_ENTERPRISE"),
      ["email_activity_user_detail", [{ userPrincipalName: upn("ann"), lastActivityDate: null }]],
      [
        "yammer_activity_user_detail",
        Object.entries(rows).map(([id, lastActivityDate]) => ({
          userPrincipalName: upn(id),
          lastActivityDate,
          reportPeriod: period,
        })),
      ],
    ];
    const named = (count: number): Readonly<Record<string, null>> =>
      Object.fromEntries(others.slice(0, count).map((id) => [id, null]));
    const uncovered = { reason: "For this user no supplied usage report covers Yammer" };
    expect(await ask(tenant(named(9)))).toMatchObject({ status: "No activity" });
    expect(await ask(tenant(named(8)))).toMatchObject(uncovered);
    expect(await ask(tenant(named(9), 30))).toMatchObject(uncovered);
    expect(await ask(tenant({ ...named(9), a: "2026-10-01" }))).toMatchObject(uncovered);
  });

  test("the row must say that the license is there, where the report has such a column", async () => {
    const uncovered = {
      status: "Not Available",
      reason:
        "For this user no supplied usage report covers Teams; a report says that there is no license for it",
    };
    const flags = { hasExchangeLicense: true, hasTeamsLicense: true };
    const others = (more: Row): GivenFile => [
      "office365_active_user_detail",
      [
        { ...activeRow("ann", { exchangeLastActivityDate: "2026-01-01" }), ...flags, ...more },
        { ...activeRow("bob", { teamsLastActivityDate: "2026-10-20" }), ...flags },
      ],
    ];
    expect(await ask([users(undefined), skus, others({})])).toMatchObject({ status: "Inactive" });
    expect(await ask([users(undefined), skus, others({ hasTeamsLicense: false })])).toMatchObject({
      reason:
        "For this user no supplied usage report covers Teams; a report says that there is no license for it",
    });
    expect(await ask([users(undefined), skus, others({ hasTeamsLicense: null })])).toMatchObject({
      status: uncovered.status,
    });
    const teams: GivenFile = [
      "teams_user_activity_user_detail",
      [
        { userPrincipalName: upn("ann"), lastActivityDate: null, isLicensed: false },
        { userPrincipalName: upn("bob"), lastActivityDate: "2026-10-20", isLicensed: true },
      ],
    ];
    expect(
      await ask([users(undefined), plans("TEAMS1"), teams, report("mailbox_usage_detail", "2026-10-01")]),
    ).toMatchObject({ status: "Active" });
    expect(await ask([users(undefined), plans("TEAMS1"), teams])).toMatchObject(uncovered);
  });

  test("an Office plan needs the apps report or a signInActivity that can speak; else license outputs are Partial", async () => {
    const office = plans("EXCHANGE_S_ENTERPRISE", "OFFICESUBSCRIPTION");
    const mail = report("email_activity_user_detail", null);
    const partialFor = async (files: readonly GivenFile[]): Promise<unknown> => {
      const query = await given(...files);
      const [row] = await query(
        "select contains(coalesce(reasons, ''), 'nothing tells of the use of Office') as told from output_status where output = 'license_summary'",
      );
      return row?.["told"];
    };
    const bare = [users(undefined), office, mail];
    expect(await ask(bare)).toMatchObject({
      status: "No activity",
      reason: "The reports show no use of any workload; Office use not reported",
    });
    expect(await partialFor(bare)).toBe(true);
    const apps: GivenFile = [
      "m365_app_user_detail",
      [appRow("ann", { lastActivityDate: null, reportPeriod: 180 })],
    ];
    expect(await ask([...bare, apps])).toMatchObject({ reason: "The reports show no use of any workload" });
    expect(await partialFor([...bare, apps])).toBe(false);
    const spoken = [users({ lastSignInDateTime: "2026-07-01T00:00:00Z" }, {}, dee), office, mail];
    expect(await ask(spoken)).toMatchObject({ reason: "Newest sign-in of any kind is older than 30 days" });
    expect(await partialFor(spoken)).toBe(false);
    expect(await partialFor([users(undefined), skus, active()])).toBe(false);
  });

  test("a mailbox on premises makes an empty Exchange date say nothing; a date proves", async () => {
    const box = (recipientTypeDetails: string): GivenFile => [
      "mailboxes",
      [{ externalDirectoryObjectId: "ann", recipientTypeDetails }],
    ];
    const files = [users(undefined), plans("EXCHANGE_S_ENTERPRISE")];
    const empty: GivenFile = [
      "email_activity_user_detail",
      [
        { userPrincipalName: upn("ann"), lastActivityDate: null },
        // Somebody else has a mailbox in Exchange Online.
        { userPrincipalName: upn("bob"), lastActivityDate: "2026-10-20" },
      ],
    ];
    for (const type of ["MailUser", "RemoteUserMailbox"])
      expect(await ask([...files, empty, box(type)]), type).toMatchObject({
        status: "Not Available",
        reason: "For this user no supplied usage report covers Exchange (its mailbox is on premises)",
      });
    expect(await ask([...files, empty, box("UserMailbox")])).toMatchObject({ status: "No activity" });
    const dated = (date: string): GivenFile => report("email_activity_user_detail", date);
    expect(await ask([...files, dated("2026-10-20"), box("MailUser")])).toMatchObject({ status: "Active" });
    expect(await ask([...files, dated("2026-07-20"), box("MailUser")])).toMatchObject({ status: "Inactive" });
  });
});

describe("rule 4: reach", () => {
  const seven = (date: string | null): GivenFile[] =>
    [
      "email_activity_user_detail",
      "onedrive_activity_user_detail",
      "sharepoint_activity_user_detail",
      "teams_user_activity_user_detail",
    ].map((name) => report(name, name.startsWith("sharepoint") ? date : null, { reportPeriod: 7 }));
  const workloads = plans("EXCHANGE_S_ENTERPRISE", "SHAREPOINTENTERPRISE", "TEAMS1");

  test("a week's reports show nobody unused; those of a longer period show use (week_report_vs_month)", async () => {
    expect(await ask([users(undefined), workloads, ...seven(null)])).toMatchObject({
      status: "Not Available",
    });
    const month = report("sharepoint_activity_user_detail", "2026-10-19", { reportPeriod: 30 });
    expect(await ask([users(undefined), workloads, ...seven(null), month])).toMatchObject({
      status: "Active",
      last: "2026-10-19",
    });
  });

  test("a month's silence is Inactive, earlier unknown, and no reason; half a year's is (one_report_both_periods)", async () => {
    const files = (reportPeriod: number): GivenFile[] => [
      users(undefined),
      plans("TEAMS1"),
      report("teams_user_activity_user_detail", null, { reportPeriod }),
    ];
    const verdict = "select activity_status as status, reclaim_reason as reason from license_assignments";
    expect(await (await given(...files(30)))(verdict)).toEqual([{ status: "Inactive", reason: null }]);
    expect(await (await given(...files(180)))(verdict)).toEqual([
      { status: "No activity", reason: "No activity" },
    ]);
  });

  test("a report of a single day covers nothing, whatever the threshold", async () => {
    const files = [
      users(undefined),
      plans("TEAMS1"),
      report("teams_user_activity_user_detail", null, { reportPeriod: 1 }),
    ];
    expect(await ask(files, { inactive_after_days: 0, reclaim_after_days: 0 })).toMatchObject({
      status: "Not Available",
    });
  });

  test("of somebody without a license the report that tells most decides", async () => {
    const files = (reportPeriod: number): GivenFile[] => [
      users(undefined, { assignedLicenses: [] }),
      skus,
      report("mailbox_usage_detail", null, { reportPeriod }),
    ];
    expect(await ask(files(7))).toMatchObject({ status: "Not Available" });
    expect(await ask(files(30))).toMatchObject({ status: "Inactive" });
    expect(await ask(files(180))).toMatchObject({ status: "No activity" });
  });
});
