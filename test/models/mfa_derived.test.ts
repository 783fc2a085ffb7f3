import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, type Facts, type GivenFile } from "./given.ts";
import { upn, user } from "./people.ts";

const csv: Facts = { wrapper: "csv", completeness: "Unknown" };
const derived = " (derived from methods)";
const disabled = `No strong method is registered${derived}`;
const refused = `A method is registered but policy does not allow it${derived}`;

/** A record as the download of the portal has it: no id, no isAdmin, no isMfaRegistered. */
function listed(id: string, isMfaCapable: boolean | null, methodsRegistered: unknown, more: Row = {}): Row {
  return { userPrincipalName: upn(id), isMfaCapable, methodsRegistered, ...more };
}

async function statusOf(record: Row, ...files: readonly GivenFile[]): Promise<unknown[]> {
  const query = await given(["users", [user("ann")]], ["user_registration_details", [record]], ...files);
  const [row = {}] = await query("select mfa_status, mfa_status_reason, is_mfa_registered from mfa_status");
  return Object.values(row);
}

describe("where isMfaRegistered was not exported the methods tell Disabled from Non-compliant", () => {
  const cases: (readonly [name: string, methods: readonly string[], status: string, reason: string])[] = [
    ["none", [], "Disabled", disabled],
    ["an address", ["email"], "Disabled", disabled],
    ["security questions", ["securityQuestion"], "Disabled", disabled],
    ["an app password", ["appPassword"], "Disabled", disabled],
    ["a temporary access pass", ["temporaryAccessPass"], "Disabled", disabled],
    [
      "all of these",
      ["temporaryAccessPass", "email", "securityQuestion", "appPassword"],
      "Disabled",
      disabled,
    ],
    [
      "these in the portal's words",
      ["Email", "Security questions", "App password", "Temporary Access Pass"],
      "Disabled",
      disabled,
    ],
    ["a phone", ["mobilePhone"], "Non-compliant", refused],
    ["a phone beside an address", ["email", "mobilePhone"], "Non-compliant", refused],
    [
      "an authenticator in the portal's words",
      ["Microsoft Authenticator app (push notification)"],
      "Non-compliant",
      refused,
    ],
    ["a method that nobody knows yet", ["brainWaves"], "Non-compliant", refused],
  ];
  test.each(cases)("%s", async (_name, methods, status, reason) => {
    expect(await statusOf(listed("ann", false, methods))).toEqual([status, reason, null]);
    const history = await given(["user_registration_details", [listed("ann", false, methods)]]);
    expect(await history("select mfa_status, is_mfa_registered from mfa_history")).toEqual([
      { mfa_status: status, is_mfa_registered: null },
    ]);
  });

  test("but not of who is capable, or not known to be not capable", async () => {
    expect((await statusOf(listed("ann", true, ["mobilePhone"]))).slice(0, 2)).toEqual([
      "Enabled",
      "A strong method is registered and allowed by policy",
    ]);
    expect((await statusOf(listed("ann", null, []))).slice(0, 1)).toEqual(["Not Available"]);
    expect((await statusOf(listed("ann", null, ["mobilePhone"]))).slice(0, 1)).toEqual(["Not Available"]);
  });

  test("what the flag says goes before the methods, in the record itself and in the older report", async () => {
    expect(
      (await statusOf(listed("ann", false, ["mobilePhone"], { isMfaRegistered: false }))).slice(0, 2),
    ).toEqual(["Disabled", "No strong method is registered"]);
    expect((await statusOf(listed("ann", false, [], { isMfaRegistered: true }))).slice(0, 1)).toEqual([
      "Non-compliant",
    ]);
    const older: GivenFile = [
      "credential_user_registration_details",
      [{ userPrincipalName: upn("ann"), isMfaRegistered: true }],
    ];
    expect((await statusOf(listed("ann", false, []), older)).slice(0, 2)).toEqual([
      "Non-compliant",
      "A method is registered, by the older registration report of 2026-10-31, but policy does not allow it",
    ]);
  });
});

describe("capable without a registered method is Enabled, with its own reason, counted apart", () => {
  const reason = "MFA capable without a registered method (certificate or external method)";
  test.each([
    ["by the flags", { id: "ann", isMfaCapable: true, isMfaRegistered: false }],
    ["by an empty list of methods", listed("ann", true, [])],
    ["by an address alone", listed("ann", true, ["email"])],
  ])("%s", async (_name, record) => {
    expect((await statusOf(record)).slice(0, 2)).toEqual(["Enabled", reason]);
    const query = await given(["users", [user("ann")]], ["user_registration_details", [record]]);
    expect(
      await query(
        "select severity, affected_records from data_quality where finding = 'capable_without_registered'",
      ),
    ).toEqual([{ severity: "info", affected_records: 1 }]);
  });
});

describe("an empty cell of methods", () => {
  const columns = "user_principal_name, mfa_status, methods_registered, phishing_resistant_methods";
  const rowsOf = async (records: readonly Row[], facts?: Facts): Promise<unknown[][]> => {
    const query = await given(
      ["users", [user("ann"), user("bob")]],
      ["user_registration_details", records, facts],
    );
    const rows = await query(`select ${columns} from mfa_status order by 1`);
    return rows.map((row) => Object.values(row).slice(1));
  };
  const bob = listed("bob", true, ["mobilePhone"]);

  test("is none in a list that never writes [], in which every capable user has methods", async () => {
    expect(await rowsOf([listed("ann", false, null), bob], csv)).toEqual([
      ["Disabled", "", ""],
      ["Enabled", "mobilePhone", ""],
    ]);
  });

  const unknown: (readonly [name: string, records: readonly Row[], facts: Facts | undefined])[] = [
    ["in a list that writes [] elsewhere", [listed("ann", false, null), listed("bob", false, [])], csv],
    [
      "where a capable user's cell is empty too",
      [listed("ann", false, null), listed("bob", true, null)],
      csv,
    ],
    [
      "where one who may be capable has such a cell",
      [listed("ann", false, null), listed("bob", null, null)],
      csv,
    ],
    ["in a list without the column", [listed("ann", false, undefined), listed("bob", true, undefined)], csv],
    ["in JSON, where none is written []", [listed("ann", false, null), bob], undefined],
    [
      "in a list that lost methods when it was exported",
      [listed("ann", false, null), bob],
      { ...csv, lost: { methodsRegistered: 1 } },
    ],
  ];
  test.each(unknown)("is unknown %s", async (_name, records, facts) => {
    expect((await rowsOf(records, facts))[0]).toEqual(["Not Available", null, null]);
  });
});

describe("an admin without any method is found by README's query", () => {
  const weak =
    "select user_principal_name from mfa_status where is_admin and phishing_resistant_methods = ''";
  const cases: (readonly [name: string, record: Row, facts: Facts | undefined])[] = [
    [
      "whose list of methods is empty",
      { id: "ann", isAdmin: true, isMfaCapable: false, methodsRegistered: [] },
      undefined,
    ],
    ["whose cell of methods is empty in a list", listed("ann", false, null, { isAdmin: true }), csv],
    [
      "of whom the flags say it, without methods",
      { id: "ann", isAdmin: true, isMfaCapable: false, isMfaRegistered: false },
      undefined,
    ],
  ];
  test.each(cases)("%s", async (_name, record, facts) => {
    const others = facts === undefined ? [] : [listed("bob", true, ["email"])];
    const query = await given(
      ["users", [user("ann")]],
      ["user_registration_details", [record, ...others], facts],
    );
    expect(await query(weak)).toEqual([{ user_principal_name: upn("ann") }]);
  });

  test("but nobody of whom the methods are not known", async () => {
    const query = await given(
      ["users", [user("ann")]],
      [
        "user_registration_details",
        [{ id: "ann", isAdmin: true, isMfaCapable: true, isMfaRegistered: true }],
      ],
    );
    expect(await query(weak)).toEqual([]);
  });
});

test("passwordless and self-service password reset are there, and who is able to reset is registered for it", async () => {
  const flags = [
    [true, true, null, true, true],
    [false, false, false, false, false],
    [null, null, true, null, true],
    [null, null, false, null, null],
    [null, false, true, null, false],
    [undefined, undefined, undefined, null, null],
  ] as const;
  const query = await given(
    ["users", flags.map((_flags, index) => user(`u${index}`))],
    [
      "user_registration_details",
      flags.map(([isPasswordlessCapable, isSsprRegistered, isSsprCapable], index) => ({
        id: `u${index}`,
        isMfaCapable: true,
        isPasswordlessCapable,
        isSsprRegistered,
        isSsprCapable,
      })),
    ],
  );
  const rows = await query(
    "select is_passwordless_capable, is_sspr_registered from mfa_status order by user_id",
  );
  expect(rows.map((row) => Object.values(row))).toEqual(flags.map((row) => row.slice(3)));
});

test("the older report tells who is registered for resetting the password", async () => {
  const query = await given([
    "credential_user_registration_details",
    [{ userPrincipalName: upn("ann"), isMfaRegistered: false, isRegistered: true }],
  ]);
  expect(await query("select is_sspr_registered from mfa_status")).toEqual([{ is_sspr_registered: true }]);
});

test("a guest by the registrations alone is one in every output", async () => {
  const query = await given(
    ["users", [user("ann")]],
    ["user_registration_details", [{ id: "ann", userType: "guest", isMfaCapable: true }]],
  );
  for (const output of ["users", "mfa_status"])
    expect(await query(`select user_type from ${output}`)).toEqual([{ user_type: "Guest" }]);
});
