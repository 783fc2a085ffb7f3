import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database.ts";
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
  return (await query("from mfa_summary order by mfa_status")).map((row) => Object.values(row));
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
