import { describe, expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";
import { importTexts, issuesOf } from "./imported.ts";

const dir = new Workdir();
const skuId = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const tenantId = "518b93ed-619a-4b95-a7d1-74ede5a7d18d";

const idOf = (number: number): string => `00000000-aaaa-4000-8000-00000000000${number}`;
const upnOf = (number: number): string => `user${number}@contoso.example`;

function user(number: number, more: object = {}): object {
  return {
    id: idOf(number),
    userPrincipalName: upnOf(number),
    displayName: `User ${number}`,
    mail: upnOf(number),
    accountEnabled: true,
    userType: "Member",
    createdDateTime: "2020-01-01T00:00:00Z",
    assignedLicenses: [{ disabledPlans: [], skuId }],
    ...more,
  };
}

const usersOf = (...numbers: number[]): object =>
  page(
    "users",
    numbers.map((number) => user(number)),
  );

function sku(more: object = {}): object {
  return {
    id: `${tenantId}_${skuId}`,
    accountId: tenantId,
    accountName: "Contoso",
    skuId,
    skuPartNumber: "SPE_E3",
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 3,
    prepaidUnits: { enabled: 10, suspended: 0, warning: 0, lockedOut: 0 },
    ...more,
  };
}

const skus = page("subscribedSkus", [sku()]);

/** A report as CSV: of each row the cells by heading, those of the first row in their order. */
function csv(rows: readonly Readonly<Record<string, string | number>>[]): string {
  return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
    .map((cells) => `${cells.join(",")}\r\n`)
    .join("");
}

const workloads = ["Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams"];

function active(upn: string, exchange: string, refreshed = "2026-10-30"): Record<string, string> {
  return {
    "Report Refresh Date": refreshed,
    "User Principal Name": upn,
    "Display Name": "",
    "Is Deleted": "False",
    "Deleted Date": "",
    ...Object.fromEntries(workloads.map((name) => [`Has ${name} License`, "True"])),
    ...Object.fromEntries(
      workloads.map((name) => [`${name} Last Activity Date`, name === "Exchange" ? exchange : ""]),
    ),
  };
}

function mailbox(upn: string, bytes: number): Record<string, string | number> {
  return {
    "Report Refresh Date": "2026-10-30",
    "User Principal Name": upn,
    "Is Deleted": "False",
    "Deleted Date": "",
    "Created Date": "2020-02-23",
    "Last Activity Date": "2026-10-26",
    "Storage Used (Byte)": bytes,
    "Issue Warning Quota (Byte)": 105226698752,
    "Prohibit Send Quota (Byte)": 106300440576,
    "Report Period": 180,
  };
}

function oneDrive(owner: string, bytes: number, siteId?: string): Record<string, string | number> {
  return {
    "Report Refresh Date": "2026-10-30",
    ...(siteId === undefined ? {} : { "Site Id": siteId }),
    "Site URL": "",
    "Owner Display Name": "",
    "Is Deleted": "False",
    "Last Activity Date": "2026-10-15",
    "File Count": 9079,
    "Active File Count": 1297,
    "Storage Used (Byte)": bytes,
    "Storage Allocated (Byte)": 1099511627776,
    "Owner Principal Name": owner,
    "Report Period": 180,
  };
}

const oneDrives = [1, 2, 3].map((number) =>
  oneDrive(upnOf(number), number * 100, `00000000-dddd-4000-8000-00000000000${number}`),
);
const licensesSql = "select enabled_units, consumed_units, assigned_users from license_summary";
const mailboxesSql =
  "select mailbox_storage_bytes as bytes from user_activity where mailbox_storage_bytes is not null order by 1";
const oneDrivesSql =
  "select onedrive_storage_bytes as bytes from user_activity where onedrive_storage_bytes is not null order by 1";
const bytes = (...numbers: number[]): object[] => numbers.map((number) => ({ bytes: number }));

describe("an id in another case is the same id", () => {
  test("of users on two pages: three users, three licenses, and said (i01)", async () => {
    const { query } = await importTexts(dir, {
      "users-1.json": usersOf(1, 2),
      "users-2.json": page("users", [user(2, { id: idOf(2).toUpperCase() }), user(3)]),
      "skus.json": skus,
    });
    expect(await query("select count(*) as users from users")).toEqual([{ users: 3 }]);
    expect(await query(licensesSql)).toEqual([{ enabled_units: 10, consumed_units: 3, assigned_users: 3 }]);
    expect(await query("select finding from data_quality where finding = 'records_twice'")).toHaveLength(1);
  });

  test("in braces and without dashes too", async () => {
    const forms = [`{${idOf(1).toUpperCase()}}`, idOf(1).replaceAll("-", ""), idOf(1)];
    const { query } = await importTexts(dir, {
      "users.json": page(
        "users",
        forms.map((id) => user(1, { id })),
      ),
    });
    expect(await query("select user_id from users")).toEqual([{ user_id: idOf(1) }]);
  });

  test("across datasets: registrations and sign-ins in capitals are those of the users (i02)", async () => {
    const registration = (number: number): object => ({
      id: idOf(number).toUpperCase(),
      userPrincipalName: `renamed${number}@contoso.example`,
      isMfaRegistered: true,
      isMfaCapable: true,
      methodsRegistered: ["microsoftAuthenticatorPush"],
    });
    const { query } = await importTexts(dir, {
      "users.json": usersOf(1, 2),
      "regs.json": page("reports/authenticationMethods/userRegistrationDetails", [1, 2].map(registration)),
      "signIns.json": page("auditLogs/signIns", [
        {
          id: "8a1b0000-0000-4000-8000-000000000001",
          createdDateTime: "2026-10-30T08:00:00Z",
          userId: idOf(1).toUpperCase(),
          userPrincipalName: "renamed1@contoso.example",
          appId: "4765445B-32C6-49B0-83E6-1D93765276CA",
          appDisplayName: "OfficeHome",
          status: { errorCode: 0 },
        },
      ]),
    });
    expect(await query("select mfa_status, users from mfa_summary")).toEqual([
      { mfa_status: "Enabled", users: 2 },
    ]);
    expect(await query("select user_id, app_id, sign_ins from app_activity")).toEqual([
      { user_id: idOf(1), app_id: "4765445b-32c6-49b0-83e6-1d93765276ca", sign_ins: 1 },
    ]);
  });

  test("of a subscribed SKU: enabled 10, consumed 3 (i15)", async () => {
    const { query } = await importTexts(dir, {
      "skus-1.json": skus,
      "skus-2.json": page("subscribedSkus", [
        sku({ id: `${tenantId}_${skuId}`.toUpperCase(), skuId: skuId.toUpperCase() }),
      ]),
      "users.json": usersOf(1),
    });
    expect(await query(licensesSql)).toEqual([{ enabled_units: 10, consumed_units: 3, assigned_users: 1 }]);
  });

  test("of a mailbox: one row per assignment, a blocker named once (i79)", async () => {
    const box = (id: string): Record<string, string> => ({
      ExternalDirectoryObjectId: id,
      UserPrincipalName: upnOf(1),
      PrimarySmtpAddress: upnOf(1),
      RecipientTypeDetails: "UserMailbox",
      LitigationHoldEnabled: "True",
    });
    const { query } = await importTexts(dir, {
      "mb.csv": csv([box(idOf(1)), box(idOf(1).toUpperCase())]),
      "skus.json": skus,
      "users.json": page("users", [user(1, { accountEnabled: false })]),
    });
    const rows = await query("select reclaim_blocker from license_assignments");
    expect(rows).toHaveLength(1);
    const blockers = String(rows[0]?.["reclaim_blocker"]).split("; ");
    expect(blockers.filter((blocker) => /^Litigation hold/i.test(blocker))).toHaveLength(1);
    expect(new Set(blockers).size).toBe(blockers.length);
  });

  test("of a SKU in one list of licenses: one license (i82)", async () => {
    const twice = [skuId, skuId.toUpperCase()].map((id) => ({ disabledPlans: [], skuId: id }));
    const { query } = await importTexts(dir, {
      "users.json": page("users", [user(1, { assignedLicenses: twice })]),
      "skus.json": skus,
    });
    expect(await query("select sku_id from license_assignments")).toEqual([{ sku_id: skuId }]);
    expect(await query(licensesSql)).toMatchObject([{ assigned_users: 1 }]);
  });

  test("of users from two tools: never rows multiplied (i83)", async () => {
    const ofServer = [1, 2].map((number) =>
      user(number, { id: idOf(number).toUpperCase(), assignedLicenses: null }),
    );
    const { query } = await importTexts(dir, {
      "graph.json": usersOf(1, 2),
      "sqlserver.json": ofServer,
      "skus.json": skus,
    });
    const rows = await query("select user_id from user_activity");
    expect(rows.length).toBe(new Set(rows.map((row) => row["user_id"])).size);
    expect([0, 2]).toContain(rows.length);
    expect((await query("select 1 from license_assignments")).length).toBeLessThanOrEqual(2);
  });

  test("of an event that a later import brings again, and one of another import in another case", async () => {
    const event = (id: string): object => ({
      id,
      createdDateTime: "2026-10-30T08:00:00Z",
      userId: idOf(1),
      appId: "a",
      status: { errorCode: 0 },
    });
    const id = "8a1b0000-0000-4000-8000-00000000abcd";
    const db = dir.file("events.duckdb");
    await importTexts(dir, { "one.json": page("auditLogs/signIns", [event(id)]) }, db);
    const { files, query } = await importTexts(
      dir,
      { "two.json": page("auditLogs/signIns", [event(id.toUpperCase()), event(`${id.slice(0, -1)}e`)]) },
      db,
    );
    expect(files[0]?.records_loaded).toBe(2);
    expect(await query("select count(*) as rows from raw.sign_ins")).toEqual([{ rows: 2 }]);
  });
});

describe("a name in another case is the same name", () => {
  test("of a mailbox in a report: 100 bytes, not 200 (i13)", async () => {
    const { query } = await importTexts(dir, {
      "mbx.csv": csv([mailbox(upnOf(1), 100), mailbox("USER1@Contoso.Example", 100), mailbox(upnOf(2), 7)]),
      "users.json": usersOf(1, 2),
    });
    expect(await query(mailboxesSql)).toEqual(bytes(7, 100));
  });

  test("also composed in one way and in another", async () => {
    const name = "jürgen@contoso.example";
    const { query } = await importTexts(dir, {
      "mbx.csv": csv([
        mailbox(name.normalize("NFC"), 100),
        mailbox(name.normalize("NFD").toUpperCase(), 100),
      ]),
      "users.json": page("users", [user(1, { userPrincipalName: name.normalize("NFD") })]),
    });
    expect(await query(mailboxesSql)).toEqual(bytes(100));
  });
});

describe("a report that stands there twice counts once", () => {
  test.each([
    ["without the addresses of sites, on pages that overlap (i53)", "od-1.csv", "od-2.csv", undefined],
    ["by the ids of sites, downloaded twice in another order (i66)", "od.csv", "od (1).csv", "reversed"],
    ["byte for byte (i67)", "od.csv", "od (1).csv", "same"],
  ])("%s", async (_, one, other, how) => {
    const [first, second, third] = [1, 2, 3].map((number) => oneDrive(upnOf(number), number * 100));
    const contents =
      how === undefined
        ? { [one]: csv([first ?? {}, second ?? {}]), [other]: csv([second ?? {}, third ?? {}]) }
        : { [one]: csv(oneDrives), [other]: csv(how === "same" ? oneDrives : oneDrives.toReversed()) };
    const { query } = await importTexts(dir, { ...contents, "users.json": usersOf(1, 2, 3) });
    expect(await query(oneDrivesSql)).toEqual(bytes(100, 200, 300));
  });

  test("of mailboxes byte for byte (i68), and as CSV and as JSON (i89)", async () => {
    const rows = [mailbox(upnOf(1), 100), mailbox(upnOf(2), 7)];
    const json = rows.map((row) => ({
      reportRefreshDate: row["Report Refresh Date"],
      userPrincipalName: row["User Principal Name"],
      isDeleted: false,
      deletedDate: null,
      createdDate: row["Created Date"],
      lastActivityDate: row["Last Activity Date"],
      storageUsedInBytes: row["Storage Used (Byte)"],
      reportPeriod: "180",
    }));
    const users = { "users.json": usersOf(1, 2) };
    const copied = await importTexts(dir, { "m.csv": csv(rows), "m (1).csv": csv(rows), ...users });
    expect(await copied.query(mailboxesSql)).toEqual(bytes(7, 100));
    const both = await importTexts(dir, {
      "m.csv": csv(rows),
      "m.json": page("Collection(microsoft.graph.mailboxUsageDetail)", json),
      ...users,
    });
    expect(await both.query(mailboxesSql)).toEqual(bytes(7, 100));
  });

  test("where the one has the id of a person and the other the name alone", async () => {
    const record = { userPrincipalName: upnOf(1), isMfaRegistered: true, isMfaCapable: true };
    const { files } = await importTexts(dir, {
      "regs.json": page("reports/authenticationMethods/userRegistrationDetails", [
        { id: idOf(1), ...record },
      ]),
      "regs.csv": csv([
        {
          "User principal name": upnOf(1).toUpperCase(),
          "MFA Registered": "Registered",
          "MFA Capable": "Capable",
        },
      ]),
    });
    expect(files.map(({ records_loaded: loaded }) => loaded).toSorted((a, b) => a - b)).toEqual([0, 1]);
  });

  test("and a report on OneDrive is one by its type without a namespace (i69)", async () => {
    const record = {
      reportRefreshDate: "2026-10-30",
      siteId: "00000000-dddd-4000-8000-000000000001",
      ownerPrincipalName: upnOf(1),
      isDeleted: false,
      storageUsedInBytes: 100,
      reportPeriod: "180",
    };
    const { exitCode, query } = await importTexts(dir, {
      "od.json": page("Collection(oneDriveUsageAccountDetail)", [record]),
      "users.json": usersOf(1),
    });
    expect(exitCode).toBe(0);
    expect(await query(oneDrivesSql)).toEqual(bytes(100));
  });
});

describe("rows that name nobody are nobody's", () => {
  const forms = {
    "as (Unknown) (i50, i63)": () => "(Unknown)",
    "as a hash of personal data (i52)": (number: number) =>
      `<PII:H105(se/njcX9qwMG${number})>@contoso.example`,
    "as such a hash of 32 characters in all": (number: number) => `<PII:H105(0a1${number})>@contoso.example`,
    "as one of 36 characters": (number: number) => `<PII:H105(0a1b2c3${number})>@contoso.example`,
    "as 32 hexadecimal digits (i64)": (number: number) => `0A0B0C0D0E0F0A0B0C0D0E0F0A0B0C0${number}`,
    "by nothing": () => "",
  };
  test.each(Object.entries(forms))("%s: each stays, nobody gets them, and it is said", async (_, nameOf) => {
    const numbers = [1, 2, 3, 4, 5];
    const rows = numbers.map((number) => active(nameOf(number), "2026-10-26"));
    const boxes = numbers.map((number) => mailbox(nameOf(number), 7));
    const contents = {
      "act.csv": csv(rows),
      "mbx.csv": csv(boxes),
      "mbx (1).csv": csv(boxes.toReversed()),
      "users.json": usersOf(...numbers),
      "skus.json": skus,
    };
    const done = await importTexts(dir, contents);
    const { query } = done;
    expect(
      await query("select dataset, sum(rows)::integer as rows from orphans group by all order by all"),
    ).toEqual([
      { dataset: "mailbox_usage_detail", rows: 5 },
      { dataset: "office365_active_user_detail", rows: 5 },
    ]);
    expect(
      await query("select distinct activity_status, activity_status_reason as reason from user_activity"),
    ).toEqual([{ activity_status: "Not Available", reason: "The usage reports conceal names" }]);
    const [status] = await query("from output_status where output = 'user_activity'");
    expect(["Partial", "Not supplied"]).toContain(status?.["data_status"]);
    expect(status?.["reasons"]).toContain("office365_active_user_detail conceals userPrincipalName");
    expect(issuesOf(done, "act.csv")).toContain("concealed_names");
  });

  test("and come back by a later import without being counted again", async () => {
    const db = dir.file("nobody.duckdb");
    const rows = [7, 7, 9].map((size) => mailbox("(Unknown)", size));
    await importTexts(dir, { "m.csv": csv(rows), "users.json": usersOf(1) }, db);
    const { query } = await importTexts(dir, { "m.csv": csv(rows.toReversed()) }, db);
    expect(await query("select rows, storage_used_bytes from orphans")).toEqual([
      { rows: 3, storage_used_bytes: 23 },
    ]);
  });
});

describe("what a file says twice is named", () => {
  const users = { "users.json": usersOf(1, 2), "skus.json": skus };

  test("a heading: what it says is unknown (i06), and where no record is one without it the file is refused", async () => {
    const text = csv([active(upnOf(1), "2026-10-26"), active(upnOf(2), "2026-01-01")]);
    const repeated = text.replace("OneDrive Last Activity Date", "exchange  last activity date");
    const done = await importTexts(dir, { "act.csv": repeated, ...users });
    expect(issuesOf(done, "act.csv")).toContain("headings_repeated");
    expect(
      await done.query("select distinct activity_status, last_activity_date from user_activity"),
    ).toEqual([{ activity_status: "Not Available", last_activity_date: null }]);
    const names = await importTexts(dir, {
      "act.csv": text.replace("Display Name", "User Principal Name"),
      ...users,
    });
    expect(names.exitCode).toBe(1);
    expect(names.files.find(({ file }) => file.endsWith("act.csv"))).toMatchObject({ records_loaded: 0 });
    expect(issuesOf(names, "act.csv")).toEqual(["required_repeated"]);
  });

  test("two headings for one property: the one that the schema names first counts", async () => {
    const box = { ...mailbox(upnOf(1), 100), "Storage Used (Bytes)": 200 };
    const done = await importTexts(dir, { "m.csv": csv([box]), ...users });
    expect(issuesOf(done, "m.csv")).toContain("headings_alike");
    expect(await done.query(mailboxesSql)).toEqual(bytes(100));
  });

  test("a report of two days below each other: of each record the newest day counts (i18)", async () => {
    const rows = [active(upnOf(1), "2026-10-26"), active(upnOf(1), "2026-05-01", "2026-07-30")];
    for (const order of [rows, rows.toReversed()]) {
      const done = await importTexts(dir, { "act.csv": csv(order), ...users });
      expect(issuesOf(done, "act.csv")).toContain("several_refresh_dates");
      expect(
        await done.query(
          "select activity_status, exchange_last_activity_date::varchar as date from user_activity where user_principal_name = 'user1@contoso.example'",
        ),
      ).toEqual([{ activity_status: "Active", date: "2026-10-26" }]);
      expect(
        await done.query(
          "select data_status, reasons from output_status where output = 'license_assignments'",
        ),
      ).toEqual([
        {
          data_status: "Partial",
          reasons: expect.stringContaining(
            "a file of office365_active_user_detail holds reports of several days, as data_quality says",
          ) as string,
        },
      ]);
      expect(
        await done.query("select severity from data_quality where finding = 'several_refresh_dates'"),
      ).toEqual([{ severity: "warning" }]);
    }
  });
});
