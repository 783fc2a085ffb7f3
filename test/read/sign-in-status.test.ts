import { describe, expect, test } from "vitest";
import { type ImportedFolder, importTexts, issuesOf } from "../ledger/imported.ts";
import { Workdir } from "../workdir.ts";

const dir = new Workdir();
const ann = "10000000-0000-4000-8000-000000000001";
const time = "2026-10-29T09:18:25Z";
const typeName = "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus";

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A list of sign-ins with these texts under its last headings, a row each. */
function list(headings: readonly string[], ...rows: readonly (readonly string[])[]): string {
  const own = ["AppDisplayName", "AppId", "CreatedDateTime", "Id", "UserId", "UserPrincipalName"];
  const lines = rows.map((cells, index) => [
    "App",
    "11111111-0000-4000-8000-000000000001",
    time,
    `sign-in ${index}`,
    ann,
    "ann@contoso.example",
    ...cells,
  ]);
  return [[...own, ...headings], ...lines].map((row) => row.map(quote).join(",") + "\n").join("");
}

const outcomes =
  "select sign_ins, failed_sign_ins, interrupted_sign_ins, unknown_sign_ins from app_activity order by app_id";

async function outcomesOf({ query }: ImportedFolder): Promise<unknown[]> {
  return (await query(outcomes)).flatMap((row) =>
    Object.values(row).map((value) => (value === null ? null : Number(value))),
  );
}

async function verdictOf({ query }: ImportedFolder): Promise<string> {
  const [row] = await query(
    "select data_status || ': ' || reasons as verdict from output_status where output = 'app_activity'",
  );
  return String(row?.["verdict"]);
}

describe("a Status of a list that is no word is what it is", () => {
  test("the name of a type: lost, as in JSON, and Partial", async () => {
    const files = {
      "signins.csv": list(["Status"], [typeName]),
      "signins.json": [
        { Id: "1", AppId: "a", AppDisplayName: "App", CreatedDateTime: time, UserId: ann, Status: typeName },
      ],
    };
    for (const [name, content] of Object.entries(files)) {
      const folder = await importTexts(dir, { [name]: content });
      expect(issuesOf(folder, name)).toContain("property_lost");
      expect(folder.exitCode).toBe(1);
      expect(await verdictOf(folder)).toContain("Partial: sign_ins lost status: its values cannot be read");
      expect(await outcomesOf(folder)).toEqual([null, null, null, 1]);
    }
  });

  test("and the heading is named, not the value", async () => {
    const { files } = await importTexts(dir, { "signins.csv": list(["Status"], [typeName]) });
    const [lost] = files[0]?.issues.filter(({ code }) => code === "property_lost") ?? [];
    expect(lost?.message).toContain('column "Status" was lost');
    expect(lost?.message).not.toContain("MicrosoftGraphSignInStatus");
  });

  const read = [
    ["error codes", ["0"], ["50126"], ["50074"]],
    [
      "objects in JSON",
      ['{"errorCode":0}'],
      ['{"errorCode":50126,"failureReason":"Invalid"}'],
      ['{"ErrorCode":50055}'],
    ],
    ["words", ["Success"], ["Failure"], ["interrupted"]],
  ] as const;
  test.each(read)("%s: read", async (_name, success, failure, interrupt) => {
    const folder = await importTexts(dir, { "signins.csv": list(["Status"], success, failure, interrupt) });
    expect(await outcomesOf(folder)).toEqual([1, 1, 1, 0]);
    expect(await verdictOf(folder)).toMatch(/^Partial: users was not supplied; note/);
    expect(folder.exitCode).toBe(0);
  });

  test("all kinds in one file, each read as what it is", async () => {
    const folder = await importTexts(dir, {
      "signins.csv": list(
        ["Status"],
        ["Success"],
        ["50126"],
        ['{"errorCode":50074}'],
        [typeName],
        ["Wat"],
        [""],
      ),
    });
    expect(await folder.query("select unknown_sign_ins::integer as n from app_activity")).toEqual([{ n: 3 }]);
    expect(
      await folder.query(
        "select count(*)::integer as n from staging.sign_ins where is_successful is not null",
      ),
    ).toEqual([{ n: 3 }]);
    expect(await verdictOf(folder)).toMatch(/^Partial: sign_ins lost s/);
  });

  test("beside a column with the code nothing is lost: the code says it", async () => {
    const folder = await importTexts(dir, {
      "signins.csv": list(
        ["Status", "Sign-in error code"],
        [typeName, "0"],
        ["Success", "None"],
        ["Wat", "50126"],
      ),
    });
    expect(await outcomesOf(folder)).toEqual([2, 1, 0, 0]);
    expect(await verdictOf(folder)).toMatch(/^Partial: users was not supplied; note/);
    expect(folder.exitCode).toBe(0);
  });

  test("where the code says none, the name of a type is lost, and an integer is the code", async () => {
    const folder = await importTexts(dir, {
      "signins.csv": list(
        ["Sign-in error code", "Status"],
        ["None", typeName],
        ["None", "50126"],
        ["", '{"errorCode":0}'],
      ),
    });
    expect(
      await folder.query(
        "select count(*) filter (is_successful)::integer as good, count(is_successful)::integer as known from staging.sign_ins",
      ),
    ).toEqual([{ good: 1, known: 2 }]);
    expect(await verdictOf(folder)).toContain("Partial: sign_ins lost status in records: 1");
  });
});

describe("words that are not known never make a Complete output with nulls", () => {
  test.each([
    ["without a column for the code", ["Status"], ["Erfolgreich"]],
    ["with a code that says none", ["Status", "Sign-in error code"], ["Erfolgreich", "None"]],
    ["with neither", ["Status", "Sign-in error code"], ["", "None"]],
  ] as const)("%s", async (_name, headings, row) => {
    const folder = await importTexts(dir, { "signins.csv": list(headings, row, row) });
    expect(await outcomesOf(folder)).toEqual([null, null, null, 2]);
    expect(await verdictOf(folder)).toMatch(/^Partial: sign_ins lost (status|signInStatus)/);
    expect(issuesOf(folder, "signins.csv")).toContain("unknown_word");
    expect(
      await folder.query(
        "select finding, affected_records::integer as n from data_quality where finding in ('unknown_word', 'property_lost')",
      ),
    ).toEqual([{ finding: "unknown_word", n: 2 }]);
  });

  test("some of them: Partial too, and the known ones count", async () => {
    const folder = await importTexts(dir, { "signins.csv": list(["Status"], ["Success"], ["Erfolgreich"]) });
    expect(await outcomesOf(folder)).toEqual([1, null, null, 1]);
    expect(await verdictOf(folder)).toMatch(/^Partial/);
  });
});

test("a status in JSON that is no object is read, not rejected", async () => {
  const statuses: readonly (readonly [status: unknown, outcome: unknown[]])[] = [
    ["Success", [1, 0, 0, 0]],
    ["Failure", [0, 1, 0, 0]],
    ["50074", [0, 0, 1, 0]],
    [50_126, [0, 1, 0, 0]],
    [0, [1, 0, 0, 0]],
    ['{"errorCode":0}', [1, 0, 0, 0]],
    ["Wat", [null, null, null, 1]],
  ];
  const records = statuses.map(([status], index) => ({
    id: `${index}`,
    appId: `app ${index}`,
    appDisplayName: "App",
    createdDateTime: time,
    userId: ann,
    userPrincipalName: "ann@contoso.example",
    status,
  }));
  const folder = await importTexts(dir, { "signins.json": records });
  expect(folder.files.map(({ records_rejected }) => records_rejected)).toEqual([0]);
  const found = await outcomesOf(folder);
  expect(statuses.map((_status, index) => found.slice(index * 4, index * 4 + 4))).toEqual(
    statuses.map(([, outcome]) => outcome),
  );
});

test("a status that is null in every record is said to be missing: Partial, not Complete with nulls", async () => {
  const folder = await importTexts(dir, {
    "signins.json": [
      { id: "1", appId: "a", appDisplayName: "App", createdDateTime: time, userId: ann, status: null },
    ],
  });
  expect(await verdictOf(folder)).toContain("Partial: sign_ins has no value of status");
  expect(await outcomesOf(folder)).toEqual([null, null, null, 1]);
});
