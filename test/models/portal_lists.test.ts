import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, given, odd, type Facts, type GivenFile, type Query } from "./given.ts";
import { listedUser, signIn, skus, upn, user } from "./people.ts";
import { everything, withoutDataset, withoutProperty } from "./tenant.ts";

const csv: Facts = { wrapper: "csv", completeness: "Unknown" };

async function statusOf(query: Query, output: string): Promise<Row | undefined> {
  const sql = `select data_status as status, reasons from output_status where output = '${output}'`;
  return (await query(sql))[0];
}

describe("users with licenses by name alone", () => {
  const list: GivenFile = [
    "users",
    [
      listedUser("ann", ["Office E5", "Enterprise Mobility + Security E3"]),
      listedUser("bob", []),
      listedUser("cy", null),
    ],
    csv,
  ];

  test("are licensed or not, and show the names", async () => {
    const query = await given(list);
    expect(await query("select user_id, licenses from users order by user_id")).toEqual([
      { user_id: "ann", licenses: "Enterprise Mobility + Security E3; Office E5" },
      { user_id: "bob", licenses: "" },
      { user_id: "cy", licenses: null },
    ]);
    expect(await query("select user_id, is_licensed from user_activity order by user_id")).toEqual([
      { user_id: "ann", is_licensed: true },
      { user_id: "bob", is_licensed: false },
      { user_id: "cy", is_licensed: null },
    ]);
  });

  test("have no license assignments, with the reason and the query to run", async () => {
    const query = await given(list, skus);
    expect(await query("from license_assignments")).toEqual([]);
    const status = await statusOf(query, "license_assignments");
    expect(status?.["status"]).toBe("Not supplied");
    expect(status?.["reasons"]).toContain("users comes from a list (CSV) that carries no assignedLicenses");
    expect(status?.["reasons"]).toMatch(
      /the admin center's list of users names licenses but carries no identifiers of SKUs; export: GET \/v1\.0\/users\?\$select=\S*assignedLicenses/,
    );
    expect(
      await query(
        "select assigned_users, inactive_users, reclaimable_units, data_status from license_summary",
      ),
    ).toEqual([
      { assigned_users: null, inactive_users: null, reclaimable_units: null, data_status: "Partial" },
    ]);
  });

  test("beside licenses by identifier the identifiers decide", async () => {
    const query = await given(["users", [user("ann", { licenseNames: ["Something else"] })]]);
    expect(await query("select licenses from users")).toEqual([{ licenses: "Office E3" }]);
    expect((await statusOf(query, "license_assignments"))?.["reasons"]).not.toContain("admin center");
  });
});

describe("the list of products", () => {
  const products: GivenFile = [
    "license_products",
    [
      { productTitle: "Office E3", totalLicenses: 25, expiredLicenses: 0, assignedLicenses: 20 },
      { productTitle: "Visio", totalLicenses: null, assignedLicenses: 3 },
    ],
    csv,
  ];

  test("stands in for the subscribed SKUs, and says what it can", async () => {
    const query = await given(products);
    const rows = await query("from license_summary order by product_name");
    expect(
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
    ).toEqual([
      {
        product_name: "Office E3",
        sku_class: "Unknown",
        enabled_units: 25,
        consumed_units: 20,
        data_status: "Partial",
        units_snapshot_date: "2026-10-31",
      },
      {
        product_name: "Visio",
        sku_class: "Unknown",
        consumed_units: 3,
        data_status: "Partial",
        units_snapshot_date: "2026-10-31",
      },
    ]);
    expect(await statusOf(query, "license_summary")).toEqual({
      status: "Partial",
      reasons: expect.stringContaining(
        "license_products, the list of the admin center, carries no identifiers of SKUs and no units by state",
      ) as string,
    });
  });

  test("is not needed beside the subscribed SKUs", async () => {
    const query = await given(...everything, products);
    expect(await query("select sku_id from license_summary")).toEqual([{ sku_id: e3 }]);
    expect((await statusOf(query, "license_summary"))?.["status"]).toBe("Complete");
  });

  test("has rows beside those of SKUs that users hold", async () => {
    const query = await given(["users", [{ id: "ann", assignedLicenses: [{ skuId: odd }] }]], products);
    expect(
      await query(
        "select sku_id, product_name, assigned_users from license_summary order by product_name nulls first",
      ),
    ).toEqual([
      { sku_id: odd, product_name: null, assigned_users: 1 },
      { sku_id: null, product_name: "Office E3", assigned_users: null },
      { sku_id: null, product_name: "Visio", assigned_users: null },
    ]);
  });
});

describe("registrations without the user's id", () => {
  const listed = (name: string, more: Row = {}): Row => ({
    userPrincipalName: name,
    isMfaCapable: true,
    isMfaRegistered: true,
    ...more,
  });
  const statuses = async (query: Query): Promise<unknown[][]> =>
    (await query("select user_id, mfa_status, mfa_status_reason from mfa_status order by user_id")).map(
      (row) => Object.values(row),
    );

  test("are matched by name in any case, after those with an id", async () => {
    const query = await given(
      ["users", [user("ann"), user("bob"), user("cy")]],
      [
        "user_registration_details",
        [
          {
            id: "BOB",
            ...listed("old.name@contoso.example", { isMfaRegistered: false, isMfaCapable: false }),
          },
          listed(upn("bob")),
          listed(upn("Ann").toUpperCase(), { isMfaCapable: false, isMfaRegistered: undefined }),
        ],
      ],
    );
    expect(await statuses(query)).toEqual([
      [
        "ann",
        "Not Available",
        "Not capable, but isMfaRegistered was not exported and the methods are not known",
      ],
      ["bob", "Disabled", "No strong method is registered"],
      ["cy", "Not Available", "Not in the registration details"],
    ]);
  });

  test("are matched with nobody where a name is not one person's or one record's", async () => {
    const query = await given(
      ["users", [user("ann"), user("bob"), user("bob2", { userPrincipalName: upn("bob") })]],
      ["user_registration_details", [listed(upn("ann")), listed(upn("ANN")), listed(upn("bob"))]],
    );
    const reason =
      "Several people or several registration records have this user principal name, so that none can be matched";
    expect(await statuses(query)).toEqual([
      ["ann", "Not Available", reason],
      ["bob", "Not Available", reason],
      ["bob2", "Not Available", reason],
    ]);
  });

  test("of the same id twice the newer one counts", async () => {
    const twice = (
      userPrincipalName: string,
      isMfaCapable: boolean,
      lastUpdatedDateTime: string | null,
    ): Row => ({
      id: "ann",
      ...listed(userPrincipalName, { isMfaCapable, lastUpdatedDateTime }),
    });
    const registrations: GivenFile = [
      "user_registration_details",
      [
        twice("new.name@contoso.example", true, "2026-10-30T08:00:00Z"),
        twice("old.name@contoso.example", false, "2026-10-29T08:00:00Z"),
        twice("older.name@contoso.example", false, null),
      ],
    ];
    for (const files of [[registrations], [registrations, ["users", [user("ann")]] as const]]) {
      const query = await given(...files);
      expect(await query("select user_id, mfa_status from mfa_status")).toEqual([
        { user_id: "ann", mfa_status: "Enabled" },
      ]);
    }
  });

  test("name the people where there is no users export, each once", async () => {
    const query = await given(
      [
        "user_registration_details",
        [{ id: "ann", ...listed(upn("ann")) }, listed(upn("Ann")), listed(upn("bob")), listed(upn("BOB"))],
      ],
      ["credential_user_registration_details", [{ userPrincipalName: upn("cy"), isMfaRegistered: false }]],
    );
    expect(
      await query(
        "select user_id, lower(user_principal_name) as upn, mfa_status from mfa_status order by upn",
      ),
    ).toEqual([
      { user_id: "ann", upn: upn("ann"), mfa_status: "Enabled" },
      { user_id: null, upn: upn("bob"), mfa_status: "Not Available" },
      { user_id: null, upn: upn("cy"), mfa_status: "Disabled" },
    ]);
  });
});

describe("the older registration report", () => {
  const older = (name: string, isMfaRegistered: boolean | null): Row => ({
    userPrincipalName: name,
    isMfaRegistered,
    authMethods: ["mobilePhone", "appCode"],
  });
  const users: GivenFile = ["users", [user("ann"), user("bob"), user("cy"), user("dee")]];
  const report: GivenFile = [
    "credential_user_registration_details",
    [older(upn("ANN"), true), older(upn("bob"), false), older(upn("cy"), null)],
  ];

  test("tells Disabled, but not Enabled from Non-compliant", async () => {
    const query = await given(users, report);
    const rows = await query(
      "select mfa_status, mfa_status_reason, is_mfa_registered, is_mfa_capable, methods_registered from mfa_status order by user_id",
    );
    const methods = "appCode; mobilePhone";
    expect(rows.map((row) => Object.values(row))).toEqual([
      [
        "Not Available",
        "A method is registered, but the older registration report cannot tell Enabled from Non-compliant",
        true,
        null,
        methods,
      ],
      ["Disabled", "No strong method is registered, by the older registration report", false, null, methods],
      [
        "Not Available",
        "The older registration report was exported without isMfaRegistered",
        null,
        null,
        methods,
      ],
      ["Not Available", "Not in the older registration report", null, null, null],
    ]);
    expect(await statusOf(query, "mfa_status")).toEqual({
      status: "Partial",
      reasons: expect.stringMatching(
        /^credential_user_registration_details cannot tell Enabled from Non-compliant; .*user_registration_details was not supplied/,
      ) as string,
    });
  });

  test("is used for those whom the newer one lacks, and for nobody else", async () => {
    const query = await given(users, report, [
      "user_registration_details",
      [{ id: "bob", isMfaCapable: true, isMfaRegistered: true }],
    ]);
    expect(await query("select user_id, mfa_status from mfa_status order by user_id")).toEqual([
      { user_id: "ann", mfa_status: "Not Available" },
      { user_id: "bob", mfa_status: "Enabled" },
      { user_id: "cy", mfa_status: "Not Available" },
      { user_id: "dee", mfa_status: "Not Available" },
    ]);
  });

  test("takes nothing from a tenant that has the newer one", async () => {
    const query = await given(...everything, report);
    expect(await statusOf(query, "mfa_status")).toEqual({ status: "Complete", reasons: null });
  });
});

describe("sign-ins of the portal", () => {
  const time = "2026-10-30T08:00:00Z";
  const outcome = (minute: number, more: Row): Row =>
    signIn("ann", `2026-10-30T08:${String(minute).padStart(2, "0")}:00Z`, { status: undefined, ...more });

  test("have their outcome from its word, whatever the error code says", async () => {
    const query = await given([
      "sign_ins",
      [
        outcome(1, { signInStatus: "Success" }),
        outcome(2, { signInStatus: "Failure" }),
        outcome(3, { signInStatus: "Interrupted" }),
        outcome(4, { signInStatus: "success", status: { errorCode: null } }),
        outcome(5, { signInStatus: "Failure", status: { errorCode: 0 } }),
      ],
      csv,
    ]);
    expect(await query("select last_sign_in_at, sign_ins, failed_sign_ins from app_activity")).toEqual([
      { last_sign_in_at: "2026-10-30 08:04:00", sign_ins: 2, failed_sign_ins: 2 },
    ]);
    expect((await statusOf(query, "app_summary"))?.["status"]).toBe("Complete");
  });

  test("are of unknown outcome without both, or with a word in another language", async () => {
    for (const signInStatus of [undefined, "Erfolgreich"]) {
      const query = await given([
        "sign_ins",
        [signIn("ann", time, { status: undefined, signInStatus })],
        csv,
      ]);
      expect(await query("select sign_ins, failed_sign_ins, last_sign_in_at from app_activity")).toEqual([
        { sign_ins: null, failed_sign_ins: null, last_sign_in_at: null },
      ]);
    }
  });

  test("without both are Partial, and the list is said to lack them", async () => {
    const query = await given(["sign_ins", [signIn("ann", time, { status: undefined })], csv]);
    expect(await statusOf(query, "app_summary")).toEqual({
      status: "Partial",
      reasons:
        "sign_ins comes from a list (CSV) that carries no status; note: the files of sign_ins cannot show that they are whole",
    });
  });
});

describe("properties that PowerShell lost", () => {
  const lose = (dataset: string, property: string, count: number, records = 2): GivenFile[] =>
    everything.map(([name, [record = {}], facts]): GivenFile => {
      if (name !== dataset) return [name, [record], facts];
      const copies = Array.from({ length: records }, (_, index) => ({
        ...record,
        id: index === 0 ? record["id"] : `copy ${index}`,
        ...(index < count ? { [property]: null } : {}),
      }));
      return [name, copies, { lost: { [property]: count } }];
    });
  const cases: (readonly [output: string, dataset: string, property: string, all: string, some: string])[] = [
    ["license_assignments", "users", "assignedLicenses", "Partial", "Partial"],
    ["license_summary", "users", "assignedLicenses", "Partial", "Partial"],
    ["users", "users", "assignedLicenses", "Partial", "Partial"],
    ["mfa_status", "user_registration_details", "isMfaCapable", "Partial", "Partial"],
    ["mfa_summary", "user_registration_details", "methodsRegistered", "Complete", "Complete"],
    ["mfa_status", "user_registration_details", "methodsRegistered", "Partial", "Partial"],
    ["app_summary", "sign_ins", "status", "Partial", "Partial"],
    ["license_summary", "subscribed_skus", "prepaidUnits", "Partial", "Partial"],
  ];
  test.each(cases)("%s without all or some of %s.%s", async (output, dataset, property, all, some) => {
    const whole = await statusOf(await given(...lose(dataset, property, 2)), output);
    expect(whole?.["status"]).toBe(all);
    if (all !== "Complete")
      expect(whole?.["reasons"]).toContain(
        `${dataset} lost ${property}: its values cannot be read, as data_quality says`,
      );
    const part = await statusOf(await given(...lose(dataset, property, 1)), output);
    expect(part?.["status"]).toBe(some);
    if (some !== "Complete") expect(part?.["reasons"]).toContain(`${dataset} lost ${property} in records: 1`);
  });

  test("are not what a file left out: no finding asks to select them", async () => {
    const query = await given(...lose("users", "assignedLicenses", 2));
    expect(await query("select finding from data_quality where dataset = 'users' order by finding")).toEqual([
      { finding: "property_lost" },
    ]);
  });

  test("make license assignments Not supplied where their paths are lost too", async () => {
    const files = withoutProperty("users", "licenseAssignmentStates", lose("users", "assignedLicenses", 2));
    const query = await given(...files);
    expect(await statusOf(query, "license_assignments")).toMatchObject({ status: "Not supplied" });
    expect(await query("select licenses from users")).toEqual([{ licenses: null }, { licenses: null }]);
    expect(await query("select assigned_users from license_summary")).toEqual([{ assigned_users: null }]);
  });
});

test("what only stands in for something else is never missed", async () => {
  const query = await given(
    ...withoutDataset("subscribed_skus", withoutDataset("user_registration_details")),
  );
  const reasons = await query("select string_agg(reasons, '; ') as reasons from output_status");
  expect(String(reasons[0]?.["reasons"])).not.toMatch(/license_products|credential_/);
  expect(
    await query("select dataset from data_quality where finding = 'dataset_missing' order by 1"),
  ).toEqual([{ dataset: "subscribed_skus" }, { dataset: "user_registration_details" }]);
});
