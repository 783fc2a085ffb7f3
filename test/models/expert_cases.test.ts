import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { importTexts } from "../ledger/imported.ts";
import { page, Workdir } from "../workdir.ts";
import { e3, e5, given, type GivenFile } from "./given.ts";
import { activeRow, signIn, upn, user } from "./people.ts";
import { exchange, held, planId, skuOf as sku, teams } from "./skus.ts";

const dir = new Workdir();
const guid = (number: number): string => `30000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const plan = (number: number, servicePlanName: string): Row => ({
  servicePlanId: guid(number),
  servicePlanName,
  provisioningStatus: "Success",
  appliesTo: "User",
});
const exports = (sku: string, plans: readonly Row[], reports: Record<string, string>) => ({
  "skus.json": page("subscribedSkus", [
    {
      id: `${guid(9)}_${guid(5)}`,
      skuId: guid(5),
      skuPartNumber: sku,
      appliesTo: "User",
      capabilityStatus: "Enabled",
      consumedUnits: 1,
      prepaidUnits: { enabled: 5, warning: 0, suspended: 0, lockedOut: 0 },
      servicePlans: plans,
    },
  ]),
  "users.json": page("users", [
    {
      id: guid(1),
      userPrincipalName: upn("ann"),
      displayName: "Ann",
      accountEnabled: true,
      createdDateTime: "2022-01-01T00:00:00Z",
      assignedLicenses: [{ skuId: guid(5), disabledPlans: [] }],
    },
  ]),
  ...reports,
});
const verdict =
  "select activity_status, sku_activity_status, reclaim_reason, reclaimable_units from license_assignments join license_summary using (sku_id)";

describe("a report whose Last Activity Date was left out says nothing of when", () => {
  test("the report on the applications, whose flags show use on Windows (33b)", async () => {
    const apps =
      "Report Refresh Date,User Principal Name,Last Activation Date,Report Period,Windows,Mac,Mobile,Web,Outlook,Word\n2026-10-30,ann@contoso.example,2024-01-01,30,True,False,False,False,True,True\n";
    const { query } = await importTexts(
      dir,
      exports("OFFICESUBSCRIPTION", [plan(21, "OFFICESUBSCRIPTION")], { "apps.csv": apps }),
    );
    expect(await query(verdict)).toEqual([
      {
        activity_status: "Not Available",
        sku_activity_status: "Not Available",
        reclaim_reason: null,
        reclaimable_units: null,
      },
    ]);
    for (const output of ["license_summary", "license_assignments"]) {
      const [status] = await query(
        `select data_status, reasons from output_status where output = '${output}'`,
      );
      expect(status?.["data_status"]).toBe("Partial");
      expect(status?.["reasons"]).toContain("m365_app_user_detail was exported without lastActivityDate");
    }
  });

  test("the mailbox report (34)", async () => {
    const mailbox =
      "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Created Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Report Period\n2026-10-30,ann@contoso.example,Ann,False,2022-01-10,100,1000,1,2,180\n";
    const { query } = await importTexts(
      dir,
      exports("EXCHANGEENTERPRISE", [plan(22, "EXCHANGE_S_ENTERPRISE")], { "mailbox.csv": mailbox }),
    );
    expect(await query(verdict)).toEqual([
      {
        activity_status: "Not Available",
        sku_activity_status: "Not Available",
        reclaim_reason: null,
        reclaimable_units: null,
      },
    ]);
  });
});

test("Recipient Type of the mailbox report makes a shared mailbox, which is told (03)", async () => {
  const mailbox =
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Has Archive,Recipient Type,Report Period\n2026-10-30,ann@contoso.example,Ann,False,2022-01-10,,100,1000,1,2,True,Shared,180\n";
  const { query } = await importTexts(
    dir,
    exports("EXCHANGEENTERPRISE", [plan(22, "EXCHANGE_S_ENTERPRISE")], { "mailbox.csv": mailbox }),
  );
  const [row] = await query(
    "select account_kind, reclaim_reason, is_reclaimable, reclaim_blocker from license_assignments join user_activity using (user_id)",
  );
  expect(row).toMatchObject({
    account_kind: "Shared mailbox",
    reclaim_reason: "Shared mailbox",
    is_reclaimable: false,
  });
  expect(row?.["reclaim_blocker"]).toMatch(/^Archive mailbox; /);
  expect(row?.["reclaim_blocker"]).not.toContain("mailbox type was not supplied");
});

describe("use in the Office applications or Copilot alone is use in every output (apps_only_use, copilot_only_use)", () => {
  const apps = { servicePlanId: planId("a6"), servicePlanName: "OFFICESUBSCRIPTION" };
  test.each<[string, Row]>([
    ["m365_app_user_detail", { windows: true }],
    ["copilot_usage_user_detail", {}],
  ])("%s", async (dataset, more) => {
    const query = await given(
      ["subscribed_skus", [sku(e3, "SUITE", [exchange, teams, apps])]],
      ["users", [user("ann", held(e3))]],
      [
        "office365_active_user_detail",
        [activeRow("ann", { exchangeLastActivityDate: "2026-07-01", teamsLastActivityDate: "2026-07-01" })],
      ],
      [
        dataset,
        [{ userPrincipalName: upn("ann"), lastActivityDate: "2026-10-29", reportPeriod: 180, ...more }],
      ],
    );
    expect(
      await query(
        "select activity_status, last_activity_date, inactive_users, no_activity_users from user_activity cross join license_summary",
      ),
    ).toEqual([
      {
        activity_status: "Active",
        last_activity_date: "2026-10-29",
        inactive_users: 0,
        no_activity_users: 0,
      },
    ]);
  });
});

test("a phone system is monitored by no report, whatever calls Teams counts (phones)", async () => {
  const phone = { servicePlanId: planId("a7"), servicePlanName: "MCOEV" };
  const query = await given(
    ["subscribed_skus", [sku(e3, "SUITE", [teams]), sku(e5, "MCOEV", [phone])]],
    ["users", [user("ann", held(e3, e5))]],
    [
      "teams_user_activity_user_detail",
      [{ userPrincipalName: upn("ann"), lastActivityDate: "2026-10-29", callCount: 0, reportPeriod: 180 }],
    ],
  );
  expect(
    await query(
      "select sku_part_number, sku_activity_status, reclaim_reason from license_assignments order by 1",
    ),
  ).toEqual([
    { sku_part_number: "MCOEV", sku_activity_status: "Not monitored", reclaim_reason: null },
    { sku_part_number: "SUITE", sku_activity_status: "Active", reclaim_reason: null },
  ]);
});

test("a sign-in of a service principal is nobody's: no user has it (foreign_person)", async () => {
  const query = await given(
    ["users", [user("ann")]],
    [
      "sign_ins",
      [
        signIn("ann", "2026-10-29T08:00:00Z"),
        signIn("sp", "2026-10-29T09:00:00Z", {
          userId: "",
          userPrincipalName: "",
          servicePrincipalId: "sp",
          signInEventTypes: ["servicePrincipal"],
        }),
      ],
    ],
  );
  expect(await query("select users, sign_ins from app_summary")).toEqual([{ users: 1, sign_ins: 2 }]);
  expect(await query("select user_id, sign_ins from app_activity order by 1 nulls last")).toEqual([
    { user_id: "ann", sign_ins: 1 },
    { user_id: null, sign_ins: 1 },
  ]);
});

describe("not capable, and whether registered was never exported (mfa_odd, mfa_capable_never_exported)", () => {
  const users: GivenFile = ["users", [user("ann")]];
  test.each<[string, Row, string]>([
    ["not capable alone", { isMfaCapable: false }, "Not Available"],
    ["registered alone", { isMfaRegistered: true }, "Not Available"],
    ["not registered alone", { isMfaRegistered: false }, "Disabled"],
    ["capable and not registered", { isMfaCapable: true, isMfaRegistered: false }, "Enabled"],
  ])("%s", async (_name, more, status) => {
    const query = await given(users, [
      "user_registration_details",
      [{ id: "ann", userPrincipalName: upn("ann"), ...more }],
    ]);
    expect(await query("select mfa_status from mfa_status")).toEqual([{ mfa_status: status }]);
  });
});
