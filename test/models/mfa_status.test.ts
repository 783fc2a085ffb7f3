import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, type GivenFile } from "./given.ts";

test("every pair of flags has its status and its reason, capable first", async () => {
  const strong = "A strong method is registered and allowed by policy";
  const cases = [
    [true, true, "Enabled", strong],
    [true, false, "Enabled", "MFA capable without a registered method (certificate or external method)"],
    [true, null, "Enabled", "MFA capable; whether a method is registered was not exported"],
    [false, true, "Non-compliant", "A method is registered but policy does not allow it"],
    [false, false, "Disabled", "No strong method is registered"],
    [null, false, "Disabled", "No strong method is registered"],
    [null, true, "Not Available", "A method is registered, but isMfaCapable was not exported"],
    [
      false,
      null,
      "Not Available",
      "Not capable, but isMfaRegistered was not exported and the methods are not known",
    ],
    [null, null, "Not Available", "Neither isMfaCapable nor isMfaRegistered was exported"],
  ] as const;
  const query = await given(
    ["users", cases.map((_case, index) => ({ id: `u${index}` }))],
    [
      "user_registration_details",
      cases.map(([isMfaCapable, isMfaRegistered], index) => ({
        id: `U${index}`,
        isMfaCapable,
        isMfaRegistered,
      })),
    ],
  );
  const rows = await query(
    "select is_mfa_capable, is_mfa_registered, mfa_status, mfa_status_reason from mfa_status order by user_id",
  );
  expect(rows.map((row) => Object.values(row))).toEqual(cases);
});

describe("a user without a record is Not Available", () => {
  const registered: Row = { id: "bob", isMfaCapable: true, isMfaRegistered: true };
  const refusal = ["Authentication_RequestFromNonPremiumTenantOrB2CTenant", "no premium license"] as const;
  const cases: (readonly [
    name: string,
    accountEnabled: boolean,
    files: readonly GivenFile[],
    reason: string,
  ])[] = [
    ["because nothing was supplied", true, [], "No registration details were supplied"],
    [
      "because the endpoint answered with an error",
      true,
      [["user_registration_details", [], { error: refusal }]],
      `Registration details could not be exported: ${refusal[0]}: ${refusal[1]}`,
    ],
    [
      "because the endpoint answered with an error that has no message",
      true,
      [["user_registration_details", [], { error: ["Authorization_RequestDenied", ""] }]],
      "Registration details could not be exported: Authorization_RequestDenied",
    ],
    [
      "although an error answer hides no records",
      true,
      [
        ["user_registration_details", [registered]],
        ["user_registration_details", [], { error: refusal }],
      ],
      "Not in the registration details",
    ],
    [
      "because the export is incomplete",
      true,
      [
        [
          "user_registration_details",
          [registered],
          { completeness: "Incomplete", reason: "the file is cut or damaged" },
        ],
      ],
      "Not in the registration details, which are incomplete: the file is cut or damaged",
    ],
    [
      "because the report leaves out disabled accounts",
      false,
      [["user_registration_details", [registered]]],
      "Not in the registration details, which leave out disabled accounts",
    ],
    [
      "though enabled",
      true,
      [["user_registration_details", [registered]]],
      "Not in the registration details",
    ],
    [
      "because only a newer snapshot has it",
      true,
      [["user_registration_details", [{ id: "ann", isMfaCapable: true }], { date: "2026-11-30" }]],
      "No registration details were supplied",
    ],
  ];
  test.each(cases)("%s", async (_name, accountEnabled, files, reason) => {
    const query = await given(["users", [{ id: "ann", accountEnabled }]], ...files);
    const sql =
      "select user_id, mfa_status, mfa_status_reason, is_mfa_registered, is_mfa_capable, is_admin, methods_registered from mfa_status";
    expect(await query(sql, { as_of: "2026-10-31" })).toEqual([
      {
        user_id: "ann",
        mfa_status: "Not Available",
        mfa_status_reason: reason,
        is_mfa_registered: null,
        is_mfa_capable: null,
        is_admin: null,
        methods_registered: null,
      },
    ]);
  });
});

test("a row has the account's fields from the users export and the methods in order", async () => {
  const query = await given(
    [
      "users",
      [
        {
          id: "ann",
          userPrincipalName: "ann@contoso.example",
          displayName: "Ann",
          accountEnabled: true,
          userType: "Member",
          department: "IT",
          country: "Spain",
        },
      ],
    ],
    [
      "user_registration_details",
      [
        {
          id: "ann",
          userPrincipalName: "old@contoso.example",
          userDisplayName: "Old",
          userType: "member",
          isAdmin: true,
          isMfaCapable: true,
          isMfaRegistered: true,
          methodsRegistered: ["softwareOneTimePasscode", "mobilePhone"],
        },
      ],
    ],
  );
  expect(await query("from mfa_status")).toEqual([
    {
      user_id: "ann",
      user_principal_name: "ann@contoso.example",
      display_name: "Ann",
      account_enabled: true,
      user_type: "Member",
      department: "IT",
      country: "Spain",
      mfa_status: "Enabled",
      mfa_status_reason: "A strong method is registered and allowed by policy",
      is_mfa_registered: true,
      is_mfa_capable: true,
      is_admin: true,
      methods_registered: "mobilePhone; softwareOneTimePasscode",
      phishing_resistant_methods: "",
      certificate_methods: "",
      default_mfa_method: null,
      is_passwordless_capable: null,
      is_sspr_registered: null,
      account_kind: "Unknown",
    },
  ]);
});

test("without a users export the rows come from the registrations, with the account's fields unknown", async () => {
  const query = await given([
    "user_registration_details",
    [
      {
        id: "ann",
        userPrincipalName: "ann@contoso.example",
        userDisplayName: "Ann",
        userType: "member",
        isAdmin: false,
        isMfaCapable: false,
        isMfaRegistered: true,
        methodsRegistered: [],
      },
    ],
  ]);
  expect(await query("from mfa_status")).toEqual([
    {
      user_id: "ann",
      user_principal_name: "ann@contoso.example",
      display_name: "Ann",
      account_enabled: null,
      user_type: "Member",
      department: null,
      country: null,
      mfa_status: "Non-compliant",
      mfa_status_reason: "A method is registered but policy does not allow it",
      is_mfa_registered: true,
      is_mfa_capable: false,
      is_admin: false,
      methods_registered: "",
      phishing_resistant_methods: "",
      certificate_methods: "",
      default_mfa_method: null,
      is_passwordless_capable: null,
      is_sspr_registered: null,
      account_kind: "Unknown",
    },
  ]);
  expect(await query("select data_status, reasons from output_status where output = 'mfa_status'")).toEqual([
    { data_status: "Partial", reasons: "users was not supplied" },
  ]);
});

test("registration details without any record are Partial, not Complete", async () => {
  const query = await given(
    ["users", [{ id: "ann", accountEnabled: true }]],
    ["user_registration_details", []],
  );
  expect(
    await query("select data_status as status, reasons from output_status where output = 'mfa_status'"),
  ).toEqual([
    {
      status: "Partial",
      reasons: expect.stringContaining("user_registration_details has no record") as string,
    },
  ]);
});
