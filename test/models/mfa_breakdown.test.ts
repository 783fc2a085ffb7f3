import { describe, expect, test } from "vitest";
import { given, type GivenFile } from "./given.ts";
import { user } from "./people.ts";

const capable = { isMfaCapable: true, isMfaRegistered: true };
const none = { isMfaCapable: false, isMfaRegistered: false };
const users: GivenFile = [
  "users",
  [
    user("ann", { userType: "Member", department: "IT", country: "Spain" }),
    user("bob", { userType: "Member", department: "IT", country: "Spain" }),
    user("cy", { userType: "Member", department: "Sales", accountEnabled: false }),
    user("dee", { userType: "Guest", department: " ", country: "Spain" }),
    user("eve", { userType: "Guest", accountEnabled: false }),
    user("fay", { userType: "Member", accountEnabled: null }),
  ],
];
const details: GivenFile = [
  "user_registration_details",
  [
    { id: "ann", isAdmin: true, ...capable },
    { id: "bob", isAdmin: false, ...none },
    { id: "cy", isAdmin: false, ...capable },
    { id: "dee", isAdmin: true, ...none },
    { id: "fay", isAdmin: false, ...capable },
  ],
];

async function breakdown(dimension: string, ...files: readonly GivenFile[]): Promise<unknown[][]> {
  const query = await given(...files);
  const rows = await query(
    `select * exclude (dimension) from mfa_breakdown where dimension = '${dimension}' order by value, mfa_status`,
  );
  return rows.map((row) => Object.values(row));
}

describe("each value of a dimension has its users by status, with their share, and the enabled members apart", () => {
  const cases: (readonly [dimension: string, rows: readonly unknown[][]])[] = [
    [
      "Population",
      [
        ["Disabled guests", "Not Available", 1, 100, 0, null],
        ["Disabled members", "Enabled", 1, 100, 0, null],
        ["Enabled guests", "Disabled", 1, 100, 0, null],
        ["Enabled members", "Disabled", 1, 50, 1, 50],
        ["Enabled members", "Enabled", 1, 50, 1, 50],
        ["Unknown", "Enabled", 1, 100, null, null],
      ],
    ],
    [
      "Admin",
      [
        ["Admin", "Disabled", 1, 50, 0, 0],
        ["Admin", "Enabled", 1, 50, 1, 100],
        ["Not admin", "Disabled", 1, 33.3, 1, 100],
        ["Not admin", "Enabled", 2, 66.7, null, null],
        ["Unknown", "Not Available", 1, 100, 0, null],
      ],
    ],
    [
      "User type",
      [
        ["Guest", "Disabled", 1, 50, 0, null],
        ["Guest", "Not Available", 1, 50, 0, null],
        ["Member", "Disabled", 1, 25, 1, 50],
        ["Member", "Enabled", 3, 75, 1, 50],
      ],
    ],
    [
      "Department",
      [
        ["IT", "Disabled", 1, 50, 1, 50],
        ["IT", "Enabled", 1, 50, 1, 50],
        ["Sales", "Enabled", 1, 100, 0, null],
        ["Unknown", "Disabled", 1, 33.3, 0, null],
        ["Unknown", "Enabled", 1, 33.3, null, null],
        ["Unknown", "Not Available", 1, 33.3, 0, null],
      ],
    ],
    [
      "Country",
      [
        ["Spain", "Disabled", 2, 66.7, 1, 50],
        ["Spain", "Enabled", 1, 33.3, 1, 50],
        ["Unknown", "Enabled", 2, 66.7, null, null],
        ["Unknown", "Not Available", 1, 33.3, 0, null],
      ],
    ],
  ];
  test.each(cases)("%s", async (dimension, rows) => {
    expect(await breakdown(dimension, users, details)).toEqual(rows);
  });
});

describe("what nobody knows stays Unknown", () => {
  test("who is an admin, without isAdmin", async () => {
    const flags: GivenFile = ["user_registration_details", [{ id: "ann", ...capable }]];
    expect(await breakdown("Admin", ["users", [user("ann")]], flags)).toEqual([
      ["Unknown", "Enabled", 1, 100, null, null],
    ]);
  });
  test("everything about the account, without a users export", async () => {
    const typed: GivenFile = [
      "user_registration_details",
      [{ id: "ann", userType: "member", isAdmin: true, ...capable }],
    ];
    const row = ["Enabled", 1, 100, null, null];
    expect(await breakdown("Population", typed)).toEqual([["Unknown", ...row]]);
    expect(await breakdown("Department", typed)).toEqual([["Unknown", ...row]]);
    expect(await breakdown("User type", typed)).toEqual([["Member", ...row]]);
    expect(await breakdown("Admin", typed)).toEqual([["Admin", ...row]]);
  });
  test("how many enabled members there are, where the users export is cut", async () => {
    const cut: GivenFile = ["users", [user("dee", { userType: "Guest" })], { completeness: "Incomplete" }];
    expect(await breakdown("User type", cut, details)).toEqual([["Guest", "Disabled", 1, 100, null, null]]);
  });
});

test("the users of every dimension add up to those of mfa_summary", async () => {
  const query = await given(users, details);
  const rows = await query(
    `select dimension from mfa_breakdown group by dimension
     having sum(users) <> (select sum(users) from mfa_summary)`,
  );
  expect(rows).toEqual([]);
});
