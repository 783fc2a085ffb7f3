import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, type GivenFile } from "./given.ts";
import { user } from "./people.ts";

const capable: Row = { isMfaCapable: true, isMfaRegistered: true };
const users: GivenFile = [
  "users",
  [
    user("ann"),
    user("bob", { accountEnabled: false }),
    user("cy", { assignedLicenses: [] }),
    user("dee", { accountEnabled: false, assignedLicenses: [] }),
  ],
];
const details: GivenFile = [
  "user_registration_details",
  [
    { id: "ann", isAdmin: true, ...capable },
    { id: "bob", isAdmin: false, ...capable },
    { id: "cy", isAdmin: false, isMfaCapable: false, isMfaRegistered: false },
  ],
];

async function summary(...files: readonly GivenFile[]): Promise<unknown[][]> {
  const query = await given(...files);
  const sql =
    "select mfa_status, users, account_enabled_users, licensed_users, admins from mfa_summary order by mfa_status";
  return (await query(sql)).map((row) => Object.values(row));
}

/** Status, enabled members, their percentage, enabled guests, disabled accounts. */
async function headline(...files: readonly GivenFile[]): Promise<unknown[][]> {
  const query = await given(...files);
  const sql =
    "select mfa_status, enabled_members, enabled_members_percent, enabled_guests, account_disabled_users from mfa_summary order by mfa_status";
  return (await query(sql)).map((row) => Object.values(row));
}

const without = ([dataset, records, facts]: GivenFile, property: string): GivenFile => [
  dataset,
  records.map(({ [property]: _left, ...record }) => record),
  facts,
];

test("each status that occurs has its counts, and what nobody knows is null", async () => {
  expect(await summary(users, details)).toEqual([
    ["Disabled", 1, 1, 0, 0],
    ["Enabled", 2, 1, 2, 1],
    ["Not Available", 1, 0, 0, null],
  ]);
});

describe("a count is null, never 0, when something is missing", () => {
  test("accountEnabled and assignedLicenses of the users, isAdmin of the registrations", async () => {
    expect(
      await summary(
        without(without(users, "accountEnabled"), "assignedLicenses"),
        without(details, "isAdmin"),
      ),
    ).toEqual([
      ["Disabled", 1, null, null, null],
      ["Enabled", 2, null, null, null],
      ["Not Available", 1, null, null, null],
    ]);
  });
  test("the users export", async () => {
    expect(await summary(details)).toEqual([
      ["Disabled", 1, null, null, 0],
      ["Enabled", 2, null, null, 1],
    ]);
  });
  test("the rest of a cut users export: what was counted is a lower bound", async () => {
    expect(
      await summary([...users.slice(0, 2), { completeness: "Incomplete" }] as unknown as GivenFile, details),
    ).toEqual([
      ["Disabled", 1, 1, null, null],
      ["Enabled", 2, 1, 2, 1],
      ["Not Available", 1, null, null, null],
    ]);
  });
  test("the flags of some users: what was counted is a lower bound", async () => {
    const mixed: GivenFile = [
      "users",
      [user("ann", { accountEnabled: null }), user("bob", { accountEnabled: false, assignedLicenses: null })],
    ];
    expect(await summary(mixed, ["user_registration_details", details[1].slice(0, 2)])).toEqual([
      ["Enabled", 2, null, 1, 1],
    ]);
  });
});

describe("the headline is that of enabled members", () => {
  const member = { userType: "Member" };
  const people: GivenFile = [
    "users",
    [
      user("ann", member),
      user("bob", { ...member, accountEnabled: false }),
      user("cy", member),
      user("dee", { userType: "guest" }),
      user("eve", member),
    ],
  ];
  const records: GivenFile = [
    "user_registration_details",
    [...details[1], { id: "dee", ...capable }, { id: "eve", isMfaCapable: true }],
  ];

  test("guests and disabled accounts stand apart", async () => {
    expect(await headline(people, records)).toEqual([
      ["Disabled", 1, 33.3, 0, 0],
      ["Enabled", 2, 66.7, 1, 1],
    ]);
  });
  test("a user whose type nobody knows is none of either, so that zero says nothing", async () => {
    expect(await headline(["users", [user("ann"), ...people[1].slice(1)]], records)).toEqual([
      ["Disabled", 1, 50, 0, 0],
      ["Enabled", 1, 50, 1, 1],
    ]);
    expect(await headline(["users", [user("ann"), user("cy", member)]], records)).toEqual([
      ["Disabled", 1, 100, 0, 0],
      ["Enabled", null, null, null, 0],
    ]);
  });
  test("the type may come from the registrations, the state of the account only from the users", async () => {
    const typed: GivenFile = ["user_registration_details", [{ id: "ann", ...capable, userType: "member" }]];
    expect(await headline(["users", [user("ann")]], typed)).toEqual([["Enabled", 1, 100, 0, 0]]);
    expect(await headline(typed)).toEqual([["Enabled", null, null, null, null]]);
  });
  test("a cut users export gives lower bounds", async () => {
    expect(
      await headline(
        [...people.slice(0, 2), { completeness: "Incomplete" }] as unknown as GivenFile,
        records,
      ),
    ).toEqual([
      ["Disabled", 1, 33.3, null, null],
      ["Enabled", 2, 66.7, 1, 1],
    ]);
  });
});
