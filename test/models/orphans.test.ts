import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, type GivenFile } from "./given.ts";
import { activeRow, signIn, skus, upn, user } from "./people.ts";

const jan = { date: "2026-09-30", import: 1 };
const feb = { date: "2026-10-31", import: 2 };
const users = (...records: Row[]): GivenFile => ["users", records];
const activeOn = (name: string, more: Row = {}): Row => ({
  ...activeRow("x", { teamsLastActivityDate: "2026-10-20" }),
  userPrincipalName: name,
  ...more,
});
const report = (...rows: Row[]): GivenFile => ["office365_active_user_detail", rows];
const teams = (row: Row): GivenFile => [
  "teams_user_activity_user_detail",
  [{ userId: null, userPrincipalName: upn("ann"), lastActivityDate: "2026-10-20", isDeleted: false, ...row }],
];
const id = "11111111-1111-4111-8111-111111111111";
const other = "22222222-2222-4222-8222-222222222222";

/** Who is Active, and what is nobody's for which reason. */
async function whoIsWho(...files: readonly GivenFile[]): Promise<{ active: unknown[]; orphans: unknown[] }> {
  const query = await given(...files);
  const active = await query("select user_id from user_activity where activity_status = 'Active' order by 1");
  const orphans = await query(
    "select dataset, user_principal_name as name, reason from orphans order by all",
  );
  return {
    active: active.map(({ user_id: user }) => user),
    orphans: orphans.map(({ dataset, name, reason }) => [dataset, name, reason]),
  };
}

const dataset = "office365_active_user_detail";

describe("a report row reaches a user", () => {
  type Case = readonly [string, readonly GivenFile[], readonly unknown[], readonly unknown[]];
  const cases: readonly Case[] = [
    ["by the UPN in any case", [users(user("ann")), report(activeOn(upn("ann").toUpperCase()))], ["ann"], []],
    [
      "by the mail address where nobody has it as UPN",
      [users(user("ann", { mail: "a.lee@contoso.example" })), report(activeOn("A.Lee@contoso.example"))],
      ["ann"],
      [],
    ],
    [
      "by the UPN before the mail address of another",
      [users(user("ann"), user("bob", { mail: upn("ann") })), report(activeOn(upn("ann")))],
      ["ann"],
      [],
    ],
    [
      "not by a name that two have",
      [users(user("ann"), user("bob", { userPrincipalName: upn("ann") })), report(activeOn(upn("ann")))],
      [],
      [[dataset, upn("ann"), "Several users have this name: 2"]],
    ],
    [
      "not by a mail address that two have",
      [users(user("ann", { mail: "team@x" }), user("bob", { mail: "team@x" })), report(activeOn("team@x"))],
      [],
      [[dataset, "team@x", "Several users have this name: 2"]],
    ],
    [
      "never by display name",
      [
        users(user("ann", { displayName: "Ann Lee" })),
        report(activeOn("lee@contoso.example", { displayName: "Ann Lee" })),
      ],
      [],
      [[dataset, "lee@contoso.example", "Not in the users export"]],
    ],
    [
      "by the object id before the name",
      [users(user(id), user("bob")), teams({ userId: id, userPrincipalName: upn("bob") })],
      [id],
      [],
    ],
    [
      "not by name where the row has the object id of somebody else: the name was given on",
      [users(user("ann")), teams({ userId: other })],
      [],
      [["teams_user_activity_user_detail", upn("ann"), "Not in the users export"]],
    ],
    [
      "by name where the id is all zeros",
      [users(user("ann")), teams({ userId: "00000000-0000-0000-0000-000000000000" })],
      ["ann"],
      [],
    ],
    [
      "by the UPN that the same id had in an earlier export",
      [
        ["users", [user("ann", { userPrincipalName: "ann.maiden@contoso.example" })], jan],
        ["users", [user("ann")], feb],
        report(activeOn("Ann.Maiden@contoso.example")),
      ],
      ["ann"],
      [],
    ],
    [
      "not by an earlier UPN that another user has now",
      [
        ["users", [user("ann", { userPrincipalName: "lee@contoso.example" })], jan],
        ["users", [user("ann"), user("bob", { userPrincipalName: "lee@contoso.example" })], feb],
        report(activeOn("lee@contoso.example")),
      ],
      ["bob"],
      [],
    ],
    [
      "not by an earlier UPN that two users had",
      [
        [
          "users",
          [user("ann", { userPrincipalName: "desk@x" }), user("bob")],
          { date: "2026-08-31", import: 1 },
        ],
        ["users", [user("ann"), user("bob", { userPrincipalName: "desk@x" })], { ...jan, import: 2 }],
        ["users", [user("ann"), user("bob")], { ...feb, import: 3 }],
        report(activeOn("desk@x")),
      ],
      [],
      [[dataset, "desk@x", "Several users have this name: 2"]],
    ],
    [
      "not by a UPN that only an export that was replaced gives",
      [
        ["users", [user("ann", { userPrincipalName: "typo@x" })], jan],
        ["users", [user("ann")], { ...jan, import: 2 }],
        ["users", [user("ann")], { ...feb, import: 3 }],
        report(activeOn("typo@x")),
      ],
      [],
      [[dataset, "typo@x", "Not in the users export"]],
    ],
    [
      "not where the account was deleted",
      [users(user("ann")), report(activeOn(upn("ann"), { isDeleted: true }))],
      [],
      [[dataset, upn("ann"), "The account was deleted"]],
    ],
    [
      "not with use from before the account was created",
      [users(user("ann", { createdDateTime: "2026-10-25T00:00:00Z" })), report(activeOn(upn("ann")))],
      [],
      [[dataset, upn("ann"), "It shows use from before the account was created"]],
    ],
    [
      "not where the report is older than the account",
      [
        users(user("ann", { createdDateTime: "2026-10-25T00:00:00Z" })),
        [dataset, [activeOn(upn("ann"))], { date: "2026-10-22" }],
      ],
      [],
      [[dataset, upn("ann"), "The report was made before the account was created"]],
    ],
    [
      "not where its name is concealed",
      [users(user("ann")), report(activeOn("0123456789ABCDEF0123456789ABCDEF"))],
      [],
      [[dataset, "0123456789ABCDEF0123456789ABCDEF", "The name is concealed"]],
    ],
    [
      "perhaps, where the users export is cut",
      [["users", [user("ann")], { completeness: "Incomplete" }], report(activeOn("bob@contoso.example"))],
      [],
      [[dataset, "bob@contoso.example", "Not in the users export, which is incomplete"]],
    ],
  ];
  test.each(cases)("%s", async (_name, files, active, orphans) => {
    expect(await whoIsWho(skus, ...files)).toEqual({ active, orphans });
  });
});

describe("a sign-in reaches a user", () => {
  const at = "2026-10-20T08:00:00Z";
  type Case = readonly [string, readonly GivenFile[], readonly unknown[], readonly unknown[]];
  const cases: readonly Case[] = [
    [
      "by the object id, whatever the name",
      [users(user("ann")), ["sign_ins", [signIn("ann", at, { userPrincipalName: "old@contoso.example" })]]],
      ["ann"],
      [],
    ],
    [
      "by name where it has no id, by an earlier name too",
      [
        ["users", [user("ann", { userPrincipalName: "old@contoso.example" })], jan],
        ["users", [user("ann")], feb],
        ["sign_ins", [signIn("x", at, { userId: null, userPrincipalName: "Old@contoso.example" })]],
      ],
      ["ann"],
      [],
    ],
    [
      "not by the name where the id is of somebody else",
      [users(user("ann")), ["sign_ins", [signIn(other, at, { userPrincipalName: upn("ann") })]]],
      [],
      [["sign_ins", upn("ann"), "Not in the users export"]],
    ],
    [
      "not by name before the account was created",
      [
        users(user("ann", { createdDateTime: "2026-10-25T00:00:00Z" })),
        ["sign_ins", [signIn("ann", at, { userId: null })]],
      ],
      [],
      [["sign_ins", upn("ann"), "Signed in before the account was created"]],
    ],
    [
      "not where it names nobody",
      [users(user("ann")), ["sign_ins", [signIn("ann", at, { userId: "", userPrincipalName: "" })]]],
      [],
      [["sign_ins", null, "It names nobody"]],
    ],
  ];
  test.each(cases)("%s", async (_name, files, active, orphans) => {
    expect(await whoIsWho(...files)).toEqual({ active, orphans });
  });
});

test("registrations, reports that prove no activity and what is counted are orphans too", async () => {
  const query = await given(
    users(user("ann")),
    ["user_registration_details", [{ id: "gone", userPrincipalName: "gone@contoso.example" }]],
    ["m365_app_user_detail", [{ userPrincipalName: "gone@contoso.example", windows: true }]],
    [
      "mailbox_usage_detail",
      [{ userPrincipalName: "gone@contoso.example", storageUsedInBytes: 7, lastActivityDate: "2026-10-02" }],
    ],
    ["sign_ins", [signIn("gone", "2026-10-03T08:00:00Z"), signIn("gone", "2026-10-04T08:00:00Z")]],
  );
  const rows = await query(
    "select dataset, rows, last_activity_date, storage_used_bytes as bytes, sign_ins from orphans order by 1",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["m365_app_user_detail", 1, null, null, null],
    ["mailbox_usage_detail", 1, "2026-10-02", 7, null],
    ["sign_ins", 1, "2026-10-04", null, 2],
    ["user_registration_details", 1, null, null, null],
  ]);
});

test("registrations that name nobody are orphans too, and no stranger's", async () => {
  const zeros = "00000000-0000-0000-0000-000000000000";
  const hidden = "0123456789abcdef0123456789abcdef";
  const query = await given(
    users(user("ann")),
    [
      "user_registration_details",
      [
        { id: "ann", userPrincipalName: "" },
        { id: zeros, userPrincipalName: " " },
        { id: zeros, userPrincipalName: upn("ann") },
        { id: zeros, userPrincipalName: hidden },
        { id: "gone", userPrincipalName: "" },
      ],
    ],
    [
      "credential_user_registration_details",
      [{ userPrincipalName: "" }, { userPrincipalName: "(Unknown)" }, { userPrincipalName: "left@x" }],
    ],
  );
  const orphans = await query("select dataset, user_id, user_principal_name, reason from orphans");
  expect(orphans.map((row) => Object.values(row).join("|")).toSorted()).toEqual(
    [
      "credential_user_registration_details|||It names nobody",
      "credential_user_registration_details||(Unknown)|The name is concealed",
      "credential_user_registration_details||left@x|Not in the users export",
      "user_registration_details|gone||Not in the users export",
      "user_registration_details|| |It names nobody",
      `user_registration_details||${hidden}|The name is concealed`,
    ].toSorted(),
  );
  const findings = await query(
    "select dataset, affected_records as records from data_quality where finding = 'registrations_without_user' order by 1",
  );
  expect(findings.map((row) => Object.values(row))).toEqual([
    ["credential_user_registration_details", 1],
    ["user_registration_details", 1],
  ]);
});

test("sign-ins are judged by person where the id is known, else by application and time too", async () => {
  const signed = (id: string, app: string, day: string, more: Row = {}): Row =>
    signIn(id, `2026-10-${day}T08:00:00Z`, { appId: app, ...more });
  const query = await given(users(user("ann"), user("bob", { createdDateTime: "2026-10-10T00:00:00Z" })), [
    "sign_ins",
    [
      signed("ann", "mail", "01"),
      signed("ann", "files", "02", { userPrincipalName: "other@contoso.example" }),
      signed("gone", "mail", "03"),
      signed("gone", "files", "04"),
      signed("gone", "files", "05", { status: { errorCode: 50126 } }),
      signed("gone", "chat", "06", { userPrincipalName: "later@contoso.example" }),
      signed("bob", "mail", "07", { userId: null }),
      signed("bob", "files", "20", { userId: null, userPrincipalName: " BOB@contoso.example" }),
      signed("bob", "files", "08", { userId: null }),
    ],
  ]);
  const evidence = await query(
    "select user_id, upn_key, app_id, attempts, last_seen_at::date as seen, last_sign_in_at::date as signed from intermediate.sign_in_evidence order by 1, 2, 3, 5",
  );
  expect(evidence.map((row) => Object.values(row))).toEqual([
    ["ann", null, null, 2, "2026-10-02", "2026-10-02"],
    ["gone", null, "chat", 1, "2026-10-06", "2026-10-06"],
    ["gone", null, "files", 2, "2026-10-05", "2026-10-04"],
    ["gone", null, "mail", 1, "2026-10-03", "2026-10-03"],
    [null, upn("bob"), "files", 1, "2026-10-08", "2026-10-08"],
    [null, upn("bob"), "files", 1, "2026-10-20", "2026-10-20"],
    [null, upn("bob"), "mail", 1, "2026-10-07", "2026-10-07"],
  ]);
  const orphans = await query(
    "select user_id, user_principal_name, reason, rows, sign_ins, last_activity_date as day from orphans order by all",
  );
  expect(orphans.map((row) => Object.values(row))).toEqual([
    ["gone", upn("gone"), "Not in the users export", 2, 3, "2026-10-04"],
    ["gone", "later@contoso.example", "Not in the users export", 1, 1, "2026-10-06"],
    [null, upn("bob"), "Signed in before the account was created", 2, 2, null],
  ]);
  const activity = await query(
    "select user_id, last_log_sign_in_at::date as day from intermediate.person_activity order by 1",
  );
  expect(activity.map((row) => Object.values(row))).toEqual([
    ["ann", "2026-10-02"],
    ["bob", "2026-10-20"],
  ]);
});

test("an id that is the name of somebody else is nobody's, by application", async () => {
  const query = await given(users(user("ann", { userPrincipalName: other, mail: "gone" })), [
    "sign_ins",
    [
      signIn(other, "2026-10-01T08:00:00Z", { appId: "mail", userPrincipalName: "p@contoso.example" }),
      signIn(other, "2026-10-02T08:00:00Z", { appId: "files", userPrincipalName: "q@contoso.example" }),
      signIn("gone", "2026-10-03T08:00:00Z", { appId: "mail" }),
      signIn("gone", "2026-10-04T08:00:00Z", { appId: "files" }),
    ],
  ]);
  const orphans = await query(
    "select user_id, user_principal_name, rows, sign_ins from orphans order by all",
  );
  expect(orphans.map((row) => Object.values(row))).toEqual([
    [other, "p@contoso.example", 1, 1],
    [other, "q@contoso.example", 1, 1],
    ["gone", upn("gone"), 2, 2],
  ]);
});

test("an earlier UPN counts only from the export on in which the user has another", async () => {
  const query = await given(
    ["users", [user("ann", { userPrincipalName: "old@x" })], jan],
    ["users", [user("ann", { userPrincipalName: "new@x" })], feb],
    [dataset, [activeOn("new@x")], { date: "2026-09-30" }],
    [dataset, [activeOn("old@x")], { date: "2026-10-31" }],
  );
  const matched = async (asOf: string): Promise<unknown> =>
    await query("select user_principal_name as name, matched_by from intermediate.evidence", { as_of: asOf });
  expect(await matched("2026-09-30")).toEqual([{ name: "new@x", matched_by: null }]);
  expect(await matched("2026-10-31")).toEqual([{ name: "old@x", matched_by: "Earlier UPN" }]);
});

test("an earlier UPN that somebody had who is gone is not that of whoever had it before", async () => {
  const query = await given(
    ["users", [user("bob", { userPrincipalName: "alice@x" })], { date: "2026-08-31", import: 1 }],
    [
      "users",
      [user("bob", { userPrincipalName: "bob@x" }), user("ann", { userPrincipalName: "alice@x" })],
      { ...jan, import: 2 },
    ],
    ["users", [user("bob", { userPrincipalName: "bob@x" })], { ...feb, import: 3 }],
    report(activeOn("alice@x")),
  );
  expect(await query("select user_principal_name as name, reason from orphans")).toEqual([
    { name: "alice@x", reason: "Several users have this name: 2" },
  ]);
});

test("sign-ins that are nobody's count for no user, and one person with two names counts once", async () => {
  const at = "2026-10-20T08:00:00Z";
  const query = await given(users(user("ann"), user("new", { createdDateTime: "2026-10-25T00:00:00Z" })), [
    "sign_ins",
    [
      signIn("ann", at),
      signIn("ann", "2026-10-20T09:00:00Z", { id: "2", userId: null }),
      signIn("new", at, { id: "3", userId: null }),
    ],
  ]);
  expect(
    await query("select user_id, user_principal_name as name, sign_ins from app_activity order by 2"),
  ).toEqual([
    { user_id: "ann", name: upn("ann"), sign_ins: 2 },
    { user_id: null, name: upn("new"), sign_ins: 1 },
  ]);
  expect(await query("select users, sign_ins from app_summary")).toEqual([{ users: 2, sign_ins: 3 }]);
  expect(await query("select users from app_activity_daily")).toEqual([{ users: 2 }]);
});

test("of a mailbox by UPN and another by mail address the first is the user's", async () => {
  const box = (userPrincipalName: string, storageUsedInBytes: number): Row => ({
    userPrincipalName,
    storageUsedInBytes,
    lastActivityDate: null,
  });
  const query = await given(users(user("ann", { mail: "sales@x" })), [
    "mailbox_usage_detail",
    [box(upn("ann"), 5), box("sales@x", 7)],
  ]);
  expect(await query("select mailbox_storage_bytes as bytes from user_activity")).toEqual([{ bytes: 5 }]);
});
