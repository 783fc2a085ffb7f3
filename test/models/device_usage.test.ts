import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, type GivenFile } from "./given.ts";
import { appRow, upn, user } from "./people.ts";

const ann: GivenFile = ["users", [user("ann", { displayName: "Ann" })]];
const report = (...rows: readonly Row[]): GivenFile => ["m365_app_user_detail", rows];

test("a user has a row with devices, applications, dates and the period, and what was activated", async () => {
  const query = await given(
    ann,
    report(appRow("ann", { windows: true, mac: true, mobile: true, word: true, teams: true })),
    [
      "office365_activations_user_detail",
      [
        {
          userPrincipalName: "ANN@contoso.example",
          productType: "PROJECT",
          windows: 1,
          mac: 0,
          windows10Mobile: 0,
          ios: 0,
          android: 0,
        },
        {
          userPrincipalName: upn("ann"),
          productType: "APPS",
          windows: 2,
          mac: 0,
          windows10Mobile: 0,
          ios: 1,
          android: 2,
        },
      ],
    ],
  );
  expect(await query("from device_usage")).toEqual([
    {
      user_id: "ann",
      user_principal_name: upn("ann"),
      display_name: "Ann",
      account_enabled: true,
      device_usage: "Desktop; Mobile",
      has_used_windows: true,
      has_used_mac: true,
      has_used_mobile: true,
      has_used_web: false,
      apps_used: "Word; Teams",
      has_used_outlook: false,
      has_used_word: true,
      has_used_excel: false,
      has_used_powerpoint: false,
      has_used_onenote: false,
      has_used_teams: true,
      last_activation_date: "2026-01-01",
      last_activity_date: "2026-10-29",
      report_refresh_date: "2026-10-31",
      report_period: 90,
      activated_products: "APPS; PROJECT",
      windows_activations: 3,
      mac_activations: 0,
      mobile_activations: 3,
    },
  ]);
});

describe("device_usage in the words of Flexera", () => {
  const cases: (readonly [name: string, flags: Row, devices: string | null, apps: string | null])[] = [
    ["nothing was used", {}, "", ""],
    ["Windows is a desktop", { windows: true, outlook: true }, "Desktop", "Outlook"],
    ["so is a Mac", { mac: true, excel: true }, "Desktop", "Excel"],
    [
      "all",
      { mac: true, mobile: true, web: true, powerPoint: true, oneNote: true },
      "Desktop; Mobile; Web",
      "PowerPoint; OneNote",
    ],
    ["the web was not exported: the others are not the whole", { windows: true, web: undefined }, null, ""],
    ["a Mac is unknown, and there is no other desktop", { mac: null, web: true }, null, ""],
    ["a Mac is unknown, and there is another desktop", { mac: null, windows: true }, "Desktop", ""],
    ["one application is unknown", { web: true, word: true, teams: null }, "Web", null],
  ];
  test.each(cases)("%s", async (_name, flags, devices, apps) => {
    const query = await given(ann, report(appRow("ann", flags)));
    expect(await query("select device_usage, apps_used from device_usage")).toEqual([
      { device_usage: devices, apps_used: apps },
    ]);
  });
});

describe("what is unknown stays null", () => {
  const counts =
    "select activated_products, windows_activations, mac_activations, mobile_activations from device_usage";
  const unknown = {
    activated_products: null,
    windows_activations: null,
    mac_activations: null,
    mobile_activations: null,
  };
  const activations = (more: Row): GivenFile => [
    "office365_activations_user_detail",
    [{ userPrincipalName: upn("ann"), ...more }],
  ];
  test("activations that were not supplied", async () => {
    expect(await (await given(ann, report(appRow("ann"))))(counts)).toEqual([unknown]);
  });
  test("activations of a user whose row names none", async () => {
    const query = await given(ann, report(appRow("ann")), activations({ userActivationCounts: [] }));
    expect(await query(counts)).toEqual([unknown]);
  });
  test("some of the counts: one above zero is a lower bound", async () => {
    const query = await given(
      ann,
      report(appRow("ann")),
      activations({ productType: "APPS", windows: 1, mac: 0, windows10Mobile: 0, ios: 1 }),
    );
    expect(await query(counts)).toEqual([
      { activated_products: "APPS", windows_activations: 1, mac_activations: 0, mobile_activations: 1 },
    ]);
  });
  test("a date of 0001-01-01 is never", async () => {
    const query = await given(
      ann,
      report(appRow("ann", { lastActivityDate: "0001-01-01", lastActivationDate: null })),
    );
    expect(await query("select last_activity_date, last_activation_date from device_usage")).toEqual([
      { last_activity_date: null, last_activation_date: null },
    ]);
  });
});

describe("of several report periods", () => {
  const periods = (...details: readonly Row[]): GivenFile => [
    "m365_app_user_detail",
    [{ userPrincipalName: upn("ann"), details }],
  ];
  const detail = (reportPeriod: number, more: Row): Row => {
    const {
      userPrincipalName: _name,
      lastActivationDate: _on,
      lastActivityDate: _at,
      ...flags
    } = appRow("ann");
    return { ...flags, ...more, reportPeriod };
  };
  const sql = "select device_usage, report_period from device_usage";
  test("the longest up to 90 days is read", async () => {
    const query = await given(
      ann,
      periods(
        detail(7, {}),
        detail(90, { web: true }),
        detail(30, {}),
        detail(180, { mac: true, web: true }),
      ),
    );
    expect(await query(sql)).toEqual([{ device_usage: "Web", report_period: 90 }]);
  });
  test("a longer one where there is no other", async () => {
    expect(await (await given(ann, periods(detail(180, { mac: true }))))(sql)).toEqual([
      { device_usage: "Desktop", report_period: 180 },
    ]);
  });
});

describe("whose row it is", () => {
  const sql = "select user_id, user_principal_name as name from device_usage order by name";
  const cases: (readonly [name: string, files: readonly GivenFile[], rows: readonly Row[]])[] = [
    [
      "the user of that name, however written",
      [ann, report({ ...appRow("x"), userPrincipalName: "ANN@Contoso.example" })],
      [{ user_id: "ann", name: upn("ann") }],
    ],
    ["nobody's of the users export: no user is invented", [ann, report(appRow("bob"))], []],
    [
      "nobody's, where two users bear the name",
      [["users", [user("ann"), user("bob", { userPrincipalName: upn("ann") })]], report(appRow("ann"))],
      [],
    ],
    [
      "nobody's, where the tenant conceals names",
      [ann, report({ ...appRow("x"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" })],
      [],
    ],
    [
      "whoever the report names, without a users export",
      [report(appRow("ann"), appRow("bob"))],
      [
        { user_id: null, name: upn("ann") },
        { user_id: null, name: upn("bob") },
      ],
    ],
    [
      "whom the registrations know, without a users export",
      [["user_registration_details", [{ id: "ann", userPrincipalName: upn("ann") }]], report(appRow("ann"))],
      [{ user_id: "ann", name: upn("ann") }],
    ],
  ];
  test.each(cases)("%s", async (_name, files, rows) => {
    expect(await (await given(...files))(sql)).toEqual(rows);
  });
});

describe("how far it can be trusted", () => {
  const cases: (readonly [name: string, files: readonly GivenFile[], status: string, reason: string])[] = [
    ["no report", [ann], "Not supplied", "m365_app_user_detail was not supplied"],
    [
      "concealed names",
      [ann, report({ ...appRow("x"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" })],
      "Not supplied",
      "m365_app_user_detail conceals userPrincipalName",
    ],
    [
      "no activations",
      [ann, report(appRow("ann"))],
      "Partial",
      "office365_activations_user_detail was not supplied",
    ],
    [
      "a cut report",
      [ann, ["m365_app_user_detail", [appRow("ann")], { completeness: "Incomplete", reason: "it is cut" }]],
      "Partial",
      "m365_app_user_detail is incomplete (it is cut)",
    ],
  ];
  test.each(cases)("%s", async (_name, files, status, reason) => {
    const query = await given(...files);
    expect(
      await query(
        "select data_status as status, reasons as reason from output_status where output = 'device_usage'",
      ),
    ).toEqual([{ status, reason: expect.stringContaining(reason) as string }]);
  });
});
