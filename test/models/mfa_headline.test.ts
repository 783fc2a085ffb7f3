import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { readSql } from "../../src/transform/models.ts";
import { given, type GivenFile } from "./given.ts";
import { upn, user } from "./people.ts";

const member = { userType: "Member", givenName: "Ann", surname: "Lee" };
const capable: Row = { isMfaCapable: true, isMfaRegistered: true };
const none: Row = { isMfaCapable: false, isMfaRegistered: false };

async function headline(...files: readonly GivenFile[]): Promise<unknown[]> {
  const query = await given(...files);
  return (await query(readSql("screens/mfa_headline"))).map(({ line }) => line);
}

async function table(...files: readonly GivenFile[]): Promise<unknown[][]> {
  const query = await given(...files);
  return (await query(readSql("screens/mfa"))).map((row) => Object.values(row));
}

const people: GivenFile = [
  "users",
  [
    user("ann", member),
    user("bob", member),
    user("cy", { ...member, accountEnabled: false }),
    user("dee", { userType: "Guest" }),
    user("eve", { userType: "Member", assignedLicenses: [] }),
    user("desk", { ...member, isResourceAccount: true }),
    user("box", member),
  ],
];
const mailboxes: GivenFile = [
  "mailboxes",
  [
    {
      externalDirectoryObjectId: "box",
      primarySmtpAddress: upn("box"),
      recipientTypeDetails: "SharedMailbox",
    },
  ],
];
const records: GivenFile = [
  "user_registration_details",
  [
    { id: "ann", isAdmin: true, ...capable },
    { id: "bob", isAdmin: true, ...none },
    { id: "dee", isAdmin: false, ...capable },
    { id: "desk", isAdmin: false, ...none },
    { id: "box", isAdmin: false, ...none },
  ],
];

describe("the headline counts people, and says n of N with what is unknown", () => {
  test("guests, blocked accounts, shared mailboxes and resource accounts stand apart; an unknown kind is a person", async () => {
    expect(await headline(people, mailboxes, records)).toEqual([
      "MFA: 1 of 3 people who may sign in are MFA capable (Enabled), 1 unknown",
      "Admins: 1 of 2 are MFA capable (Enabled); of 1 more the role is unknown",
    ]);
    // Status, people, their share, other enabled members, guests, blocked accounts, all, admins.
    expect(await table(people, mailboxes, records)).toEqual([
      ["MFA capable (Enabled)", 1, 33.3, 0, 1, 0, 2, 1],
      ["not registered (Disabled)", 1, 33.3, 2, 0, 0, 3, 1],
      ["unknown (Not Available)", 1, 33.3, 0, 0, 1, 2, null],
    ]);
  });

  test("admins are unknown, never 0, where no file says who is one", async () => {
    const silent: GivenFile = [
      "user_registration_details",
      [
        { id: "ann", ...capable },
        { id: "bob", ...none },
      ],
    ];
    const [, admins] = await headline(people, silent);
    expect(admins).toBe("Admins: unknown, no file says who is one");
    expect((await table(people, silent)).map((row) => row.at(-1))).toEqual([null, null, null]);
  });

  test("none among those whose role is known, where some is not", async () => {
    const [, admins] = await headline(people, [
      "user_registration_details",
      [{ id: "ann", isAdmin: false, ...capable }],
    ]);
    expect(admins).toBe("Admins: none among those whose role is known; of 5 more the role is unknown");
  });

  test("without registration details nobody is called not registered", async () => {
    expect(await headline(people)).toEqual([
      "MFA: unknown of all 4 people who may sign in",
      "Admins: unknown, no file says who is one",
    ]);
  });

  test("without users the state of all accounts is unknown", async () => {
    expect(
      (
        await headline([
          "user_registration_details",
          [{ id: "ann", userPrincipalName: upn("ann"), isAdmin: true, ...capable }],
        ])
      )[0],
    ).toBe(
      "MFA: no account is known to be a person's that may sign in; accounts of unknown state or type: 1",
    );
  });

  test("and there is none where there is nobody", async () => {
    expect(await headline()).toEqual([]);
  });
});

describe("members_of_kind_person", () => {
  const counts = async (...files: readonly GivenFile[]): Promise<unknown[][]> => {
    const query = await given(...files);
    const rows = await query(
      "select mfa_status, enabled_members, members_of_kind_person from mfa_summary order by 1",
    );
    return rows.map((row) => Object.values(row));
  };

  test("leaves out what is no person's", async () => {
    expect(await counts(people, mailboxes, records)).toEqual([
      ["Disabled", 3, 1],
      ["Enabled", 1, 1],
      ["Not Available", 1, 1],
    ]);
  });

  test("is null, never 0, where the state or the type of some is unknown, and a lower bound above", async () => {
    const odd: GivenFile = [
      "users",
      [user("ann", { accountEnabled: null }), user("bob", member), user("cy", { userType: null })],
    ];
    expect(
      await counts(odd, [
        "user_registration_details",
        [
          { id: "ann", ...capable },
          { id: "bob", ...none },
          { id: "cy", ...none },
        ],
      ]),
    ).toEqual([
      ["Disabled", 1, 1],
      ["Enabled", null, null],
    ]);
  });
});
