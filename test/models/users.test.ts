import { expect, test } from "vitest";
import { e3, e5, given } from "./given.ts";
import { activeRow, skus, upn, user } from "./people.ts";

test("a user has the account, the licenses by name, MFA, activity and storage", async () => {
  const query = await given(
    [
      "users",
      [
        {
          id: "ANN",
          userPrincipalName: upn("ann"),
          displayName: "Ann Lee",
          givenName: "Ann",
          surname: "Lee",
          mail: "ann.lee@contoso.example",
          accountEnabled: true,
          createdDateTime: "2020-01-01T10:00:00Z",
          country: "Spain",
          department: "IT",
          userType: "Member",
          assignedLicenses: [
            { skuId: e5, disabledPlans: [] },
            { skuId: e3, disabledPlans: [] },
          ],
          licenseAssignmentStates: [],
        },
      ],
    ],
    skus,
    ["user_registration_details", [{ id: "ann", isMfaCapable: false, isMfaRegistered: true }]],
    ["office365_active_user_detail", [activeRow("ann", { teamsLastActivityDate: "2026-10-20" })]],
    [
      "mailbox_usage_detail",
      [{ userPrincipalName: upn("ann"), lastActivityDate: null, storageUsedInBytes: 9_007_199_254_740_993n }],
    ],
  );
  expect(
    await query("select * replace (storage_used_bytes::varchar as storage_used_bytes) from users"),
  ).toEqual([
    {
      user_id: "ann",
      user_principal_name: upn("ann"),
      display_name: "Ann Lee",
      given_name: "Ann",
      surname: "Lee",
      mail: "ann.lee@contoso.example",
      account_enabled: true,
      created_at: "2020-01-01 10:00:00",
      country: "Spain",
      department: "IT",
      user_type: "Member",
      licenses: "Office E3; Office E5",
      mfa_status: "Non-compliant",
      activity_status: "Active",
      last_activity_date: "2026-10-20",
      storage_used_bytes: "9007199254740993",
    },
  ]);
});

test("no licenses are an empty text; licenses that were not exported are null", async () => {
  const query = await given([
    "users",
    [user("ann", { assignedLicenses: [] }), user("bob", { assignedLicenses: undefined })],
  ]);
  expect(
    await query(
      "select user_id, licenses, mfa_status, activity_status, storage_used_bytes from users order by user_id",
    ),
  ).toEqual([
    {
      user_id: "ann",
      licenses: "",
      mfa_status: "Not Available",
      activity_status: "Not Available",
      storage_used_bytes: null,
    },
    {
      user_id: "bob",
      licenses: null,
      mfa_status: "Not Available",
      activity_status: "Not Available",
      storage_used_bytes: null,
    },
  ]);
});

test("a failed assignment is no license", async () => {
  const failed = { skuId: e3, assignedByGroup: null, state: "Error", error: "CountViolation" };
  const query = await given([
    "users",
    [user("ann", { assignedLicenses: [], licenseAssignmentStates: [failed] })],
  ]);
  expect(await query("select licenses from users")).toEqual([{ licenses: "" }]);
});

test("there are no rows without a users export", async () => {
  const query = await given(["user_registration_details", [{ id: "ann", isMfaCapable: true }]]);
  expect(await query("from users")).toEqual([]);
});
