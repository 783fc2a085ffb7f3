import { describe, expect, test } from "vitest";
import type { Hints } from "../../src/detect/detection.ts";
import { issuesOf, importTexts } from "../ledger/imported.ts";
import { createBench } from "../proving.ts";
import { page, Workdir } from "../workdir.ts";

const bench = createBench();
const dir = new Workdir();
const guid = (number: number): string => `10000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const ann = {
  id: guid(1),
  userPrincipalName: "ann@contoso.example",
  displayName: "Ann",
  accountEnabled: true,
  assignedLicenses: [],
};

interface Told {
  readonly dataset: string | undefined;
  readonly records: readonly Record<string, unknown>[];
  readonly codes: readonly string[];
  readonly issues: readonly { readonly code: string; readonly message: string }[];
}

/** Reads one file by both readers, which must say the same. */
async function read(name: string, content: string | object, hints: Hints = {}): Promise<Told[]> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const [slow, fast] = [
    await bench.prove(name, text, hints),
    await bench.prove(name, text, { ...hints, isFast: true }),
  ];
  expect(fast.map(({ tally }) => [tally.read, tally.rejected, tally.issues.list()])).toEqual(
    slow.map(({ tally }) => [tally.read, tally.rejected, tally.issues.list()]),
  );
  return slow.map(({ recognition, tally, texts }) => {
    const issues = tally.issues.list();
    return {
      dataset: recognition.dataset?.name,
      records: texts.map((each) => JSON.parse(`{${each}`) as Record<string, unknown>),
      codes: [...new Set(issues.map(({ code }) => code))].filter((code) => code !== "columns_differ"),
      issues,
    };
  });
}

describe("names of types in the place of values", () => {
  const head = "id,userPrincipalName,displayName,accountEnabled,assignedLicenses,signInActivity";
  test.each([
    "[object Object]",
    '"[object Object],[object Object]"',
    "[object Array]",
    "System.Object[]",
    "@{skuId=x; disabledPlans=System.Object[]}",
  ])("%s costs the value, not the user", async (lost) => {
    const [told] = await read(
      "users.csv",
      `${head}\n${guid(1)},ann@contoso.example,Ann,true,${lost},\n${guid(2)},bob@contoso.example,Bob,true,[],\n`,
    );
    expect(told?.codes).toEqual(["property_lost"]);
    expect(told?.records.map(({ assignedLicenses }) => assignedLicenses)).toEqual([null, []]);
  });

  test("is neither none nor a rejected user in what comes out", async () => {
    const csv = `${head}\n${guid(1)},ann@contoso.example,Ann,true,[object Object],[object Object]\n${guid(2)},bob@contoso.example,Bob,true,[object Object],\n${guid(3)},cat@contoso.example,Cat,true,,\n`;
    const { files, exitCode, query } = await importTexts(dir, { "users.csv": csv });
    expect([exitCode, files[0]?.records_loaded, files[0]?.records_rejected]).toEqual([1, 3, 0]);
    expect(
      await query(
        "select user_principal_name, licenses, activity_status from users where display_name <> 'Cat'",
      ),
    ).toEqual([
      { user_principal_name: "ann@contoso.example", licenses: null, activity_status: "Not Available" },
      { user_principal_name: "bob@contoso.example", licenses: null, activity_status: "Not Available" },
    ]);
    const [status] = await query(
      "select data_status, reasons from output_status where output = 'license_assignments'",
    );
    expect(status?.["data_status"]).toBe("Partial");
    expect(status?.["reasons"]).toContain("users lost assignedLicenses in records: 2");
  });
});

describe("answers with what a tool wrote around them", () => {
  const body = page("users", [ann]);
  test.each([
    ["Logic Apps", { statusCode: 200, headers: { "Content-Type": "application/json" }, body }],
    ["a library", { status: 200, statusText: "OK", headers: {}, config: {}, data: body }],
    ["a library, a list without a page", { statusCode: 200, headers: {}, body: [ann] }],
    ["an answer with its body first", { body, headers: {}, statusCode: 200 }],
  ])("%s: the body is read", async (_, answer) => {
    const told = await read("users.json", answer);
    expect(told).toEqual([
      { dataset: "users", records: [expect.objectContaining(ann)], codes: [], issues: [] },
    ]);
  });

  test("a list of them is read answer by answer, an error as an error", async () => {
    const refused = { error: { code: "Authorization_RequestDenied", message: "Insufficient privileges" } };
    const told = await read("users.json", [
      { statusCode: 200, headers: {}, body: { ...body, "@odata.nextLink": "https://graph.example/next" } },
      { statusCode: 200, headers: {}, body: page("users", [{ ...ann, id: guid(2) }]) },
      { statusCode: 403, headers: {}, body: refused },
    ]);
    expect(told.map(({ dataset, records, codes }) => [dataset, records.length, codes])).toEqual([
      ["users", 1, []],
      ["users", 1, []],
      ["users", 0, ["error_body"]],
    ]);
  });

  test("records with a status of their own are none", async () => {
    const signIn = {
      status: { errorCode: 0 },
      id: guid(9),
      createdDateTime: "2026-10-29T08:00:00Z",
      appId: guid(3),
      appDisplayName: "App",
    };
    const [told] = await read("signIns.json", [signIn]);
    expect([told?.dataset, told?.records.length]).toEqual(["sign_ins", 1]);
  });

  test.each([
    ["Content", { StatusCode: 200, StatusDescription: "OK", Content: "{}", RawContent: "HTTP/1.1 200 OK" }],
    ["body", { statusCode: 200, headers: {}, body: JSON.stringify(body) }],
    ["$content", { "$content-type": "application/octet-stream", $content: "UmVwb3J0" }],
    ["tables[].rows", { tables: [{ name: "PrimaryResult", columns: [], rows: [] }] }],
    ["log.entries[].response.content.text", { log: { version: "1.2", entries: [] } }],
    [
      "body",
      {
        statusCode: 200,
        headers: {},
        body: { value: [{ id: guid(1), displayName: "x".repeat(17 << 20) }] },
      },
    ],
  ])("what is inside %s is told to be there", async (inside, answer) => {
    const [told] = await read("users.json", answer);
    expect([told?.dataset, told?.records]).toEqual([undefined, []]);
    expect(told?.codes).toEqual(["wrapped"]);
    expect(told?.issues[0]?.message).toContain(`: the data is inside "${inside}"`);
  });
});

describe("columns that portals and Log Analytics name in another way", () => {
  const copilotHead =
    "Report Refresh Date,User Principal Name,Display Name,Report Period,Prompts submitted for All Apps,Active Usage Days for All Apps,Last activity date of Copilot Chat (work) (UTC),Last activity date of Copilot Chat (web) (UTC),Last activity date of Teams Copilot (UTC),Last activity date of Word Copilot (UTC),Last activity date of Microsoft 365 Copilot (app) (UTC),Last activity date of Edge (UTC),Last activity date of Copilot Agent (UTC)";
  const copilot = `\uFEFF${copilotHead}\n2026-10-30,ann@contoso.example,Ann,180,142,19,2026-10-29,,2026-10-28,,,,\n2026-10-30,bob@contoso.example,Bob,180,0,0,,,,,,,\n`;

  test("the Copilot file of the admin center: its newest date is the date of use, none is unknown", async () => {
    const [told] = await read("FastCopilotActivityUserDetail10_30_2026 9_10_11 AM.csv", copilot);
    expect([told?.dataset, told?.codes]).toEqual(["copilot_usage_user_detail", []]);
    const { query } = await importTexts(dir, {
      "users.json": page("users", [ann, { ...ann, id: guid(2), userPrincipalName: "bob@contoso.example" }]),
      "FastCopilotActivityUserDetail10_30_2026 9_10_11 AM.csv": copilot,
    });
    expect(
      await query("select user_principal_name, last_activity_date from staging.copilot_usage_user_detail"),
    ).toEqual([
      { user_principal_name: "ann@contoso.example", last_activity_date: "2026-10-29" },
      { user_principal_name: "bob@contoso.example", last_activity_date: null },
    ]);
  });

  const log = (columns: string): string =>
    `\uFEFF${columns}\n"10/29/2026, 9:19:25.391 AM","10/29/2026, 9:18:25.391 AM",${guid(7)},0,Contoso App,${guid(3)},${guid(1)},ann@contoso.example\n"10/29/2026, 9:20:26.000 AM","10/29/2026, 9:20:25.391 AM",${guid(8)},50126,Contoso App,${guid(3)},${guid(1)},ann@contoso.example\n`;
  test("SigninLogs of Log Analytics as CSV: the time of the sign-in goes before that of the log, both are in UTC", async () => {
    const columns =
      '"TimeGenerated [UTC]","CreatedDateTime [UTC]",Id,ResultType,AppDisplayName,AppId,UserId,UserPrincipalName';
    const [told] = await read("query_data.csv", log(columns), { timeZone: "Europe/Berlin" });
    expect([told?.dataset, told?.codes]).toEqual(["sign_ins", []]);
    expect(told?.records.map(({ createdDateTime, status }) => [createdDateTime, status])).toEqual([
      ["2026-10-29T09:18:25.391Z", { errorCode: 0 }],
      ["2026-10-29T09:20:25.391Z", { errorCode: 50_126 }],
    ]);
    const [alone] = await read("query_data.csv", log(columns.replace("CreatedDateTime", "Ingested")));
    expect(alone?.records.map(({ createdDateTime }) => createdDateTime)).toEqual([
      "2026-10-29T09:19:25.391Z",
      "2026-10-29T09:20:26.000Z",
    ]);
    const without = log(columns.replaceAll(/TimeGenerated|CreatedDateTime/g, "Ingested"));
    expect((await read("query_data.csv", without))[0]?.codes).toContain("missing_columns");
  });

  test("rows of Log Analytics as JSON: the same, whatever the order of keys", async () => {
    const row = {
      TimeGenerated: "2026-10-29T09:19:25Z",
      Id: guid(7),
      AppId: guid(3),
      AppDisplayName: "App",
      UserPrincipalName: "ann@contoso.example",
      CreatedDateTime: "2026-10-29T09:18:25Z",
      ResultType: "0",
    };
    const reversed = Object.fromEntries(Object.entries(row).toReversed());
    const [told] = await read("rows.json", [row, { ...reversed, Id: guid(8) }]);
    expect(told?.records.map(({ createdDateTime, status }) => [createdDateTime, status])).toEqual([
      ["2026-10-29T09:18:25Z", { errorCode: 0 }],
      ["2026-10-29T09:18:25Z", { errorCode: 0 }],
    ]);
  });

  test.each([
    ["2026-10-29T09:18:25Z", "2026-10-29T09:18:25Z"],
    ["10/29/2026 9:18:25 AM", "2026-10-29T08:18:25Z"],
  ])('"Date" above the sign-ins of the portal: %s', async (written, time) => {
    const [told] = await read(
      "InteractiveSignIns_2026-10-23_2026-10-30.csv",
      `\uFEFF"Date","Request ID","User ID","Username","Application","Application ID ","Status","Sign-in error code"\n"${written}","${guid(7)}","${guid(1)}","ann@contoso.example","App","${guid(3)}","Success","None"\n`,
      { timeZone: "Europe/Berlin" },
    );
    expect([told?.dataset, told?.records[0]?.["createdDateTime"]]).toEqual(["sign_ins", time]);
  });

  test.each(["LastSignInDateTime", "signInActivity.lastSignInDateTime", "SignInActivity_LastSignInDateTime"])(
    "%s as a column of its own is a sign-in of the user",
    async (column) => {
      const last = column
        .replace("LastSignIn", "LastNonInteractiveSignIn")
        .replace("lastSignIn", "lastNonInteractiveSignIn");
      const [told] = await read(
        "users.csv",
        `"Id","UserPrincipalName","${column}","${last}"\n"${guid(1)}","ann@contoso.example","10/28/2026 12:42:56 PM","10/29/2026 2:07:07 PM"\n`,
      );
      expect(told?.records[0]?.["signInActivity"]).toEqual({
        lastSignInDateTime: "2026-10-28T12:42:56Z",
        lastNonInteractiveSignInDateTime: "2026-10-29T14:07:07Z",
        lastSuccessfulSignInDateTime: null,
      });
    },
  );
});

describe("lists of part numbers", () => {
  test.each([
    ['"SPE_E3, POWER_BI_PRO"', ["SPE_E3", "POWER_BI_PRO"]],
    ['"SPE_E3;POWER_BI_PRO"', ["SPE_E3", "POWER_BI_PRO"]],
    ["SPE_E3|POWER_BI_PRO", ["SPE_E3", "POWER_BI_PRO"]],
    ["SPE_E3", ["SPE_E3"]],
    // Names of products have commas, and so have some part numbers.
    [
      '"Microsoft 365 E3+Dynamics 365 for Sales, Enterprise Edition"',
      ["Microsoft 365 E3", "Dynamics 365 for Sales, Enterprise Edition"],
    ],
    ['"Windows_365_Business_16_vCPU,_64_GB,_1_TB"', ["Windows_365_Business_16_vCPU,_64_GB,_1_TB"]],
    ["", null],
  ])("%s", async (cell, names) => {
    const [told] = await read(
      "users.csv",
      `"Id","UserPrincipalName","DisplayName","Licenses"\n${guid(1)},ann@contoso.example,Ann,${cell}\n`,
    );
    expect(told?.records[0]?.["licenseNames"]).toEqual(names);
  });

  test("come out by the names of their products", async () => {
    const { query } = await importTexts(dir, {
      "users.csv": `"Id","UserPrincipalName","DisplayName","Licenses"\n${guid(1)},ann@contoso.example,Ann,"SPE_E3, POWER_BI_PRO, OWN_1"\n`,
    });
    expect(await query("select licenses from users")).toEqual([
      { licenses: "Microsoft 365 E3; OWN_1; Power BI Pro" },
    ]);
  });
});

const mailHead =
  "Report Refresh Date,User Principal Name,Is Deleted,Last Activity Date,Item Count,Storage Used (Byte),Prohibit Send Quota (Byte),Has Archive,Report Period";

/** What one cell of the mailbox report becomes. */
async function readCell(heading: string, cell: string): Promise<readonly [unknown, readonly string[]]> {
  const names = mailHead.split(",");
  const row = "2026-10-30,ann@contoso.example,False,2026-10-26,100,5000,9000,False,180".split(",");
  const at = names.indexOf(heading);
  const [told] = await read("m.csv", `${mailHead}\n${row.with(at, cell).join(",")}\n`);
  const property = {
    "Item Count": "itemCount",
    "Has Archive": "hasArchive",
    "Report Period": "reportPeriod",
  };
  const name = property[heading as keyof typeof property];
  return [told?.records[0]?.[name], told?.codes ?? []];
}

describe("numbers and truths as spreadsheets write them", () => {
  test.each([
    ['"1,250"', 1250],
    ["1.250", 1250],
    ["1 250", 1250],
    ["1\u00A0250", 1250],
    ["1\u202F250", 1250],
    ["1'250", 1250],
    ["1’250", 1250],
    ['"12,943,612,003"', 12_943_612_003],
    ["-1.250", -1250],
    ["1250.0", 1250],
    ['"1250,00"', 1250],
    [" 1250 ", 1250],
  ])("%s is the number %s", async (cell, value) => {
    expect(await readCell("Item Count", cell)).toEqual([value, []]);
  });

  test.each(["1.5", '"1,25"', '"1,2,3"', '"12,50,000"', "1.250 5", "1.3E+10", "n/a", "-", "#REF!", "0x10"])(
    "%s is unknown, and costs that value alone",
    async (cell) => {
      expect(await readCell("Item Count", cell)).toEqual([null, ["number_unreadable"]]);
    },
  );

  test("a number by which rows are told apart is not optional: the row is rejected", async () => {
    expect(await readCell("Report Period", "many")).toEqual([undefined, ["wrong_type"]]);
  });

  test.each(["TRUE", "Wahr", "WAHR", "VRAI", "VERDADERO", "vero", "Ja", "Oui", "Sí", "ИСТИНА", " true "])(
    "%s is true",
    async (cell) => {
      expect(await readCell("Has Archive", cell)).toEqual([true, []]);
    },
  );

  test.each(["FALSE", "Falsch", "FAUX", "FALSO", "Nein", "Non", "ЛОЖЬ"])("%s is false", async (cell) => {
    expect(await readCell("Has Archive", cell)).toEqual([false, []]);
  });

  test("a truth that nobody knows is refused by name", async () => {
    expect(await readCell("Has Archive", "perhaps")).toEqual([undefined, ["wrong_type"]]);
  });

  test.each([
    ['"1,234.50"', 1234.5],
    ['"1.234,50"', 1234.5],
    ["1'234.5", 1234.5],
    ["1 234", 1234],
    ['"1,234,567"', 1_234_567],
    ['"12,5"', 12.5],
    // Thousands, or a fraction of three digits.
    ['"1,234"', undefined],
  ])("the price %s is %s", async (cell, price) => {
    const [told] = await read(
      "prices.csv",
      `SKU part number,Unit price,Currency,Billing period\nSPE_E3,${cell},USD,month\n`,
    );
    expect(told?.records[0]?.["unitPrice"]).toBe(price);
    expect(told?.codes).toEqual(price === undefined ? ["wrong_type"] : []);
  });

  test("an unknown number is neither 0 nor silence in what comes out", async () => {
    const head = "Product Title,Total Licenses,Expired Licenses,Assigned licenses,Status Message";
    const rows = [
      'Microsoft 365 E3,"1,250",0,"1,198",',
      "Windows Store for Business,Unlimited,0,0,",
      "Visio Plan 2,many,5,20,",
    ];
    const told = await importTexts(dir, {
      "ProductList_10_30_2026_9_10_11_AM.csv": [head, ...rows, ""].join("\n"),
    });
    expect([told.exitCode, issuesOf(told, ".csv")]).toEqual([
      1,
      expect.arrayContaining(["number_unreadable"]),
    ]);
    expect(
      await told.query(
        "select productTitle as title, totalLicenses as total from raw.license_products order by all",
      ),
    ).toEqual([
      { title: "Microsoft 365 E3", total: 1250 },
      { title: "Visio Plan 2", total: null },
      { title: "Windows Store for Business", total: null },
    ]);
    expect(
      await told.query(
        "select severity, affected_records from data_quality where finding = 'number_unreadable'",
      ),
    ).toEqual([{ severity: "error", affected_records: 1 }]);
  });
});
