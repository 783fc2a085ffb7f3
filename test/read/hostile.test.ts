import { expect, test } from "vitest";
import { createBench } from "../proving.ts";

const bench = createBench();

/** A report whose one record has this cell in a column that is a list. */
const report = (cell: string): string =>
  [
    "Report Refresh Date,User Principal Name,Has Exchange License,Exchange Last Activity Date,Assigned Products",
    `2026-10-30,a@contoso.example,True,,"${cell.replaceAll('"', '""')}"`,
    "",
  ].join("\n");

const cells: readonly (readonly [string, string, readonly string[] | null])[] = [
  ["names of types without an end", `${"System.A".repeat(60)}!`, [`${"System.A".repeat(60)}!`]],
  ["names of types side by side", `${"System.A[] ".repeat(60)}!`, [`${"System.A[] ".repeat(60)}!`]],
  ["names of types alone", "System.Object[] Microsoft.Graph.A`1[System.String]", null],
  ["a hashtable", "@{a=b; c=System.Object[]}", null],
  ["a list 50,000 deep", "[".repeat(50_000) + "]".repeat(50_000), ["[".repeat(50_000) + "]".repeat(50_000)]],
  ["half a character in a list", String.raw`["\ud800"]`, [String.raw`["\ud800"]`]],
  ["a list as JSON", '["A","B + C"]', ["A", "B + C"]],
  ["a name with a bracket", "[Preview] A+B", ["[Preview] A", "B"]],
];

test.each(cells)("%s in a cell of a list is read in no time and ends nothing", async (_, cell, expected) => {
  const started = Date.now();
  const [proven] = await bench.prove("report.csv", report(cell));
  const [text = ""] = proven?.texts ?? [];
  const { assignedProducts } = JSON.parse(`{${text}`) as { assignedProducts: string[] | null };
  expect(assignedProducts).toEqual(expected);
  expect(Date.now() - started).toBeLessThan(2000);
});

test.each([
  ["utf-16le", Buffer.from('[{"id":"é","userPrincipalName":"x"}]')],
  ["utf-16le", Buffer.from('[{"id":"é","userPrincipalName":"x"}]', "utf16le")],
  ["windows-1252", Buffer.from('[{"id":"é","userPrincipalName":"x"}]')],
  ["windows-1252", Buffer.from('[{"id":"é","userPrincipalName":"x"}]', "latin1")],
  [
    "gb18030",
    Buffer.from([...Buffer.from('[{"id":"'), 0xa8, 0xa6, ...Buffer.from('","userPrincipalName":"x"}]')]),
  ],
])("--encoding %s reads what is written in it, and UTF-8 as UTF-8", async (encoding, bytes) => {
  const [proven] = await bench.prove("users.json", bytes, { encoding });
  expect(proven?.texts[0]).toMatch(/^"id":"é","userPrincipalName":"x",/);
});

test("a byte order mark that begins the first field of a row is part of it", async () => {
  const [proven] = await bench.prove("users.csv", "id,userPrincipalName\n\uFEFFa,b\n\uFEFFc,d\n");
  expect(proven?.texts.map((text) => (JSON.parse(`{${text}`) as { id: string }).id)).toEqual([
    "\uFEFFa",
    "\uFEFFc",
  ]);
});
