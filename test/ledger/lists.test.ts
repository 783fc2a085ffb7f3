import { expect } from "vitest";
import { suiteTest, thoroughTest } from "../extent.ts";
import type { FileReport } from "../../src/index.ts";
import { page } from "../workdir.ts";
import { Tenant } from "./tenant.ts";

type Json = Record<string, unknown>;

const guid = (number: number): string => `10000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";

function user(number: number, more: Json = {}): Json {
  return {
    id: guid(number),
    userPrincipalName: `user${number}@contoso.example`,
    displayName: `User ${number}`,
    userType: "Member",
    accountEnabled: true,
    assignedLicenses: [{ skuId: sku, disabledPlans: [] }],
    signInActivity: { lastSignInDateTime: "2026-10-29T08:00:00Z" },
    ...more,
  };
}

const deletedName = (number: number): string =>
  `${guid(number).replaceAll("-", "")}user${number}@contoso.example`;
const deleted = (number: number): Json =>
  user(number, { userPrincipalName: deletedName(number), deletedDateTime: "2026-10-20T08:00:00Z" });
const ghost = (number: number): Json => ({
  id: guid(number),
  signInActivity: { lastSignInDateTime: "2025-01-01T00:00:00Z" },
});
const six = [1, 2, 3, 4, 5, 6].map((number) => user(number));
const select = "users(id,userPrincipalName,displayName,accountEnabled,assignedLicenses,signInActivity)";
const csvHead = "User principal name,Display name,Object Id,Licenses,Soft deletion time stamp";

const codesOf = ({ issues }: FileReport): string[] => issues.map(({ code }) => code);

/** Files that look like a users export and are none, and by which code each is named. */
const alike: readonly (readonly [string, string, string | object, string])[] = [
  ["deleted users with a context", "d.json", page("users", [deleted(1), deleted(7)]), "not_loaded"],
  ["deleted users without a context", "d.json", [deleted(1)], "not_loaded"],
  [
    "deleted users without the time",
    "d.json",
    page("users(id,userPrincipalName)", [{ id: guid(1), userPrincipalName: deletedName(1) }]),
    "not_loaded",
  ],
  [
    "deleted users of PowerShell",
    "d.json",
    [{ Id: guid(1), UserPrincipalName: "a@contoso.example", DeletedDateTime: "/Date(1760000000000)/" }],
    "not_loaded",
  ],
  [
    "deleted users in AdditionalProperties",
    "d.json",
    [
      {
        Id: guid(1),
        DeletedDateTime: "2026-10-20T08:00:00Z",
        AdditionalProperties: { userPrincipalName: "a@contoso.example" },
      },
    ],
    "not_loaded",
  ],
  [
    "the portal's list of deleted users",
    "d.csv",
    `${csvHead}\na@contoso.example,A,${guid(1)},Unlicensed,2026-10-20 08:00:00Z\n`,
    "not_loaded",
  ],
  [
    "directory/deletedItems",
    "d.json",
    page("directory/deletedItems/microsoft.graph.user", [deleted(1)]),
    "not_loaded",
  ],
  ["rows of objects that are gone", "g.json", page(select, [ghost(1), ghost(8)]), "ghost_record"],
  ["rows of an id alone", "g.json", page("users", [{ id: guid(1) }, { id: guid(2) }]), "ids_only"],
  ["ids with sign-ins", "s.json", page("users(id,signInActivity)", [ghost(1), ghost(2)]), "ids_only"],
  ["ids with sign-ins, without a context", "s.json", [ghost(1), ghost(2)], "ids_only"],
  [
    "guests",
    "guests.json",
    page("users", [user(1, { userType: "Guest" }), user(2, { userType: "guest" })]),
    "filtered_list",
  ],
  ["no users", "users.json", page("users", []), "empty_value"],
  ["a header alone", "users.csv", `${csvHead}\n`, "empty_value"],
  [
    "an error answer",
    "users.json",
    { error: { code: "Authorization_RequestDenied", message: "no" } },
    "error_body",
  ],
  [
    "members of a group",
    "m.json",
    [
      { "@odata.type": "#microsoft.graph.user", ...user(1) },
      { "@odata.type": "#microsoft.graph.group", id: guid(9), displayName: "G" },
    ],
    "mixed_list",
  ],
  [
    "members of PowerShell",
    "m.json",
    [
      {
        Id: guid(1),
        AdditionalProperties: {
          "@odata.type": "#microsoft.graph.user",
          userPrincipalName: "a@contoso.example",
        },
      },
    ],
    "mixed_list",
  ],
  ["groups with licenses", "l.json", [{ id: guid(1), displayName: "G", assignedLicenses: [] }], "ambiguous"],
  ["devices", "x.json", [{ id: guid(1), displayName: "PC", accountEnabled: true }], "unrecognised"],
  [
    "devices in full",
    "x.json",
    [{ id: guid(1), displayName: "PC", accountEnabled: true, deviceId: guid(2) }],
    "unrecognised",
  ],
  [
    "service principals",
    "x.json",
    [{ id: guid(1), displayName: "App", accountEnabled: true, appDisplayName: "App" }],
    "unrecognised",
  ],
  [
    "managed devices",
    "x.json",
    [{ id: guid(1), deviceName: "PC", userPrincipalName: "a@contoso.example" }],
    "unrecognised",
  ],
  [
    "cloud PCs",
    "x.json",
    [
      {
        id: guid(1),
        displayName: "PC",
        userPrincipalName: "a@contoso.example",
        provisioningPolicyId: guid(2),
      },
    ],
    "unrecognised",
  ],
  [
    "risky users",
    "x.json",
    [{ id: guid(1), userDisplayName: "A", userPrincipalName: "a@contoso.example" }],
    "unrecognised",
  ],
  [
    "people",
    "x.json",
    [{ id: guid(1), displayName: "A", userPrincipalName: "a@x.example", scoredEmailAddresses: [] }],
    "unrecognised",
  ],
  [
    "contacts",
    "x.json",
    [{ id: guid(1), displayName: "A", givenName: "A", surname: "B", mail: "a@x.example" }],
    "unrecognised",
  ],
  [
    "applications",
    "x.json",
    [
      {
        id: guid(1),
        appId: guid(2),
        displayName: "A",
        createdDateTime: "2020-01-01T00:00:00Z",
        signInAudience: "AzureADMyOrg",
      },
    ],
    "unrecognised",
  ],
  [
    "license details of a user",
    "x.json",
    [{ id: "x", skuId: sku, skuPartNumber: "SPE_E3", servicePlans: [] }],
    "unrecognised",
  ],
  [
    "the portal's members of a group",
    "x.csv",
    `id,userPrincipalName,displayName,objectType\n${guid(1)},a@contoso.example,A,User\n`,
    "unrecognised",
  ],
];

/** What loads nothing as users cannot displace them; the rest is tried by itself. */
const isUsers = ([, , , code]: (typeof alike)[number]): boolean =>
  ["ghost_record", "ids_only", "filtered_list", "empty_value", "error_body"].includes(code);

suiteTest("files that look like a users export and are none are not loaded, and each is named", async () => {
  const others = alike.filter((each) => !isUsers(each));
  const files = await new Tenant().import(
    "2026-11-01",
    Object.fromEntries(others.map(([, name, content], index) => [`${index + 100}/${name}`, content])),
  );
  const told = files.map((file) => [file.dataset, file.records_loaded, codesOf(file)]);
  expect(told).toEqual(others.map(([, , , code]) => [null, 0, [code]]));
});

thoroughTest(
  "files that are read as users and are no list of them are incomplete, are named, and displace none: on the same day and a month later",
  async () => {
    const tenant = new Tenant();
    await tenant.import("2026-11-01", { "all.json": page(select, six) });
    for (const [what, name, content, code] of alike.filter(isUsers))
      for (const day of ["2026-11-01", "2026-12-01"]) {
        const [file] = await tenant.import(day, { [name]: content });
        expect([what, file?.completeness, file && codesOf(file).includes(code)]).toEqual([
          what,
          "Incomplete",
          true,
        ]);
        expect([what, await tenant.people()]).toEqual([what, { users: 6, licensed: 6 }]);
      }
    const days = await tenant.query(
      "select distinct snapshot_date::text as day from intermediate.current_files where dataset = 'users'",
    );
    expect(days).toEqual([{ day: "2026-11-01" }]);
  },
);

suiteTest("deleted users and objects that are gone beside the users change no figure of them", async () => {
  const answers = async (files: Readonly<Record<string, string | object>>): Promise<unknown> => {
    const tenant = new Tenant();
    await tenant.import("2026-11-01", files);
    const rows = await tenant.query("from license_summary");
    return [rows, await tenant.query("from users order by all"), await tenant.query("from mfa_summary")];
  };
  const expected = await answers({ "all.json": page(select, six) });
  for (const more of [[ghost(8)], [user(8, { userPrincipalName: deletedName(8) })], [deleted(8)]])
    expect(await answers({ "all.json": page(select, [...more, ...six]) })).toEqual(expected);
  expect(await answers({ "all.json": page(select, six), "gone.json": page("users", [deleted(8)]) })).toEqual(
    expected,
  );
});

suiteTest(
  "records of objects that are gone are rejected by number and place, and missing to no output",
  async () => {
    const tenant = new Tenant();
    const [file] = await tenant.import("2026-11-01", {
      "all.json": page(select, [ghost(8), ...six, user(9, { userPrincipalName: deletedName(9) })]),
    });
    expect(file && [file.records_read, file.records_loaded, file.records_rejected]).toEqual([8, 6, 2]);
    expect(
      await tenant.query(
        "select record_number::int as n, byte_length > 50 as placed, code from meta.rejected_records order by n",
      ),
    ).toEqual([
      { n: 1, placed: true, code: "ghost_record" },
      { n: 8, placed: true, code: "deleted_record" },
    ]);
    const [status] = await tenant.query(
      "select reasons from output_status where output = 'license_overlaps'",
    );
    expect(status?.["reasons"]).not.toContain("rejected");
  },
);

const guests = [7, 8, 9, 10].map((number) =>
  user(number, { userType: "Guest", userPrincipalName: `g${number}_x.example#EXT#@contoso.example` }),
);

suiteTest.each([
  ["in one import", { "a/members.json": page("users", six), "b/guests.json": page("users", guests) }, {}],
  ["one after the other", { "members.json": page("users", six) }, { "guests.json": page("users", guests) }],
])(
  "guests beside a list without any, by which they could be known, are taken, and that is said: %s",
  async (_, first, second) => {
    const tenant = new Tenant();
    const files = [...(await tenant.import("2026-11-01", first))];
    if (Object.keys(second).length > 0) files.push(...(await tenant.import("2026-11-01", second)));
    const told = files.map((file) => [
      /\w+\.json$/.exec(file.file)?.[0],
      codesOf(file).includes("tenant_not_compared"),
    ]);
    expect(told).toEqual([
      ["members.json", false],
      ["guests.json", true],
    ]);
    const isTogether = Object.keys(second).length === 0;
    expect(await tenant.query("select count(*)::int as users from users")).toEqual([
      { users: isTogether ? 10 : 6 },
    ]);
  },
);

suiteTest(
  "a list of identifiers beside the list itself, and guests beside members, are no fault",
  async () => {
    const tenant = new Tenant();
    const files = await tenant.import("2026-11-01", {
      "a/members.json": page("users", six),
      "b/guests.json": page("users", guests),
      "c/activity.json": page(
        "users(id,signInActivity)",
        six.map(({ id, signInActivity }) => ({ id, signInActivity })),
      ),
    });
    expect(
      files.flatMap(codesOf).filter((code) => ["ids_only", "filtered_list", "ghost_record"].includes(code)),
    ).toEqual([]);
  },
);

suiteTest("groups that were deleted assign nothing and are no list of groups", async () => {
  const group = (number: number, more: Json = {}): Json => ({
    id: guid(number),
    displayName: "G",
    securityEnabled: true,
    mailEnabled: false,
    groupTypes: [],
    assignedLicenses: [{ skuId: sku, disabledPlans: [] }],
    ...more,
  });
  const tenant = new Tenant();
  await tenant.import("2026-11-01", {
    "groups.json": page("groups", [group(1), group(2, { deletedDateTime: "2026-10-01T00:00:00Z" })]),
  });
  const [later] = await tenant.import("2026-12-01", {
    "groups.json": page("groups", [group(2, { deletedDateTime: "2026-10-01T00:00:00Z" })]),
  });
  expect(later && codesOf(later)).toEqual(["not_loaded"]);
  expect(await tenant.query("select group_id from staging.groups")).toEqual([{ group_id: guid(1) }]);
  expect(await tenant.query("select distinct group_id from staging.group_assigned_licenses")).toEqual([
    { group_id: guid(1) },
  ]);
});

suiteTest("the name of a file decides between users and groups where their records do not", async () => {
  const records = [{ id: guid(1), displayName: "A", assignedLicenses: [] }];
  for (const [name, dataset] of [
    ["groups.json", "groups"],
    ["users.json", "users"],
    ["users-groups.json", null],
  ] as const) {
    const [file] = await new Tenant().import("2026-11-01", { [name]: records });
    expect([name, file?.dataset]).toEqual([name, dataset]);
  }
});

suiteTest(
  "a report without rows displaces none that has some, on its day or later, and is told",
  async () => {
    const names =
      "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte),Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Report Period";
    const row =
      "2026-10-30,user1@contoso.example,User 1,False,,2020-01-01,2026-10-26,100,5000,6000,7000,8000,0,0,9000,False,180";
    const tenant = new Tenant();
    await tenant.import("2026-11-01", { "users.json": page(select, six), "mail.csv": `${names}\n${row}\n` });
    await tenant.import("2026-10-30", { "again.csv": `${names}\n` });
    await tenant.import("2026-12-01", { "mail.csv": `${names}\n` });
    expect(
      await tenant.query(
        "select snapshot_date::text as day, records_loaded::int as records from intermediate.current_files where dataset = 'mailbox_usage_detail'",
      ),
    ).toEqual([{ day: "2026-10-30", records: 1 }]);
    expect(
      await tenant.query("select count(*)::int as told from data_quality where finding = 'empty_value'"),
    ).toEqual([{ told: 2 }]);
    const [status] = await tenant.query(
      "select data_status, reasons from output_status where output = 'user_activity'",
    );
    expect(status?.["reasons"]).toContain(
      "a newer export of mailbox_usage_detail is incomplete and was passed over",
    );
  },
);
