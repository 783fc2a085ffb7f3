import { describe, expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const upn = (number: number): string => `user${number}@contoso.example`;
const sku = "00000000-0000-4000-8000-0000000000e3";

type Fields = Readonly<Record<string, unknown>>;

function user(number: number, more: Fields = {}): Fields {
  return {
    id: id(number),
    userPrincipalName: upn(number),
    displayName: `User ${number}`,
    accountEnabled: true,
    department: null,
    assignedLicenses: [{ skuId: sku, disabledPlans: [] }],
    licenseAssignmentStates: [{ skuId: sku, assignedByGroup: null, state: "Active", error: "None" }],
    ...more,
  };
}

const unlicensed = { assignedLicenses: [], licenseAssignmentStates: [] };

const users = (...records: readonly Fields[]): object => page("users", records);

/** The first page of a users export, whose next link nobody followed. */
const cutUsers = (...records: readonly Fields[]): object =>
  page("users", records, { "@odata.nextLink": "https://graph/next" });

const registrations = (...records: readonly Fields[]): object =>
  page("reports/authenticationMethods/userRegistrationDetails", records);

function registration(number: number, isMfaCapable: boolean, day: string): Fields {
  return {
    id: id(number),
    userPrincipalName: upn(number),
    isAdmin: false,
    isMfaRegistered: isMfaCapable,
    isMfaCapable,
    methodsRegistered: [],
    lastUpdatedDateTime: `${day}T06:00:00Z`,
  };
}

/** An email activity report as the portal writes it: the newest use in the days of its period. */
function emailReport(refreshDate: string, period: number, lastDate: string): string {
  const header =
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period";
  return `${header}\n${refreshDate},${upn(1)},User 1,False,,${lastDate},1,1,1,0,0,,${period}\n`;
}

interface Diff {
  readonly status: number | null;
  readonly counts: readonly Fields[];
  readonly notes: readonly { readonly subject: string; readonly note: string }[];
  readonly changes: readonly Fields[];
}

function diff(dir: Workdir, ...args: string[]): Diff {
  const { status, stdout, stderr } = dir.run("diff", ...args, "--json");
  if (stdout === "") throw new Error(`diff printed nothing; it said: ${stderr}`);
  return { ...(JSON.parse(stdout) as Omit<Diff, "status">), status };
}

const listed = ({ changes }: Diff): unknown[][] =>
  changes.map(({ subject, change, user_id: userId, sku_id: skuId, property, before, after }) => [
    subject,
    change,
    userId === null ? null : Number(String(userId).slice(-12)),
    skuId !== null,
    property,
    before,
    after,
  ]);

const sums = ({ counts }: Diff): unknown[][] =>
  counts.map((row) => [row["subject"], row["gained"], row["lost"], row["changed"]]);

/** Imports files as of a day. */
function importOf(dir: Workdir, day: string, files: Readonly<Record<string, object | string>>): void {
  const folder = `${day}-${Object.keys(files).join("-")}`;
  for (const [name, content] of Object.entries(files)) dir.write(`${folder}/${name}`, content);
  dir.import(folder, "--as-of", day);
}

describe("what changed between two days", () => {
  const dir = new Workdir();
  const days = ["--from", "2026-10-01", "--to", "2026-11-01"];

  test("licenses, users and MFA that came, went or changed are listed by their ids", () => {
    importOf(dir, "2026-10-01", {
      "users.json": users(user(1), user(2), user(3), user(4, { department: "Sales" })),
      "mfa.json": registrations(registration(1, false, "2026-10-01"), registration(3, true, "2026-10-01")),
    });
    importOf(dir, "2026-11-01", {
      "users.json": users(
        user(1, { accountEnabled: false, userPrincipalName: "renamed1@contoso.example" }),
        user(3, unlicensed),
        user(4, {
          licenseAssignmentStates: [{ skuId: sku, assignedByGroup: id(7), state: "Active", error: "None" }],
        }),
        user(5),
      ),
      "mfa.json": registrations(registration(1, true, "2026-11-01")),
    });
    const all = diff(dir, ...days);
    expect(all.status).toBe(0);
    expect(sums(all)).toEqual([
      ["licenses", 1, 2, 1],
      ["users", 1, 1, 2],
      ["mfa", 1, 1, 1],
      ["activity", 1, 1, 0],
    ]);
    expect(listed(all).filter(([subject]) => subject !== "activity")).toEqual([
      ["licenses", "gained", 5, true, null, null, "Direct"],
      ["licenses", "lost", 2, true, null, "Direct", null],
      ["licenses", "lost", 3, true, null, "Direct", null],
      ["licenses", "changed", 4, true, "assigned_by_group_ids", "none", id(7)],
      ["licenses", "changed", 4, true, "assignment_path", "Direct", "Group"],
      ["users", "gained", 5, false, null, null, "account enabled"],
      ["users", "lost", 2, false, null, "account enabled", null],
      ["users", "changed", 1, false, "account_enabled", "true", "false"],
      ["users", "changed", 1, false, "user_principal_name", upn(1), "renamed1@contoso.example"],
      ["users", "changed", 4, false, "department", "Sales", "none"],
      ["mfa", "gained", 5, false, null, null, "Not Available"],
      ["mfa", "lost", 2, false, null, "Not Available", null],
      // That user 3 is not in the second report is no change: nobody knows the status.
      ["mfa", "changed", 1, false, "mfa_status", "Disabled", "Enabled"],
    ]);
    expect(all.notes).toContainEqual({
      subject: "mfa",
      note: "values known on one of the days only, which are no changes: 3",
    });
  });

  test("the screen says the MFA status in words that are not those of an account's state", () => {
    const { stdout } = dir.run("diff", "mfa", ...days);
    expect(stdout).toMatch(/mfa_status +not registered \(Disabled\) +MFA capable \(Enabled\)/);
    expect(stdout).toContain("unknown (Not Available)");
    expect(stdout).not.toMatch(/ Disabled/);
  });

  test("the first line is the answer, and only what was asked for is compared", () => {
    const { stdout, status } = dir.run("diff", "licenses", "users", ...days);
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe(
      "Unnamed tenant, 2026-10-01 to 2026-11-01: licenses 1 gained, 2 lost, 1 changed; users 1 gained, 1 lost, 2 changed",
    );
    expect(stdout).toMatch(/^licenses +user +product +property +2026-10-01 +2026-11-01$/m);
    expect(stdout).toMatch(/^changed +user4@contoso\.example +department +Sales +none$/m);
    expect(stdout).not.toContain("MFA");
  });

  test("two days of one export have no changes, and it is said why", () => {
    const same = diff(dir, "--from", "2026-10-01", "--to", "2026-10-20", "users");
    expect(same.changes).toEqual([]);
    expect(same.notes).toEqual([
      { subject: "users", note: "both days read the same exports, of 2026-10-01" },
    ]);
  });

  const refused: (readonly [args: readonly string[], says: string])[] = [
    [
      ["--from", "2026-01-01"],
      "there is no data of 2026-01-01: it is from 2026-10-01 to 2026-11-01. Exports are of 2026-10-01, 2026-11-01",
    ],
    [["--from", "2026-10-01", "--to", "2027-01-01"], "there is no data of 2027-01-01"],
    [["--from", "2026-11-01", "--to", "2026-10-01"], "--from 2026-11-01 is after --to 2026-10-01"],
    [["--from", "yesterday"], "--from takes a day as YYYY-MM-DD"],
    [[], "from"],
    [["people", "--from", "2026-10-01"], "people"],
  ];
  test.each(refused)("%j is refused with the cure", (args, says) => {
    const { status, stderr } = dir.run("diff", ...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  test("a database that is not there is exit 4", () => {
    expect(dir.run("diff", "--from", "2026-10-01", "--db", "none.duckdb").status).toBe(4);
  });
});

describe("a partial snapshot never reads as departures", () => {
  test("an incomplete newest users export is passed over", () => {
    const dir = new Workdir();
    importOf(dir, "2026-10-01", { "users.json": users(user(1), user(2)) });
    importOf(dir, "2026-11-01", { "users.json": cutUsers(user(1)) });
    const read = diff(dir, "licenses", "users", "--from", "2026-10-01", "--to", "2026-11-01");
    expect(sums(read)).toEqual([
      ["licenses", 0, 0, 0],
      ["users", 0, 0, 0],
    ]);
    expect(read.notes[0]?.note).toBe(
      "both days read the same exports, of 2026-10-01; a newer one is incomplete and was passed over: users",
    );
    expect(
      dir.query("select snapshot_date::varchar as d, assigned_users as n from license_history order by d"),
    ).toEqual([
      { d: "2026-10-01", n: 2 },
      { d: "2026-11-01", n: 2 },
    ]);
  });

  test("an incomplete first one makes nobody gained, one with rejected records nobody lost", () => {
    const dir = new Workdir();
    importOf(dir, "2026-10-01", { "users.json": cutUsers(user(1)) });
    importOf(dir, "2026-11-01", { "users.json": users(user(1), user(2)) });
    importOf(dir, "2026-12-01", { "users.json": users(user(1), { id: "no id", accountEnabled: "perhaps" }) });
    const first = diff(dir, "licenses", "users", "--from", "2026-10-01", "--to", "2026-11-01");
    expect(first.changes).toEqual([]);
    expect(first.counts.map((row) => [row["gained"], row["gained_withheld"]])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(first.notes[0]?.note).toMatch(
      /^1 more on 2026-11-01 are not called gained: the export of users of 2026-10-01 is incomplete/,
    );
    const second = diff(dir, "licenses", "users", "--from", "2026-11-01", "--to", "2026-12-01");
    expect(second.changes).toEqual([]);
    expect(second.counts.map((row) => [row["lost"], row["lost_withheld"]])).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(second.notes[0]?.note).toContain(
      "are not called lost: records of users of 2026-12-01 were rejected: 1",
    );
  });

  test("of a re-export of the same day only the later one counts", () => {
    const dir = new Workdir();
    importOf(dir, "2026-10-01", { "users.json": users(user(1), user(2)) });
    importOf(dir, "2026-11-01", { "wrong.json": users(user(1)) });
    importOf(dir, "2026-11-01", { "users.json": users(user(1), user(2), user(3)) });
    const read = diff(dir, "users", "--from", "2026-10-01", "--to", "2026-11-01");
    expect(listed(read)).toEqual([["users", "gained", 3, false, null, null, "account enabled"]]);
    expect(diff(dir, "users", "--from", "2026-11-01", "--to", "2026-11-01").changes).toEqual([]);
  });

  test("pages that follow the next day are of the same export", () => {
    const dir = new Workdir();
    importOf(dir, "2026-10-01", { "users.json": users(user(1), user(2)) });
    importOf(dir, "2026-11-01", { "users-1.json": cutUsers(user(1)) });
    importOf(dir, "2026-11-02", { "users-2.json": users(user(2), user(3)) });
    const read = diff(dir, "licenses", "users", "--from", "2026-10-01", "--to", "2026-11-02");
    expect(listed(read)).toEqual([
      ["licenses", "gained", 3, true, null, null, "Direct"],
      ["users", "gained", 3, false, null, null, "account enabled"],
    ]);
    expect(dir.query("select distinct completeness as c from meta.snapshots")).toEqual([{ c: "Complete" }]);
    const history = "select snapshot_date::varchar as d, assigned_users as n from license_history order by d";
    expect(dir.query(history)).toEqual([
      { d: "2026-10-01", n: 2 },
      { d: "2026-11-02", n: 3 },
    ]);
  });
});

test("what was not supplied on one of the days is said, and nothing of it is listed", () => {
  const dir = new Workdir();
  importOf(dir, "2026-10-01", { "mfa.json": registrations(registration(1, true, "2026-10-01")) });
  importOf(dir, "2026-11-01", { "users.json": users(user(1), user(2)) });
  const read = diff(dir, "--from", "2026-10-01", "--to", "2026-11-01");
  expect(read.changes).toEqual([]);
  expect(read.counts.map((row) => row["is_compared"])).toEqual([false, false, false, false]);
  expect(read.notes).toContainEqual({
    subject: "users",
    note: "not compared: on 2026-10-01 users was supplied only from 2026-11-01 on",
  });
  const later = diff(dir, "mfa", "--from", "2026-10-01", "--to", "2026-10-01");
  expect(later.counts[0]?.["is_compared"]).toBe(true);
});

test.each([
  ["D7 first", [7, 30]],
  ["D30 first", [30, 7]],
] as const)("D7 and D30 editions of one report stay apart: %s", (_name, periods) => {
  const dir = new Workdir();
  importOf(dir, "2026-10-01", {
    "users.json": users(user(1)),
    "email.csv": emailReport("2026-10-01", 30, "2026-09-29"),
  });
  for (const period of periods)
    importOf(dir, "2026-11-01", {
      [`email-${period}.csv`]: emailReport("2026-11-01", period, period === 7 ? "" : "2026-10-10"),
    });
  const read = diff(dir, "activity", "--from", "2026-10-01", "--to", "2026-11-01");
  expect(sums(read)).toEqual([["activity", 0, 0, 0]]);
  expect(
    dir.query("select activity_status as s, exchange_last_activity_date::varchar as d from user_activity"),
  ).toEqual([{ s: "Active", d: "2026-10-10" }]);
  expect(
    dir.query(
      "select snapshot_date::varchar as d, last_activity_date::varchar as last from activity_history order by d",
    ),
  ).toEqual([
    { d: "2026-10-01", last: "2026-09-29" },
    { d: "2026-11-01", last: "2026-10-10" },
  ]);
});
