import { describe, expect, test } from "vitest";
import { given, type GivenFile } from "./given.ts";
import { upn, user } from "./people.ts";

const capable = { isMfaCapable: true, isMfaRegistered: true };
const none = { isMfaCapable: false, isMfaRegistered: false };

test("each admin who is not Enabled has a row with the reason", async () => {
  const query = await given(
    [
      "users",
      [
        user("ann", { displayName: "Ann", userType: "Member" }),
        user("bob", { userType: "Guest", accountEnabled: false, assignedLicenses: [] }),
        user("cy"),
        user("dee"),
        user("eve"),
      ],
    ],
    [
      "user_registration_details",
      [
        {
          id: "ann",
          isAdmin: true,
          isMfaCapable: false,
          isMfaRegistered: true,
          methodsRegistered: ["fido2SecurityKey", "email"],
        },
        { id: "bob", isAdmin: true, ...none, methodsRegistered: [] },
        { id: "cy", isAdmin: true, ...capable },
        { id: "dee", isAdmin: false, ...none },
      ],
    ],
  );
  const rows = await query("from admins_without_mfa order by user_id");
  expect(rows.map((row) => Object.values(row))).toEqual([
    [
      "ann",
      upn("ann"),
      "Ann",
      true,
      "Member",
      "Non-compliant",
      "A method is registered but policy does not allow it",
      "email; fido2SecurityKey",
      "fido2SecurityKey",
      true,
    ],
    ["bob", upn("bob"), null, false, "Guest", "Disabled", "No strong method is registered", "", "", false],
  ]);
});

describe("no row never means that there is nobody, unless isAdmin was exported", () => {
  const ann: GivenFile = ["users", [user("ann")]];
  const cases: (readonly [name: string, files: readonly GivenFile[], status: string, reason: string])[] = [
    [
      "isAdmin was not exported",
      [ann, ["user_registration_details", [{ id: "ann", ...none, methodsRegistered: [] }]]],
      "Not supplied",
      "user_registration_details was exported without isAdmin",
    ],
    [
      "only the older report was exported, which does not know admins",
      [
        ann,
        [
          "credential_user_registration_details",
          [{ userPrincipalName: upn("ann"), isMfaRegistered: false, authMethods: [] }],
        ],
      ],
      "Not supplied",
      "user_registration_details was not supplied",
    ],
    [
      "the report is cut",
      [
        ann,
        [
          "user_registration_details",
          [{ id: "bob", isAdmin: false, ...capable, methodsRegistered: [] }],
          { completeness: "Incomplete", reason: "it is cut" },
        ],
      ],
      "Partial",
      "user_registration_details is incomplete (it is cut)",
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => {
    const query = await given(...files);
    expect(await query("from admins_without_mfa")).toEqual([]);
    expect(
      await query(
        "select data_status as status, reasons as reason from output_status where output = 'admins_without_mfa'",
      ),
    ).toEqual([{ status, reason: expect.stringContaining(reason) as string }]);
  });
});
