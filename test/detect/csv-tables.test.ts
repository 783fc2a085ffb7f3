import { expect, test } from "vitest";
import { createBench } from "../proving.ts";

const bench = createBench();
const head =
  "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date,Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),Prohibit Send/Receive Quota (Byte),Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Report Period";
const row = (number: number): string =>
  `2026-10-30,user${number}@contoso.example,User ${number},False,,2020-02-23,2026-10-26,100,12943612003,1,2,3,10,42200,32212254720,False,180`;
const plain = `${head}\n${row(1)}\n${row(2)}\n`;

interface Told {
  readonly texts: readonly string[];
  readonly codes: readonly string[];
}

/** Reads a file record by record; both readers must say the same. */
async function read(text: string | Buffer): Promise<Told> {
  const [slow, fast] = [
    await bench.prove("mail.csv", text),
    await bench.prove("mail.csv", text, { isFast: true }),
  ];
  expect(fast.map(({ tally }) => [tally.read, tally.rejected])).toEqual(
    slow.map(({ tally }) => [tally.read, tally.rejected]),
  );
  return {
    texts: slow.flatMap(({ texts }) => texts),
    codes: slow.flatMap(({ tally }) =>
      tally.issues.list().flatMap(({ code }) => (code === "columns_differ" ? [] : [code])),
    ),
  };
}

const commas = ",".repeat(16);

test.each([
  [
    "rows of commas and blank lines between and behind rows",
    `${head}\n${row(1)}\n${commas}\n\n${row(2)}\n${commas}\n`,
  ],
  ["empty cells behind the last column of some rows", `${head}\n${row(1)},,,\n${row(2)}\n`],
  ["comments above the header", `# Exported by admin, on 2026-10-31\n# Do not forward\n${plain}`],
  ["a title above the header", `Mailbox usage,,,\n\n${plain}`],
  ["a cell of blanks in place of an empty date", plain.replace("False,,2020", "False, ,2020")],
])("%s cost nothing", async (_, text) => {
  expect(await read(text)).toEqual(await read(plain));
  expect((await read(plain)).texts.length).toBe(2);
});

test.each([",2026-10-26,", ",100,", ",False,180"])(
  "a cell of blanks in place of %s is empty",
  async (cell) => {
    for (const blank of [" ", "\u00A0", "  "]) {
      const inner = cell.replace(/[^,]+/, blank);
      const told = await read(plain.replace(cell, inner));
      expect(told).toEqual(await read(plain.replace(cell, cell.replace(/[^,]+/, ""))));
      expect(told.texts.length).toBe(2);
    }
  },
);

test("a quote behind a blank is rejected by name, not read into the value", async () => {
  const told = await read(plain.replace("user1@contoso.example", ' "user1@contoso.example"'));
  expect([told.texts.length, told.codes]).toEqual([1, ["bad_quotes"]]);
  const whole = plain
    .trim()
    .replaceAll(/[^,\n]+/g, '"$&"')
    .replaceAll(",", ", ");
  expect((await read(`${whole}\n`)).codes).toEqual(["bad_quotes"]);
  // A value that begins so is quoted as a whole.
  const quoted = await read(plain.replace("User 1", '" ""User"" 1"'));
  expect([quoted.texts.length, quoted.codes]).toEqual([2, []]);
});

test.each(["\r", "\u2028"])(
  "a file whose lines end with another sign than a line feed is refused by name",
  async (end) => {
    const told = await read(plain.replaceAll("\n", end));
    expect(told.codes).toContain("line_ends");
    expect(told.texts).toEqual([]);
  },
);

test("a second table below the first is rejected row by row, the first is read", async () => {
  const told = await read(`${plain}\nA,B\n1,2\n`);
  expect([told.texts.length, told.codes]).toEqual([2, ["ragged_row"]]);
});

test("a table that nobody knows above one that is known is not taken for its title", async () => {
  const other = "a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,10\n";
  const told = await read(`${other}${plain}`);
  expect([told.texts, told.codes.includes("unrecognised")]).toEqual([[], true]);
});

test("what cannot be decoded is told together with what else keeps the file from being read", async () => {
  const latin = (text: string): Buffer => Buffer.from(text, "latin1");
  const lacking = plain.replace("User Principal Name", "Jürgen").replaceAll("User 1", "Zoë");
  expect((await read(latin(lacking))).codes).toEqual(
    expect.arrayContaining(["invalid_utf8", "missing_columns"]),
  );
  const inRows = plain.replace("User Principal Name", "Name").replaceAll("User 1", "Zoë");
  expect((await read(latin(inRows))).codes).toEqual(
    expect.arrayContaining(["missing_columns", "invalid_utf8"]),
  );
  const [json] = await bench.prove("x.json", latin('[{"id":"1","displayName":"Zoë","accountEnabled":true}]'));
  expect(json?.recognition.issues.map(({ code }) => code)).toEqual(["invalid_utf8", "unrecognised"]);
});
