import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, given, odd, today, type GivenFile } from "./given.ts";
import { activeRow, exchangePlan, signIn, skus, teamsPlan, upn, user } from "./people.ts";

const oneUser: GivenFile = ["users", [user("ann")]];
const active = (dates: Row = {}, date = today): GivenFile => [
  "office365_active_user_detail",
  [activeRow("ann", dates)],
  { date },
];
const mailbox = (row: Row = {}, date = today): GivenFile => [
  "mailbox_usage_detail",
  [{ userPrincipalName: upn("ann"), lastActivityDate: null, ...row }],
  { date },
];
const signedIn = (signInActivity: Row, more: Row = {}): GivenFile => [
  "users",
  [user("ann", { signInActivity, ...more })],
];
/** Somebody else by whom the export can speak: it has non-interactive sign-ins, the newest of its day. */
const dee = user("dee", { signInActivity: { lastNonInteractiveSignInDateTime: "2026-10-31T00:00:00Z" } });
const signedInBeside = (signInActivity: Row | null, more: Row = {}): GivenFile => [
  "users",
  [user("ann", { signInActivity, ...more }), dee],
];
/** Somebody else whose success shows that the export has lastSuccessfulSignInDateTime. */
const bob = user("bob", { signInActivity: { lastSuccessfulSignInDateTime: "2026-10-01T00:00:00Z" } });

type Case = readonly [name: string, files: readonly GivenFile[], status: string, reason: string];

async function expectStatus(files: readonly GivenFile[], status: string, reason: string): Promise<void> {
  const query = await given(...files);
  expect(
    await query(
      "select activity_status as status, activity_status_reason as reason from user_activity where user_id = 'ann'",
    ),
  ).toEqual([{ status, reason }]);
}

const withDisabled = (...disabledPlans: string[]): GivenFile => [
  "users",
  [user("ann", { assignedLicenses: [{ skuId: e3, disabledPlans }] })],
];
const teamsRow = (more: Row): GivenFile => [
  "office365_active_user_detail",
  [{ ...activeRow("ann", { teamsLastActivityDate: "2026-10-20" }), ...more }],
];
const created = (createdDateTime: string): GivenFile => ["users", [user("ann", { createdDateTime })]];
const reportOf = (date: string, dates: Row): GivenFile => [
  "office365_active_user_detail",
  [activeRow("ann", dates)],
  { date },
];
const box = (id: string, storageUsedInBytes: number | null): Row => ({
  userPrincipalName: upn(id),
  storageUsedInBytes,
});
const drive = (id: string, storageUsedInBytes: number | null, more: Row = {}): Row => ({
  ownerPrincipalName: upn(id),
  siteUrl: `${id}${storageUsedInBytes}`,
  storageUsedInBytes,
  ...more,
});

describe("only what a person did proves activity", () => {
  const cases: Case[] = [
    [
      "a report date",
      [oneUser, skus, active({ teamsLastActivityDate: "2026-10-20" })],
      "Active",
      "Used Teams within 30 days",
    ],
    [
      "a mailbox date",
      [oneUser, skus, mailbox({ lastActivityDate: "2026-10-20" })],
      "Active",
      "Used Exchange within 30 days, by the date of the account, which others can move",
    ],
    [
      "a successful sign-in of the logs",
      [oneUser, ["sign_ins", [signIn("ann", "2026-10-20T08:00:00Z")]]],
      "Active",
      "Signed in within 30 days",
    ],
    [
      "a successful sign-in of signInActivity",
      [signedIn({ lastSuccessfulSignInDateTime: "2026-10-20T08:00:00Z" })],
      "Active",
      "Signed in within 30 days",
    ],
    [
      "not a failed sign-in",
      [oneUser, ["sign_ins", [signIn("ann", "2026-10-20T08:00:00Z", { status: { errorCode: 50126 } })]]],
      "Not Available",
      "No usage report was supplied; sign-ins alone cannot show inactivity",
    ],
    [
      "not an interrupted sign-in",
      [oneUser, ["sign_ins", [signIn("ann", "2026-10-20T08:00:00Z", { status: { errorCode: 50074 } })]]],
      "Not Available",
      "No usage report was supplied; sign-ins alone cannot show inactivity",
    ],
    [
      "not a sign-in of unknown outcome",
      [oneUser, ["sign_ins", [signIn("ann", "2026-10-20T08:00:00Z", { status: null })]]],
      "Not Available",
      "No usage report was supplied; sign-ins alone cannot show inactivity",
    ],
    [
      "not an attempt in signInActivity, of which one cannot tell whether it succeeded",
      [signedIn({ lastSignInDateTime: "2026-10-20T08:00:00Z" }), skus, active()],
      "Not Available",
      "The reports show no recent use, but there was a sign-in that the export does not call successful or failed",
    ],
    [
      "nor does such an attempt leave an old report date as proof of inactivity",
      [
        signedIn({ lastSignInDateTime: "2026-10-20T08:00:00Z" }),
        skus,
        active({ teamsLastActivityDate: "2026-08-01" }),
      ],
      "Not Available",
      "The reports show no recent use, but there was a sign-in that the export does not call successful or failed",
    ],
    [
      "a failed attempt beside a known success that is old",
      [
        signedIn({
          lastSignInDateTime: "2026-10-20T08:00:00Z",
          lastSuccessfulSignInDateTime: "2026-08-01T08:00:00Z",
        }),
        skus,
        active(),
      ],
      "Inactive",
      "No use of any covered workload within 30 days",
    ],
    [
      "a failed attempt where other users have known successes",
      [
        ["users", [user("ann", { signInActivity: { lastSignInDateTime: "2026-10-20T08:00:00Z" } }), bob]],
        skus,
        active(),
      ],
      "No activity",
      "The reports show no use of any workload",
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => expectStatus(files, status, reason));
});

describe("anything can disprove activity", () => {
  const old = "Newest sign-in of any kind is older than 30 days";
  const cases: Case[] = [
    [
      "an old attempt, without any report",
      [signedInBeside({ lastSignInDateTime: "2026-09-01T08:00:00Z" })],
      "Inactive",
      old,
    ],
    [
      "an old non-interactive one",
      [signedInBeside({ lastNonInteractiveSignInDateTime: "2026-09-01T08:00:00Z" })],
      "Inactive",
      old,
    ],
    [
      "an old success",
      [signedInBeside({ lastSuccessfulSignInDateTime: "2026-09-01T08:00:00Z" })],
      "Inactive",
      old,
    ],
    [
      "an old attempt beside empty report dates",
      [signedInBeside({ lastSignInDateTime: "2026-09-01T08:00:00Z" }), skus, active()],
      "Inactive",
      old,
    ],
    [
      "but not an old one beside a newer one",
      [
        signedIn({
          lastSignInDateTime: "2026-09-01T08:00:00Z",
          lastNonInteractiveSignInDateTime: "2026-10-30T08:00:00Z",
        }),
      ],
      "Not Available",
      "No usage report was supplied; there was a recent sign-in that the export does not call successful or failed",
    ],
    [
      "but not against a proof",
      [
        signedInBeside({ lastSignInDateTime: "2026-09-01T08:00:00Z" }),
        skus,
        active({ teamsLastActivityDate: "2026-10-20" }),
      ],
      "Active",
      "Used Teams within 30 days",
    ],
    [
      "never having signed in is no record of a sign-in",
      [signedIn({ lastSignInDateTime: "0001-01-01T00:00:00Z" })],
      "Not Available",
      "No usage report and no sign-ins were supplied",
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => expectStatus(files, status, reason));
});

describe("No activity and Inactive need a matched row and all enabled plans covered", () => {
  const none = "The reports show no use of any workload";
  const onedriveRow: GivenFile = [
    "onedrive_usage_account_detail",
    [{ ownerPrincipalName: upn("ann"), siteUrl: "a", lastActivityDate: null }],
  ];
  const oddLicense = { assignedLicenses: [{ skuId: odd, disabledPlans: [] }] };
  const allWorkloads = "Exchange, OneDrive, SharePoint, Teams, Yammer";
  const cases: Case[] = [
    ["the combined report with empty dates", [oneUser, skus, active()], "No activity", none],
    [
      "the combined report with old dates",
      [oneUser, skus, active({ teamsLastActivityDate: "2026-09-30" })],
      "Inactive",
      "No use of any covered workload within 30 days",
    ],
    ["no report at all", [oneUser, skus], "Not Available", "No usage report and no sign-ins were supplied"],
    [
      "only logs, however old what they show",
      [oneUser, ["sign_ins", [signIn("ann", "2026-08-01T08:00:00Z"), signIn("bob", "2026-10-30T08:00:00Z")]]],
      "Not Available",
      "No usage report was supplied; sign-ins alone cannot show inactivity",
    ],
    [
      "reports without a row of the user",
      [oneUser, skus, ["office365_active_user_detail", [activeRow("bob")]]],
      "Not Available",
      "In no supplied usage report",
    ],
    [
      "concealed names",
      [
        oneUser,
        skus,
        [
          "office365_active_user_detail",
          [{ ...activeRow("x"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" }],
        ],
      ],
      "Not Available",
      "The usage reports conceal names",
    ],
    [
      "a mailbox report where Teams is enabled too",
      [oneUser, skus, mailbox()],
      "Not Available",
      "For this user no supplied usage report covers Teams",
    ],
    [
      "a mailbox report where Teams is disabled",
      [withDisabled(teamsPlan), skus, mailbox()],
      "No activity",
      none,
    ],
    [
      "disabled plans in upper case",
      [withDisabled(teamsPlan.toUpperCase()), skus, mailbox()],
      "No activity",
      none,
    ],
    [
      "a report of another workload",
      [withDisabled(teamsPlan), skus, onedriveRow],
      "Not Available",
      "For this user no supplied usage report covers Exchange",
    ],
    [
      "any report where all plans are disabled",
      [withDisabled(exchangePlan, teamsPlan), skus, onedriveRow],
      "No activity",
      none,
    ],
    [
      "any report where there is no license",
      [["users", [user("ann", { assignedLicenses: [] })]], skus, onedriveRow],
      "No activity",
      none,
    ],
    [
      "a SKU whose plans are not known: any workload may be the one used",
      [["users", [user("ann", oddLicense)]], skus, mailbox()],
      "Not Available",
      "For this user no supplied usage report covers OneDrive, SharePoint, Teams, Yammer",
    ],
    [
      "such a SKU and the combined report: it may bring Office, which that does not tell of",
      [["users", [user("ann", oddLicense)]], skus, active()],
      "No activity",
      `${none}; Office use not reported`,
    ],
    [
      "such a SKU with the plans assigned to the user",
      [
        [
          "users",
          [
            user("ann", {
              ...oddLicense,
              assignedPlans: [
                { service: "exchange", capabilityStatus: "Enabled", servicePlanId: exchangePlan },
              ],
            }),
          ],
        ],
        mailbox(),
      ],
      "No activity",
      none,
    ],
    [
      "such a SKU with a plan that gives no mailbox",
      [
        [
          "users",
          [
            user("ann", {
              ...oddLicense,
              assignedPlans: [
                {
                  service: "exchange",
                  capabilityStatus: "Enabled",
                  servicePlanId: "113feb6c-3fe4-4440-bddc-54d774bf0318",
                },
              ],
            }),
          ],
        ],
        onedriveRow,
      ],
      "Not Available",
      "For this user no supplied usage report covers Exchange, SharePoint, Teams, Yammer",
    ],
    [
      "licenses that were not exported",
      [["users", [{ id: "ann", userPrincipalName: upn("ann") }]], skus, mailbox()],
      "Not Available",
      "For this user no supplied usage report covers OneDrive, SharePoint, Teams, Yammer",
    ],
    [
      "a mailbox report exported without its activity column",
      [
        withDisabled(teamsPlan),
        skus,
        ["mailbox_usage_detail", [{ userPrincipalName: upn("ann"), storageUsedInBytes: 1 }]],
      ],
      "Not Available",
      "For this user no supplied usage report covers Exchange",
    ],
    [
      "a combined report exported without any activity column",
      [
        ["users", [user("ann", oddLicense)]],
        ["office365_active_user_detail", [{ userPrincipalName: upn("ann") }]],
      ],
      "Not Available",
      `For this user no supplied usage report covers ${allWorkloads}`,
    ],
    [
      "an old mailbox report beside a new combined one",
      [oneUser, skus, mailbox({ lastActivityDate: "2026-05-01" }, "2026-05-02"), active()],
      "Inactive",
      "No use of any covered workload within 30 days",
    ],
    [
      "an old mailbox report beside a new one of OneDrive",
      [withDisabled(teamsPlan), skus, mailbox({ lastActivityDate: "2026-05-01" }, "2026-05-02"), onedriveRow],
      "Not Available",
      "For this user no supplied usage report covers Exchange after 2026-05-02",
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => expectStatus(files, status, reason));
});

describe("who a report row belongs to", () => {
  const cases: Case[] = [
    [
      "the user whose UPN it has, in any case",
      [oneUser, skus, teamsRow({ userPrincipalName: " ANN@Contoso.Example " })],
      "Active",
      "Used Teams within 30 days",
    ],
    [
      "the user whose mail it has, where nobody has that UPN",
      [
        ["users", [user("ann", { mail: "Ann.Lee@contoso.example" })]],
        skus,
        teamsRow({ userPrincipalName: "ann.lee@contoso.example" }),
      ],
      "Active",
      "Used Teams within 30 days",
    ],
    [
      "not the user whose mail it has, where somebody has that UPN",
      [
        ["users", [user("ann", { mail: upn("bob") }), user("bob")]],
        skus,
        teamsRow({ userPrincipalName: upn("bob") }),
      ],
      "Not Available",
      "In no supplied usage report",
    ],
    [
      "nobody, where two users bear the UPN",
      [
        ["users", [user("ann"), user("ann2", { userPrincipalName: "Ann@contoso.example" })]],
        skus,
        teamsRow({}),
      ],
      "Not Available",
      "In no supplied usage report",
    ],
    [
      "nobody, when the account was deleted",
      [oneUser, skus, teamsRow({ isDeleted: true })],
      "Not Available",
      "In no supplied usage report",
    ],
    [
      "an earlier bearer of the UPN, when the account is younger than the report",
      [
        created("2026-10-31T09:00:00Z"),
        skus,
        ["office365_active_user_detail", [activeRow("ann")], { date: "2026-10-30" }],
      ],
      "Not Available",
      "Created after the usage reports were made",
    ],
    [
      "an earlier bearer, when the use is older than the account: then it does not say either that there was none",
      [created("2026-10-25T09:00:00Z"), skus, teamsRow({})],
      "Not Available",
      "The usage reports show use only from before the account was created",
    ],
    [
      "the user, on the very day of creation",
      [created("2026-10-20T23:59:59Z"), skus, teamsRow({})],
      "Active",
      "Used Teams within 30 days",
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => expectStatus(files, status, reason));
});

describe("who a sign-in belongs to", () => {
  const nobody = "No usage report was supplied; sign-ins alone cannot show inactivity";
  const at = "2026-10-20T08:00:00Z";
  const cases: Case[] = [
    [
      "the user with its id, in any case and whatever its UPN",
      [oneUser, ["sign_ins", [signIn("ANN", at, { userPrincipalName: "was@contoso.example" })]]],
      "Active",
      "Signed in within 30 days",
    ],
    [
      "another id with the same UPN is another account",
      [oneUser, ["sign_ins", [signIn("ann", at, { userId: "older" })]]],
      "Not Available",
      nobody,
    ],
    [
      "without an id the user with its UPN",
      [
        oneUser,
        ["sign_ins", [signIn("ann", at, { userId: null, userPrincipalName: "ANN@contoso.example" })]],
      ],
      "Active",
      "Signed in within 30 days",
    ],
    [
      "without an id and from before the account an earlier bearer of the UPN",
      [
        ["users", [user("ann", { createdDateTime: "2026-10-25T00:00:00Z" })]],
        ["sign_ins", [signIn("ann", at, { userId: null })]],
      ],
      "Not Available",
      nobody,
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => expectStatus(files, status, reason));
});

test("exactly the days of the threshold are Active, one more is not", async () => {
  const query = await given(["users", [user("ann"), user("bob"), user("cy")]], skus, [
    "office365_active_user_detail",
    [
      activeRow("ann", { teamsLastActivityDate: "2026-10-01" }),
      activeRow("bob", { teamsLastActivityDate: "2026-09-30" }),
      activeRow("cy", { teamsLastActivityDate: "2026-10-31" }),
    ],
  ]);
  const sql =
    "select user_id, days_since_last_activity as days, activity_status as status from user_activity order by user_id";
  expect(await query(sql)).toEqual([
    { user_id: "ann", days: 30, status: "Active" },
    { user_id: "bob", days: 31, status: "Inactive" },
    { user_id: "cy", days: 0, status: "Active" },
  ]);
  expect(await query(sql, { inactive_after_days: 0 })).toEqual([
    { user_id: "ann", days: 30, status: "Inactive" },
    { user_id: "bob", days: 31, status: "Inactive" },
    { user_id: "cy", days: 0, status: "Active" },
  ]);
});

test("exactly the days of the threshold do not disprove either", async () => {
  const query = await given([
    "users",
    [
      user("ann", { signInActivity: { lastSignInDateTime: "2026-10-01T23:59:59Z" } }),
      user("bob", { signInActivity: { lastSignInDateTime: "2026-09-30T23:59:59Z" } }),
      dee,
    ],
  ]);
  expect(await query("select user_id, activity_status from user_activity order by user_id")).toEqual([
    { user_id: "ann", activity_status: "Not Available" },
    { user_id: "bob", activity_status: "Inactive" },
    { user_id: "dee", activity_status: "Not Available" },
  ]);
});

describe("days are counted from the date up to which the evidence reaches", () => {
  const sql =
    "select activity_as_of as as_of, days_since_last_activity as days, activity_status as status from user_activity where user_id = 'ann'";
  const used = { teamsLastActivityDate: "2026-09-10" };
  const cases = [
    [
      "the report, not the newer users export",
      [oneUser, skus, active(used, "2026-09-20")],
      { as_of: "2026-09-20", days: 10, status: "Active" },
    ],
    [
      "the report, not newer logs of others",
      [oneUser, skus, active(used, "2026-09-20"), ["sign_ins", [signIn("bob", "2026-10-31T00:00:00Z")]]],
      { as_of: "2026-09-20", days: 10, status: "Active" },
    ],
    [
      "the report, not a newer registration report",
      [oneUser, skus, active(used, "2026-09-20"), ["user_registration_details", [{ id: "ann" }]]],
      { as_of: "2026-09-20", days: 10, status: "Active" },
    ],
    [
      "the user's own report row, not a newer report without one",
      [
        oneUser,
        skus,
        active(used, "2026-09-20"),
        ["mailbox_usage_detail", [{ userPrincipalName: upn("bob"), lastActivityDate: null }]],
      ],
      { as_of: "2026-09-20", days: 10, status: "Active" },
    ],
    [
      "the newest sign-in of anybody in the users export, where that is the newest source",
      [
        signedInBeside({ lastSuccessfulSignInDateTime: "2026-10-21T00:00:00Z" }),
        skus,
        active(used, "2026-10-29"),
      ],
      { as_of: "2026-10-31", days: 10, status: "Active" },
    ],
    [
      "the same, where sign-ins disprove what a stale report shows",
      [
        signedInBeside({ lastSuccessfulSignInDateTime: "2026-09-15T00:00:00Z" }),
        skus,
        active(used, "2026-09-20"),
      ],
      { as_of: "2026-10-31", days: 46, status: "Inactive" },
    ],
    [
      "the stale report, where a sign-in of unknown outcome disproves nothing",
      [signedIn({ lastSignInDateTime: "2026-10-21T00:00:00Z" }), skus, active(used, "2026-09-20")],
      { as_of: "2026-09-20", days: 10, status: "Active" },
    ],
    [
      "the same, where it is older than a report but only it settles the matter; never the day of the users export",
      [
        [
          "users",
          [
            user("ann", { signInActivity: { lastSignInDateTime: "2026-08-01T00:00:00Z" } }),
            user("dee", { signInActivity: { lastNonInteractiveSignInDateTime: "2026-09-30T00:00:00Z" } }),
          ],
          { date: "2026-10-05" },
        ],
        skus,
        mailbox(),
      ],
      { as_of: "2026-09-30", days: null, status: "Inactive" },
    ],
    [
      "the logs, where there is nothing else",
      [oneUser, ["sign_ins", [signIn("ann", "2026-10-10T12:00:00Z"), signIn("bob", "2026-10-20T00:00:00Z")]]],
      { as_of: "2026-10-20", days: 10, status: "Active" },
    ],
    [
      "a log entry newer than the report",
      [oneUser, skus, active(used, "2026-09-20"), ["sign_ins", [signIn("ann", "2026-10-10T12:00:00Z")]]],
      { as_of: "2026-10-10", days: 0, status: "Active" },
    ],
    ["nothing", [oneUser, skus], { as_of: null, days: null, status: "Not Available" }],
  ] as const;
  test.each(cases)("%s", async (_name, files, expected) => {
    const query = await given(...(files as readonly GivenFile[]));
    expect(await query(sql)).toEqual([expected]);
  });
});

test("as_of moves everything: the users, the reports, the logs and the days", async () => {
  const query = await given(
    ["users", [user("ann")], { date: "2026-08-31" }],
    ["users", [user("ann", { accountEnabled: false, displayName: "Ann" })], { date: "2026-10-31" }],
    skus,
    reportOf("2026-08-30", { teamsLastActivityDate: "2026-08-29" }),
    reportOf("2026-10-30", { teamsLastActivityDate: "2026-08-29" }),
    ["sign_ins", [signIn("ann", "2026-09-05T23:59:59.9999999Z")]],
  );
  const sql = `select account_enabled as enabled, activity_status as status, activity_as_of as as_of,
    last_activity_date as last, last_activity_source as source, last_sign_in_at as signed_in from user_activity`;
  expect(await query(sql)).toEqual([
    {
      enabled: false,
      status: "Inactive",
      as_of: "2026-10-30",
      last: "2026-09-05",
      source: "Sign-in",
      signed_in: "2026-09-05 23:59:59.999999",
    },
  ]);
  expect(await query(sql, { as_of: "2026-09-05" })).toEqual([
    {
      enabled: true,
      status: "Active",
      as_of: "2026-09-05",
      last: "2026-09-05",
      source: "Sign-in",
      signed_in: "2026-09-05 23:59:59.999999",
    },
  ]);
  expect(await query(sql, { as_of: "2026-09-04" })).toEqual([
    {
      enabled: true,
      status: "Active",
      as_of: "2026-08-30",
      last: "2026-08-29",
      source: "Teams",
      signed_in: null,
    },
  ]);
  expect(await query(sql, { as_of: "2026-08-30" })).toEqual([
    {
      enabled: null,
      status: "Active",
      as_of: "2026-08-30",
      last: "2026-08-29",
      source: "Teams",
      signed_in: null,
    },
  ]);
  expect(await query(sql, { as_of: "2026-08-01" })).toEqual([]);
});

test("without a users export the rows come from registrations and reports, with the account unknown", async () => {
  const query = await given(
    ["user_registration_details", [{ id: "ann", userPrincipalName: upn("ann"), userDisplayName: "Ann" }]],
    [
      "office365_active_user_detail",
      [
        activeRow("ann", { teamsLastActivityDate: "2026-10-20" }),
        { ...activeRow("bob"), displayName: "Bob" },
        { ...activeRow("gone"), isDeleted: true },
        { ...activeRow("x"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" },
      ],
    ],
    [
      "sign_ins",
      [signIn("ann", "2026-10-22T00:00:00Z"), signIn("bob", "2026-09-01T00:00:00Z", { userId: "b0b" })],
    ],
  );
  const rows = await query(
    `select user_id, user_principal_name as upn, display_name as name, account_enabled as enabled, is_licensed as licensed,
     activity_status as status, last_activity_date as last from user_activity order by upn`,
  );
  expect(rows).toEqual([
    {
      user_id: "ann",
      upn: upn("ann"),
      name: "Ann",
      enabled: null,
      licensed: null,
      status: "Active",
      last: "2026-10-22",
    },
    {
      user_id: null,
      upn: upn("bob"),
      name: "Bob",
      enabled: null,
      licensed: null,
      status: "Inactive",
      last: "2026-09-01",
    },
  ]);
});

test("every workload has its date, and the newest of all is the last activity", async () => {
  const query = await given(
    oneUser,
    skus,
    [
      "office365_active_user_detail",
      [
        activeRow("ann", {
          exchangeLastActivityDate: "2026-10-01",
          oneDriveLastActivityDate: "2026-10-02",
          sharePointLastActivityDate: "2026-10-03",
          teamsLastActivityDate: "2026-10-04",
          yammerLastActivityDate: "2026-10-05",
          skypeForBusinessLastActivityDate: "2026-10-06",
        }),
      ],
    ],
    mailbox({ lastActivityDate: "2026-10-08" }, "2026-10-30"),
  );
  const rows = await query("select columns('last_activity_(date|source)$') from user_activity");
  expect(rows).toEqual([
    {
      last_activity_date: "2026-10-08",
      last_activity_source: "Exchange (account)",
      exchange_last_activity_date: "2026-10-08",
      onedrive_last_activity_date: "2026-10-02",
      sharepoint_last_activity_date: "2026-10-03",
      teams_last_activity_date: "2026-10-04",
      yammer_last_activity_date: "2026-10-05",
      skype_last_activity_date: "2026-10-06",
      m365_apps_last_activity_date: null,
      copilot_last_activity_date: null,
    },
  ]);
});

test("storage is the sum of what is known, and unknown where nothing is", async () => {
  const query = await given(
    ["users", ["ann", "bob", "cy", "dee", "eve"].map((id) => user(id))],
    ["mailbox_usage_detail", [box("ann", 1), box("bob", 2), box("eve", null)]],
    [
      "onedrive_usage_account_detail",
      [drive("ann", 10), drive("ann", 20), drive("cy", 0), drive("bob", 40, { isDeleted: true })],
    ],
  );
  const rows = await query(
    "select user_id, mailbox_storage_bytes, onedrive_storage_bytes, storage_used_bytes, storage_covers from user_activity order by user_id",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["ann", 1, 30, 31, "Mailbox and OneDrive"],
    ["bob", 2, null, 2, "Mailbox"],
    ["cy", null, 0, 0, "OneDrive"],
    ["dee", null, null, null, null],
    ["eve", null, null, null, null],
  ]);
});

test("the viewer's time zone changes nothing", async () => {
  const query = await given(
    [
      "users",
      [
        user("ann", {
          createdDateTime: "2026-10-01T23:30:00Z",
          signInActivity: { lastSuccessfulSignInDateTime: "2026-10-01T23:30:00Z" },
        }),
        bob,
      ],
    ],
    skus,
    active({ teamsLastActivityDate: "2026-10-01" }),
    ["sign_ins", [signIn("bob", "2026-10-31T23:59:00Z")]],
  );
  const answers = [];
  for (const timeZone of ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
    answers.push(await query("from user_activity order by user_id", { timeZone, as_of: today }));
  expect(answers[0]).toMatchObject([
    { activity_status: "Active", last_activity_date: "2026-10-01", last_sign_in_at: "2026-10-01 23:30:00" },
    { activity_status: "Active", last_activity_date: "2026-10-31", last_sign_in_at: "2026-10-31 23:59:00" },
  ]);
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test("a report whose dates were lost covers nothing: nobody has no activity for that", async () => {
  const [dataset, rows] = active();
  const lost = { exchangeLastActivityDate: 1, teamsLastActivityDate: 1 };
  await expectStatus(
    [oneUser, skus, [dataset, rows, { lost }]],
    "Not Available",
    "For this user no supplied usage report covers Exchange, Teams",
  );
});
