import { describe, expect, test } from "vitest";
import { expectLookedFor, given, givenIssue, today, type Facts, type GivenFile } from "./given.ts";
import { activeRow, listedUser, signIn, skus, teamsPlan, upn, user } from "./people.ts";
import { everything } from "./tenant.ts";

const concealed = "0123456789ABCDEF0123456789ABCDEF";
const users = (facts: Facts, ...ids: readonly string[]): GivenFile => [
  "users",
  ids.map((id) => user(id)),
  facts,
];
const registration = (id: string | null, name: string) => ({ id, userPrincipalName: upn(name) });
const mailboxes = (...names: readonly string[]): GivenFile => [
  "mailbox_usage_detail",
  names.map((userPrincipalName) => ({ userPrincipalName })),
];
const active = (...names: readonly string[]): GivenFile => [
  "office365_active_user_detail",
  names.map((name) => activeRow(name)),
];

type Case = readonly [name: string, files: readonly GivenFile[], found: readonly (readonly unknown[])[]];

/** Rows of one check: severity, finding, dataset, affected records, detail. */
async function expectFindings(check: string, files: readonly GivenFile[], found: Case[2]): Promise<void> {
  const query = await given(...files);
  const sql = `select severity, finding, dataset, affected_records, detail, remedy from checks.${check}`;
  const rows = await query(`${sql} order by dataset, detail`);
  expect(rows.map(({ remedy: _remedy, ...row }) => Object.values(row))).toEqual(found);
  for (const { remedy } of rows) expect(remedy).toMatch(/^[A-Z].+\.$/);
  expectLookedFor(check, files, found);
}

describe("concealed names are counted per file, with their share", () => {
  const reports = (name: string, of: number, hidden: number): GivenFile => [
    "mailbox_usage_detail",
    Array.from({ length: of }, (_, index) => ({
      userPrincipalName: index < hidden ? concealed : upn(`u${index}`),
    })),
    { name },
  ];
  const row = (file: string, hidden: number, of: number, share: string): unknown[] => [
    "warning",
    "concealed_names",
    "mailbox_usage_detail",
    hidden,
    `userPrincipalName is concealed in ${hidden} of ${of} records (${share} %) of ${file}, which cannot be matched to users`,
  ];
  const cases: readonly Case[] = [
    [
      "all in one file, a third in another",
      [reports("a.csv", 120, 120), reports("b.csv", 3, 1)],
      [row("b.csv", 1, 3, "33.3"), row("a.csv", 120, 120, "100")],
    ],
    ["all but one never read 100 %", [reports("a.csv", 2000, 1999)], [row("a.csv", 1999, 2000, "99.9")]],
    ["one of many never reads 0 %", [reports("a.csv", 2000, 1)], [row("a.csv", 1, 2000, "0.1")]],
    ["open names", [reports("a.csv", 3, 0)], []],
  ];
  test.each(cases)("%s", async (_name, files, found) => {
    await expectFindings("names_are_open", files, found);
  });
});

describe("property_lost: values that a tool wrote as names of types", () => {
  test("are an error with the command to run", async () => {
    const query = await given(
      users({ name: "users.json", lost: { assignedLicenses: 2 } }, "ann", "bob", "cy"),
    );
    const rows = await query("from data_quality where finding = 'property_lost'");
    expect(rows).toEqual([
      {
        severity: "error",
        finding: "property_lost",
        dataset: "users",
        affected_records: 2,
        detail:
          "assignedLicenses was lost in 2 records of users.json: the tool wrote the name of a type, such as System.Object[] or [object Object], in place of the value",
        remedy: expect.stringMatching(
          /^Export it again: Get-MgUser -All -Property id,userPrincipalName,.*signInActivity \| ConvertTo-Json -Depth 10 \| Out-File users\.json -Encoding utf8; or save what Graph answers to GET .*\.$/,
        ) as string,
      },
    ]);
  });

  test("are not found where nothing was lost, nor in files that the outputs do not read", async () => {
    await expectFindings(
      "properties_are_kept",
      [users({ date: "2026-10-01", lost: { assignedLicenses: 1 } }, "ann"), users({}, "ann")],
      [],
    );
  });
});

describe("exports_differ: files of one export with other properties", () => {
  const withLicenses: GivenFile = ["users", [{ id: "ann", assignedLicenses: [] }], { name: "a.json" }];
  const withSignIns: GivenFile = [
    "users",
    [{ id: "ann", signInActivity: { lastSignInDateTime: "2026-10-01T00:00:00Z" } }],
    { name: "b.json", duplicates: 1 },
  ];

  test("where records stand in several of them, each property that outputs need is one", async () => {
    const query = await given(withLicenses, withSignIns);
    expect(
      await query(
        "select finding, affected_records, detail from checks.exports_select_alike order by detail",
      ),
    ).toEqual([
      {
        finding: "exports_differ",
        affected_records: 1,
        detail:
          "assignedLicenses is in some files of the export and not in b.json; of a record that is in several files the last one counts",
      },
      {
        finding: "exports_differ",
        affected_records: 1,
        detail:
          "signInActivity is in some files of the export and not in a.json; of a record that is in several files the last one counts",
      },
    ]);
  });

  test("pages without common records, or with the same properties, are none", async () => {
    const alone: GivenFile = [...withSignIns];
    const query = await given(withLicenses, [alone[0], alone[1], { name: "b.json" }]);
    expect(await query("from checks.exports_select_alike")).toEqual([]);
    const same = await given(withLicenses, [
      "users",
      [{ id: "bob", assignedLicenses: [] }],
      { duplicates: 1 },
    ]);
    expect(await same("from checks.exports_select_alike")).toEqual([]);
  });
});

describe("files_are_sound: what the import noted of a file", () => {
  test.each([
    "number_unreadable",
    "date_order_unknown",
    "zone_assumed",
    "maybe_one_page",
    "empty_value",
    "count_mismatch",
    "several_refresh_dates",
  ])("%s", async (code) => {
    const query = await given(users({ name: "u.json" }, "ann"), users({ date: "2026-10-01" }, "ann"));
    await givenIssue(1, code, "warning");
    await givenIssue(2, code, "warning");
    expect(await query(`from data_quality where finding = '${code}'`)).toEqual([
      {
        severity: "warning",
        finding: code,
        dataset: "users",
        affected_records: 1,
        detail: `u.json the message of ${code}`,
        remedy: `the cure of ${code}`,
      },
    ]);
  });

  test("several properties of a file are one finding with their sum", async () => {
    const query = await given(users({ name: "u.json" }, "ann"));
    await givenIssue(1, "zone_assumed", "info");
    await givenIssue(1, "zone_assumed", "info");
    expect(await query("select affected_records, detail from checks.files_are_sound")).toEqual([
      { affected_records: 2, detail: "u.json the message of zone_assumed; so do 1 more of its properties" },
    ]);
  });

  test("other codes have findings of their own, or none", async () => {
    const query = await given(users({}, "ann"));
    await givenIssue(1, "unused_properties", "info");
    expect(await query("from checks.files_are_sound")).toEqual([]);
  });
});

describe("pages_are_distinct", () => {
  const cases: readonly Case[] = [
    [
      "a page that was saved twice",
      [users({ name: "users-1.json", duplicates: 2 }), users({ name: "users-2.json" }, "ann", "bob")],
      [
        [
          "warning",
          "page_twice",
          "users",
          2,
          "users-1.json: all of its 2 records are in the other files of the export too: the same page or file twice",
        ],
      ],
    ],
    [
      "some records twice",
      [users({ name: "users-1.json", duplicates: 2 }, "ann")],
      [
        [
          "warning",
          "records_twice",
          "users",
          2,
          "users-1.json: 2 of 3 records stand there twice; the last of each was taken",
        ],
      ],
    ],
    [
      "none twice, and events that two downloads share",
      [users({}, "ann"), ["sign_ins", [], { duplicates: 5 }]],
      [],
    ],
  ];
  test.each(cases)("%s", async (_name, files, found) => {
    await expectFindings("pages_are_distinct", files, found);
  });
});

describe("file_number_gap", () => {
  const gap = (count: number, detail: string, dataset = "users"): unknown[] => [
    "warning",
    "file_number_gap",
    dataset,
    count,
    `${detail} among the numbered files`,
  ];
  const cases: readonly (readonly [name: string, files: readonly string[], found: readonly unknown[]])[] = [
    ["one between", ["users-1.json", "users-3.json"], [gap(1, "users-2.json is missing")]],
    ["the first of three", ["users-2.json", "users-3.json"], [gap(1, "users-1.json is missing")]],
    [
      "digits with zeros before",
      ["u_008.csv", "u_009.csv", "u_012.csv"],
      [gap(2, "u_010.csv, u_011.csv are missing")],
    ],
    [
      "more than five",
      ["p1.json", "p9.json"],
      [gap(7, "p2.json, p3.json, p4.json, p5.json, p6.json and 2 more are missing")],
    ],
    [
      "copies of a browser",
      ["users.json", "users (1).json", "users (3).json"],
      [gap(1, "users (2).json is missing")],
    ],
    ["packed files", ["Users-1.json.gz", "users-3.json.gz"], [gap(1, "users-2.json.gz is missing")]],
    ["none missing, from 0 or from 1", ["users-0.json", "users-1.json", "users-2.json"], []],
    ["a first page without a number", ["users.json", "users-2.json", "users-3.json"], []],
    ["numbers that do not start at 1", ["users-4711.json", "users-4712.json"], []],
    ["one file", ["users-7.json"], []],
    ["days", ["users-2026-11-01.json", "users-2026-11-05.json"], []],
    ["days in another order", ["users_11_01_2026.json", "users_11_05_2026.json"], []],
    ["days without signs between", ["users20261101.json", "users20261105.json"], []],
    ["months", ["users-2026-08.json", "users-2026-11.json"], []],
    ["times", ["users-20261101-081500.json", "users-20261101-0930.json", "users-20261101-1145.json"], []],
    [
      "pages of a day",
      ["users-2026-11-01-p1.json", "users-2026-11-01-p3.json"],
      [gap(1, "users-2026-11-01-p2.json is missing")],
    ],
  ];
  test.each(cases)("%s", async (_name, names, found) => {
    const files = names.map((name, index): GivenFile => users({ name }, `u${index}`));
    await expectFindings("file_numbers_have_no_gap", files, found as Case[2]);
  });

  test("is looked for within one day of a state, and within one import of events", async () => {
    const log = (name: string, time: string, number: number): GivenFile => [
      "sign_ins",
      [signIn("ann", time)],
      { name, import: number },
    ];
    await expectFindings(
      "file_numbers_have_no_gap",
      [
        users({ name: "users-1.json" }, "ann"),
        users({ name: "users-3.json", date: "2026-10-01" }, "bob"),
        log("log-1.json", "2026-10-01T08:00:00Z", 1),
        log("log-4.json", "2026-10-02T08:00:00Z", 1),
        log("log-9.json", "2026-10-03T08:00:00Z", 2),
      ],
      [gap(2, "log-2.json, log-3.json are missing", "sign_ins")],
    );
  });
});

describe("dates_are_not_mixed", () => {
  const cases: readonly Case[] = [
    [
      "files of two days in one import",
      [users({}, "ann"), users({ date: "2026-10-30" }, "bob", "cy"), users({ date: "2026-10-29" }, "dee")],
      [
        [
          "warning",
          "dates_mixed",
          "users",
          3,
          `files of several days came in one import; the outputs read those of ${today}, not the 3 records of 2026-10-29, 2026-10-30`,
        ],
      ],
    ],
    ["of two imports", [users({ import: 1, date: "2026-10-30" }, "bob"), users({ import: 2 }, "ann")], []],
    [
      "events of several days",
      [
        ["sign_ins", [signIn("ann", "2026-10-01T08:00:00Z")]],
        ["sign_ins", [signIn("ann", "2026-10-02T08:00:00Z")]],
      ],
      [],
    ],
  ];
  test.each(cases)("%s", async (_name, files, found) => {
    await expectFindings("dates_are_not_mixed", files, found);
  });
});

describe("rows_have_users", () => {
  const row = (dataset: string, count: number): unknown[] => [
    "warning",
    "registrations_without_user",
    dataset,
    count,
    `records that belong to nobody in the users export: ${count}`,
  ];
  const cases: readonly Case[] = [
    [
      "by id, by name where there is no id, and in the older report",
      [
        users({}, "ann"),
        [
          "user_registration_details",
          [
            registration("ann", "ann"),
            registration("gone", "ann"),
            registration(null, "ANN"),
            registration(null, "gone"),
          ],
        ],
        ["credential_user_registration_details", [registration(null, "ann"), registration(null, "lost")]],
      ],
      [row("credential_user_registration_details", 1), row("user_registration_details", 2)],
    ],
    ["no users export to be in", [["user_registration_details", [registration("gone", "gone")]]], []],
  ];
  test.each(cases)("%s", async (_name, files, found) => {
    await expectFindings("rows_have_users", files, found);
  });
});

describe("users_have_report_rows", () => {
  const row = (count: number): unknown[] => [
    "warning",
    "users_without_report_row",
    "users",
    count,
    `users in no supplied usage report whose licenses are, or may be, for Exchange, OneDrive, SharePoint, Teams, Yammer or Skype: ${count}`,
  ];
  const cases: readonly Case[] = [
    [
      "licensed users in no report",
      [users({}, "ann", "bob", "cy"), skus, active("ann"), mailboxes(upn("bob"))],
      [row(1)],
    ],
    [
      "not those without licenses, of unknown licenses, or created after the report",
      [
        [
          "users",
          [
            user("ann", { assignedLicenses: [] }),
            user("bob", { assignedLicenses: undefined }),
            user("cy", { createdDateTime: "2026-11-05T00:00:00Z" }),
          ],
        ],
        skus,
        active("zoe"),
      ],
      [],
    ],
    [
      "not one whom the report names by mail address",
      [["users", [user("ann", { mail: "A.Lee@contoso.example" })]], skus, mailboxes("a.lee@contoso.example")],
      [],
    ],
    [
      "not one without a mailbox where only the mailbox report was supplied",
      [
        [
          "users",
          [
            user("ann", {
              assignedLicenses: [{ skuId: "00000000-0000-4000-8000-0000000000e5", disabledPlans: [] }],
            }),
          ],
        ],
        [
          "subscribed_skus",
          [
            {
              id: "e5",
              skuId: "00000000-0000-4000-8000-0000000000e5",
              servicePlans: [{ servicePlanId: teamsPlan, servicePlanName: "TEAMS1" }],
            },
          ],
        ],
        mailboxes(upn("zoe")),
      ],
      [],
    ],
    [
      "licenses known by name alone count too",
      [["users", [listedUser("ann", ["Office E3"]), listedUser("bob", [])]], active("zoe")],
      [row(1)],
    ],
    ["no report", [users({}, "ann"), skus], []],
    ["concealed reports name nobody", [users({}, "ann"), skus, mailboxes(concealed)], []],
  ];
  test.each(cases)("%s", async (_name, files, found) => {
    await expectFindings("users_have_report_rows", files, found);
  });
});

describe("rows_have_users", () => {
  const time = "2026-10-30T08:00:00Z";
  const later = "2026-10-30T09:00:00Z";
  const cases: readonly Case[] = [
    [
      "users of this tenant, with all their sign-ins",
      [
        users({}, "ann"),
        [
          "sign_ins",
          [
            signIn("ann", time),
            signIn("gone", time),
            signIn("gone", later, { appId: "other", status: { errorCode: 50074 } }),
            signIn("lost", time, { status: undefined }),
          ],
        ],
      ],
      [
        [
          "warning",
          "sign_ins_without_user",
          "sign_ins",
          2,
          "users of sign-ins who are not in the users export: 2 (their sign-ins: 3)",
        ],
      ],
    ],
    [
      "not guests of other tenants, unknown names and applications",
      [
        users({}, "ann"),
        [
          "sign_ins",
          [
            signIn("guest", time, { userPrincipalName: "guest@fabrikam.example" }),
            signIn("zero", time, { userId: "00000000-0000-0000-0000-000000000000" }),
            signIn("app", time, { userPrincipalName: "" }),
          ],
        ],
      ],
      [],
    ],
    ["no users export to be in", [["sign_ins", [signIn("ann", time)]]], []],
  ];
  test.each(cases)("%s", async (_name, files, found) => {
    await expectFindings("rows_have_users", files, found);
  });
});

describe("sign_in_days_are_whole", () => {
  const days = (...dates: readonly string[]): GivenFile => [
    "sign_ins",
    dates.map((date) => signIn("ann", `${date}T23:59:59Z`)),
  ];
  const row = (severity: string, count: number, detail: string): unknown[] => [
    severity,
    "sign_in_days_missing",
    "sign_ins",
    count,
    `no sign-in at all on ${detail}`,
  ];
  const cases: readonly Case[] = [
    ["a weekday", [days("2026-10-26", "2026-10-28")], [row("warning", 1, "2026-10-27")]],
    ["a weekend", [days("2026-10-30", "2026-11-02")], [row("info", 2, "2026-10-31, 2026-11-01")]],
    [
      "many days",
      [days("2026-10-01", "2026-10-09")],
      [row("warning", 7, "2026-10-02, 2026-10-03, 2026-10-04, 2026-10-05, 2026-10-06 and 2 more days")],
    ],
    ["none missing", [days("2026-10-26", "2026-10-27")], []],
    ["no sign-ins", [], []],
  ];
  test.each(cases)("%s", async (_name, files, found) => {
    await expectFindings("sign_in_days_are_whole", files, found);
  });
});

describe("skus_have_prices", () => {
  const price = (more: object): GivenFile => [
    "sku_prices",
    [{ unitPrice: 1, currency: "EUR", billingPeriod: "month", ...more }],
  ];
  const id = "00000000-0000-4000-8000-0000000000e3";
  const found = [
    [
      "warning",
      "sku_without_price",
      "sku_prices",
      1,
      "E3 has no price, so that its cost is unknown; units in use: 1",
    ],
  ];
  const cases: readonly Case[] = [
    ["a SKU in use that the list lacks", [skus, price({ skuPartNumber: "E5" })], found],
    ["one of which the price begins later", [skus, price({ skuId: id, validFrom: "2027-01-01" })], found],
    ["not one with a price by part number", [skus, price({ skuPartNumber: "e3" })], []],
    ["not one with a price by id", [skus, price({ skuId: id })], []],
    ["not without any list", [skus], []],
  ];
  test.each(cases)("%s", async (_name, files, rows) => {
    await expectFindings("skus_have_prices", files, rows);
  });
});

describe("policy_rules_apply", () => {
  const rule = (more: object): GivenFile => ["reclaim_policy", [{ isExcluded: true, ...more }]];
  const found = [
    [
      "warning",
      "policy_without_user",
      "reclaim_policy",
      1,
      "rule 1 names nobody in the users export, and protects nobody",
    ],
  ];
  const cases: readonly Case[] = [
    [
      "a rule with a name that is nobody's",
      [users({}, "ann"), rule({ userPrincipalName: upn("amm") })],
      found,
    ],
    [
      "not one with a user's name in any case",
      [users({}, "ann"), rule({ userPrincipalName: upn("ANN") })],
      [],
    ],
    ["not a pattern", [users({}, "ann"), rule({ userPattern: "svc*" })], []],
    ["not without a users export", [rule({ userPrincipalName: upn("amm") })], []],
  ];
  test.each(cases)("%s", async (_name, files, rows) => {
    await expectFindings("policy_rules_apply", files, rows);
  });
});

test("none of them is found in a tenant that was exported whole, but for the note on the report that states no period", async () => {
  const query = await given(...everything);
  expect(await query("select severity, finding from data_quality")).toEqual([
    { severity: "info", finding: "report_period_unstated" },
  ]);
});
