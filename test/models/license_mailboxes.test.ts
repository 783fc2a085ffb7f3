import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, given, type GivenFile } from "./given.ts";
import { activeRow, exchangePlan, skus, teamsPlan, upn, user } from "./people.ts";

const gigabyte = 1024 ** 3;
/** Everything that must be known of a mailbox that needs no license. */
const box: Row = {
  externalDirectoryObjectId: "ann",
  userPrincipalName: upn("ann"),
  primarySmtpAddress: upn("ann"),
  recipientTypeDetails: "SharedMailbox",
  litigationHoldEnabled: false,
  inPlaceHolds: [],
  delayHoldApplied: false,
  delayReleaseHoldApplied: false,
  complianceTagHoldApplied: false,
  archiveStatus: "None",
};
const usage: Row = {
  userPrincipalName: upn("ann"),
  storageUsedInBytes: gigabyte,
  lastActivityDate: "2026-10-29",
};
const off = { accountEnabled: false };
const columns = "reclaim_reason, reclaim_blocker, is_reclaimable, needs_review";

interface Case {
  readonly user?: Row;
  readonly box?: Row | null;
  readonly usage?: Row | null;
  readonly files?: readonly GivenFile[];
}

async function judge({ user: more, box: boxed, usage: used, files = [] }: Case): Promise<unknown[]> {
  const query = await given(
    skus,
    ["users", [user("ann", { ...off, ...more })]],
    ...(boxed === null ? [] : [["mailboxes", [{ ...box, ...boxed }]] as const]),
    ...(used === null ? [] : [["mailbox_usage_detail", [{ ...usage, ...used }]] as const]),
    ...files,
  );
  const [row = {}] = await query(`select ${columns} from license_assignments`);
  return Object.values(row);
}

const shared = "Shared mailbox";
const room = "Room or equipment";
const notAll = "Review: not all holds of the mailbox were supplied";
const signIn = (time: string): Row => ({ signInActivity: { lastSignInDateTime: time } });
const report = (dates: Row): GivenFile => ["office365_active_user_detail", [activeRow("ann", dates)]];

describe("a mailbox that needs no license", () => {
  test.each<[name: string, given: Case, expected: readonly unknown[]]>([
    ["a shared one of which all is known: sure", {}, [shared, null, true, false]],
    [
      "before the account that is disabled, and before any activity",
      { files: [report({ exchangeLastActivityDate: "2026-10-30" })] },
      [shared, null, true, false],
    ],
    ["a room", { box: { recipientTypeDetails: "RoomMailbox" } }, [room, null, true, false]],
    ["equipment", { box: { recipientTypeDetails: "EquipmentMailbox" } }, [room, null, true, false]],
    [
      "the type comes from the usage report",
      { box: { recipientTypeDetails: null }, usage: { recipientType: "Shared" } },
      [shared, "Review: the mailbox type comes from the usage report", true, true],
    ],
    [
      "the size was not supplied",
      { usage: null },
      [shared, "Review: size of the mailbox was not supplied", true, true],
    ],
    [
      "the size is below 45 GB",
      { usage: { storageUsedInBytes: 45 * gigabyte - 1 } },
      [shared, null, true, false],
    ],
    [
      "the size is 45 GB",
      { usage: { storageUsedInBytes: 45 * gigabyte } },
      [shared, "Review: mailbox of 45 GB or more", true, true],
    ],
    [
      "the size is above 50 GB",
      { usage: { storageUsedInBytes: 50 * gigabyte + 1 } },
      [shared, "Mailbox above 50 GB; Review: mailbox of 45 GB or more", false, false],
    ],
    ["an archive", { box: { archiveStatus: "Active" } }, [shared, "Archive mailbox", false, false]],
    [
      "an archive by the usage report",
      { box: { archiveStatus: undefined }, usage: { hasArchive: true } },
      [shared, "Archive mailbox", false, false],
    ],
    [
      "no archive by the usage report",
      { box: { archiveStatus: undefined }, usage: { hasArchive: false } },
      [shared, null, true, false],
    ],
    [
      "nobody tells of an archive",
      { box: { archiveStatus: undefined } },
      [shared, "Review: whether the mailbox has an archive was not supplied", true, true],
    ],
    [
      "a litigation hold",
      { box: { litigationHoldEnabled: true } },
      [shared, "Litigation hold", false, false],
    ],
    ["an in-place hold", { box: { inPlaceHolds: ["UniH1"] } }, [shared, "In-place hold", false, false]],
    ["a delay hold", { box: { delayReleaseHoldApplied: true } }, [shared, "Delay hold", false, false]],
    [
      "a label hold",
      { box: { complianceTagHoldApplied: true } },
      [shared, "Retention label hold", false, false],
    ],
    [
      "a delay hold that was not supplied",
      { box: { delayHoldApplied: undefined } },
      [shared, notAll, true, true],
    ],
    [
      "a label hold that was not supplied",
      { box: { complianceTagHoldApplied: undefined } },
      [shared, notAll, true, true],
    ],
    [
      "somebody signs in",
      { user: signIn("2024-01-01T00:00:00Z") },
      [shared, "Review: somebody signs in with this account", true, true],
    ],
    [
      "the account may sign in, and no export tells whether it does",
      { user: { accountEnabled: true }, files: [report({})] },
      [shared, "Review: whether somebody signs in with this account was not supplied", true, true],
    ],
    [
      "something else of the SKU is used: it is no mere mailbox",
      { user: { accountEnabled: true }, files: [report({ teamsLastActivityDate: "2026-10-30" })] },
      [null, null, null, null],
    ],
    [
      "what else is used of it was long ago",
      { files: [report({ teamsLastActivityDate: "2026-05-01" })] },
      [shared, null, true, false],
    ],
    [
      "the policy excludes it",
      { files: [["reclaim_policy", [{ userPrincipalName: upn("ann"), isExcluded: true }]]] },
      [shared, "Excluded by policy: no reason given", false, false],
    ],
  ])("%s", async (_name, files, expected) => {
    expect(await judge(files)).toEqual(expected);
  });

  test("a SKU without Exchange is no license of the mailbox", async () => {
    const teams = { ...skus[1][0], servicePlans: [{ servicePlanId: teamsPlan, servicePlanName: "TEAMS1" }] };
    const query = await given(
      ["subscribed_skus", [teams]],
      ["users", [user("ann", off)]],
      ["mailboxes", [box]],
    );
    expect(await query("select reclaim_reason from license_assignments")).toEqual([
      { reclaim_reason: "Account disabled" },
    ]);
  });

  test("nor is one whose Exchange is switched off", async () => {
    const switched = { assignedLicenses: [{ skuId: e3, disabledPlans: [exchangePlan] }] };
    expect((await judge({ user: switched }))[0]).toBe("Account disabled");
  });
});

describe("a resource account's license", () => {
  const resource = { department: "Microsoft Communication Application Instance" };
  test.each<[name: string, given: Case]>([
    [
      "gets no reason from a disabled account",
      { user: resource, box: { recipientTypeDetails: "UserMailbox" } },
    ],
    ["gets none from a mailbox type", { user: resource }],
    [
      "gets none from activity",
      { user: { ...resource, accountEnabled: true }, box: null, usage: null, files: [report({})] },
    ],
  ])("%s", async (_name, files) => {
    expect((await judge(files))[0]).toBe(null);
  });
});

describe("a disabled account's license needs review until it is shown to stay disabled", () => {
  const plain = { recipientTypeDetails: "UserMailbox" };
  const since = "Review: no two exports 30 days apart show the account disabled";
  const earlier = (date: string, more: Row = off, index = 1): GivenFile => [
    "users",
    [user("ann", more)],
    { date, import: index },
  ];
  test.each<[name: string, user: Row, files: readonly GivenFile[], caveat: string | null]>([
    ["one export", {}, [], since],
    ["another of 29 days ago", {}, [earlier("2026-10-02")], since],
    ["another of 30 days ago", {}, [earlier("2026-10-01")], null],
    [
      "enabled between",
      {},
      [earlier("2026-09-01"), earlier("2026-10-15", { accountEnabled: true }, 2)],
      since,
    ],
    [
      "unknown between",
      {},
      [earlier("2026-09-01"), earlier("2026-10-15", { accountEnabled: null }, 2)],
      since,
    ],
    [
      "enabled before",
      {},
      [earlier("2026-08-01", { accountEnabled: true }), earlier("2026-09-01", off, 2)],
      null,
    ],
    ["the person left", { employeeLeaveDateTime: "2026-10-30T00:00:00Z" }, [], null],
    ["the person leaves later", { employeeLeaveDateTime: "2026-11-30T00:00:00Z" }, [], since],
  ])("%s", async (_name, more, files, caveat) => {
    const query = await given(
      skus,
      ["users", [user("ann", { ...off, ...more })], { import: 9 }],
      ["mailboxes", [{ ...box, ...plain }]],
      ...files,
    );
    const [row = {}] = await query(`select ${columns} from license_assignments`);
    expect(Object.values(row)).toEqual(["Account disabled", caveat, true, caveat !== null]);
  });
});

test("what needs review stands apart in the summary", async () => {
  const query = await given(
    skus,
    ["users", [user("ann", off), user("bob", off), user("cem")]],
    ["mailboxes", [box]],
    ["mailbox_usage_detail", [usage]],
    [
      "office365_active_user_detail",
      ["ann", "bob", "cem"].map((id) => activeRow(id, { exchangeLastActivityDate: "2026-10-30" })),
    ],
  );
  expect(
    await query(
      "select available_units, reclaimable_units, reclaimable_review_units, surplus_units, surplus_units_sure from license_summary",
    ),
  ).toEqual([
    {
      available_units: 9,
      reclaimable_units: 2,
      reclaimable_review_units: 1,
      surplus_units: 11,
      surplus_units_sure: 10,
    },
  ]);
});
