import { expect, test } from "vitest";
import { e3, e5, given, odd } from "./given.ts";
import { appRow, upn, user } from "./people.ts";
import { held, skuOf } from "./skus.ts";

test("a user has identifiers, part numbers in their order, and what the other outputs say", async () => {
  const query = await given(
    [
      "users",
      [
        user("ann", {
          ...held(e5, e3, odd),
          mail: "ann.mail@contoso.example",
          displayName: "Ann Ott",
          givenName: "Ann",
          surname: "Ott",
          country: "PL",
          department: "Sales",
          userType: "Member",
          signInActivity: { lastSignInDateTime: "2026-10-30T08:00:00Z" },
        }),
      ],
    ],
    ["subscribed_skus", [skuOf(e3, "SPE_E3", []), skuOf(e5, "AAD_P2", [])]],
    [
      "user_registration_details",
      [
        {
          id: "ann",
          userPrincipalName: upn("ann"),
          isMfaCapable: true,
          isMfaRegistered: true,
          isAdmin: false,
        },
      ],
    ],
    [
      "mailbox_usage_detail",
      [
        {
          userPrincipalName: upn("ann"),
          isDeleted: false,
          storageUsedInBytes: 12,
          lastActivityDate: "2026-10-20",
        },
      ],
    ],
    [
      "onedrive_usage_account_detail",
      [
        {
          ownerPrincipalName: upn("ann"),
          isDeleted: false,
          storageUsedInBytes: 30,
          lastActivityDate: "2026-10-21",
        },
      ],
    ],
    ["m365_app_user_detail", [appRow("ann", { windows: true, web: true })]],
  );
  expect(await query("from user_roster")).toEqual([
    {
      user_id: "ann",
      mail: "ann.mail@contoso.example",
      user_principal_name: upn("ann"),
      given_name: "Ann",
      surname: "Ott",
      display_name: "Ann Ott",
      account_enabled: true,
      user_type: "Member",
      created_at: "2020-01-01 00:00:00",
      country: "PL",
      department: "Sales",
      // The SKU that no list names has its GUID.
      sku_part_numbers: `${odd};AAD_P2;SPE_E3`,
      product_names: `${odd}; Office E3; Office E5`,
      mfa_status: "Enabled",
      activity_status: "Active",
      last_activity_date: "2026-10-29",
      last_sign_in_at: "2026-10-30 08:00:00",
      mailbox_storage_bytes: 12,
      onedrive_storage_bytes: 30,
      device_usage: "Desktop; Web",
    },
  ]);
});

test.each([
  ["none is an empty list", { assignedLicenses: [] }, ""],
  [
    "one that takes no unit is none",
    {
      assignedLicenses: [],
      licenseAssignmentStates: [{ skuId: e3, state: "Error", assignedByGroup: "g" }],
    },
    "",
  ],
  ["the same twice stands once", { assignedLicenses: [{ skuId: e3 }, { skuId: e3 }] }, "SPE_E3"],
  ["unknown ones are no list", { assignedLicenses: null }, null],
  [
    "names of the admin center are no part numbers",
    { assignedLicenses: undefined, licenseNames: ["Office 365 E3"] },
    null,
  ],
])("licenses: %s", async (_, licenses, expected) => {
  const query = await given(
    ["users", [{ ...user("ann"), ...licenses }]],
    ["subscribed_skus", [skuOf(e3, "SPE_E3", [])]],
  );
  expect(await query("select sku_part_numbers from user_roster")).toEqual([{ sku_part_numbers: expected }]);
});

test("what was not supplied is unknown, and the output is Partial", async () => {
  const query = await given(["users", [user("ann")]]);
  expect(
    await query(
      "select mfa_status, activity_status, mailbox_storage_bytes, onedrive_storage_bytes, device_usage from user_roster",
    ),
  ).toEqual([
    {
      mfa_status: "Not Available",
      activity_status: "Not Available",
      mailbox_storage_bytes: null,
      onedrive_storage_bytes: null,
      device_usage: null,
    },
  ]);
  expect(
    await query(
      "select data_status, contains(reasons, 'm365_app_user_detail') as names_it from output_status where output = 'user_roster'",
    ),
  ).toEqual([{ data_status: "Partial", names_it: true }]);
});
