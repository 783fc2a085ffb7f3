import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import papaparse from "papaparse";
import { beforeAll, describe, expect, test } from "vitest";
import type { Explanation, Figure, Source } from "../../src/outputs/explain.ts";
import { Workdir } from "../workdir.ts";

let dir: Workdir;
let sample: string;

beforeAll(() => {
  dir = new Workdir();
  sample = dir.sample("contoso");
  dir.import(sample);
});

function explain(...args: string[]): Explanation {
  const { status, stdout, stderr } = dir.run("explain", ...args, "--json");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as Explanation;
}

function figureOf({ rows }: Explanation, output: string, name: string): Figure {
  const row = rows.find((one) => one.output === output);
  const figure = row?.figures.find((one) => one.figure === name);
  if (figure === undefined) throw new Error(`${output} has no ${name}`);
  return figure;
}

/** All texts in a record of a sample file, found by its name and its number as a person would. */
function textsOf({ file, record_number: number }: Source): string {
  const place = readdirSync(sample, { recursive: true })
    .map(String)
    .find((path) => basename(path) === file);
  const text = readFileSync(join(sample, place ?? file), "utf8");
  if (!file.endsWith(".csv")) {
    const { value } = JSON.parse(text) as { value: unknown[] };
    return JSON.stringify(value[(number ?? 0) - 1]);
  }
  const { data } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, ""));
  return JSON.stringify(data[number ?? 0]);
}

describe("every figure", () => {
  const users = ["kofi.mensah", "felix.amsel", "helena.costa", "marta.kessler", "siobhan.o'rourke"];
  test.each(users)("of %s leads to records that say it", (name) => {
    const { rows, user } = explain(`${name}@contoso.example`);
    const sources = rows.flatMap(({ figures }) => figures.flatMap((figure) => figure.sources));
    expect(sources.length).toBeGreaterThan(30);
    for (const source of sources) {
      const record = textsOf(source);
      // The objects of SKUs, the groups and the prices are nobody's own: they say the name or the figure.
      const names = ["subscribedSkus.json", "groups.json", "sku-prices.csv"].includes(source.file)
        ? [source.value]
        : [user["user_principal_name"], user["user_id"]];
      const isTheirs = names.some((name) => record.includes(String(name)));
      expect([source.file, source.record_number, isTheirs]).toEqual([
        source.file,
        source.record_number,
        true,
      ]);
      const day = /(?:^|newest date )(\d{4}-\d\d-\d\d)/.exec(source.value ?? "")?.[1];
      if (day !== undefined) expect(record).toContain(day);
      expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test("of money leads to the price that counts, and to the one before it", () => {
    const explained = explain("kofi.mensah@contoso.example", "--sku", "SPE_E3");
    const places = (name: string): unknown[][] =>
      figureOf(explained, "license_assignments", name).sources.map((source) => [
        source.file,
        source.record_number,
        source.is_chosen,
        source.property,
        source.value,
      ]);
    expect(Number(figureOf(explained, "license_assignments", "unit_price").value)).toBe(36);
    expect(places("unit_price")).toEqual([
      ["sku-prices.csv", 2, true, "unitPrice", "36"],
      ["sku-prices.csv", 1, false, "unitPrice", "34.2"],
    ]);
    expect(places("currency").map(([, , , property, value]) => [property, value])).toEqual([
      ["currency", "USD"],
      ["currency", "USD"],
    ]);
    expect(places("monthly_cost")).toHaveLength(4);
  });

  test("has its rule in words, and the value that the output has", () => {
    const { rows } = explain("kofi.mensah@contoso.example");
    for (const { output, figures } of rows) {
      const [row] = dir.query(`from ${output} where user_principal_name = 'kofi.mensah@contoso.example'`);
      if (output !== "license_assignments")
        expect(Object.fromEntries(figures.map(({ figure, value }) => [figure, value]))).toEqual(row);
      expect(figures.filter(({ rule }) => rule === "").map(({ figure }) => `${output}.${figure}`)).toEqual(
        [],
      );
    }
  });
});

describe("what was considered and not chosen", () => {
  test("a OneDrive of the same name that was deleted", () => {
    const { sources } = figureOf(
      explain("kofi.mensah@contoso.example"),
      "user_activity",
      "onedrive_storage_bytes",
    );
    expect(sources.map(({ is_chosen: isChosen, value, remark }) => [isChosen, value, remark])).toEqual([
      [true, "29760187113", null],
      [false, "812646400", "the account was deleted"],
    ]);
  });

  test("an earlier date, an older users export and another name", () => {
    const other = new Workdir();
    const page = (upn: string, asOf: string, more: object): void => {
      const value = [{ id: "0b7e3f1c-6a52-4d0e-9f3b-1c2d3e4f5a6b", userPrincipalName: upn, ...more }];
      const file = other.write(
        `users-${asOf}.json`,
        JSON.stringify({ "@odata.context": "https://graph.microsoft.us/v1.0/$metadata#users", value }),
      );
      expect(other.import(file, "--as-of", asOf).status).toBe(0);
    };
    page("old@contoso.example", "2026-09-01", {});
    page("new@contoso.example", "2026-10-01", {});
    const { status, stdout } = other.run("explain", "OLD@contoso.example", "--output", "users", "--json");
    expect(status).toBe(0);
    const explanation = JSON.parse(stdout) as Explanation;
    expect(explanation.user["matched_by"]).toBe("Earlier UPN");
    expect(
      figureOf(explanation, "users", "user_id").sources.map((source) => [
        source.is_chosen,
        source.snapshot_date,
        source.remark,
      ]),
    ).toEqual([
      [true, "2026-10-01", null],
      [false, "2026-09-01", "an export of another day"],
    ]);
  });
});

describe("on the terminal", () => {
  test("the first line says who it is, each figure has its place, and the files their hashes", () => {
    const { status, stdout } = dir.run("explain", "felix.amsel@contoso.example");
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^Felix Amsel, felix\.amsel@contoso\.example, [0-9a-f-]{36}, as of 2026-11-01$/);
    expect(stdout).toMatch(
      /^ {2}given_name +Felix {2}<- users-1\.json, record 25 \(2026-11-01\), givenName$/m,
    );
    expect(stdout).toMatch(/^ {2}activity_status +Inactive$/m);
    expect(stdout).toContain("an attempt of whatever outcome");
    expect(stdout).toMatch(/^ {2}[0-9a-f]{64} {2}users-1\.json$/m);
  });
});

describe("a name that leads to nobody", () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "of nobody at all",
      ["nobody@contoso.example"],
      /there is no user nobody@contoso\.example\. Give an object id/,
    ],
    [
      "that stands in exports",
      ["carl.bergstrom@contoso.example"],
      /is no user, but stands in exports:\n {2}email_activity_user_detail: The account was deleted/,
    ],
    [
      "with an output that has no records",
      ["kofi.mensah@contoso.example", "--output", "app_summary"],
      /app_summary cannot be explained\. These can: users, /,
    ],
  ];
  test.each(cases)("%s", (_name, args, message) => {
    const { status, stdout, stderr } = dir.run("explain", ...args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  test("of two users", () => {
    const other = new Workdir();
    const value = ["a", "b"].map((letter) => ({
      id: `${letter.repeat(8)}-aaaa-4aaa-8aaa-aaaaaaaaaaaa`,
      userPrincipalName: `${letter}@contoso.example`,
      mail: "team@contoso.example",
    }));
    other.import(
      other.write(
        "users.json",
        JSON.stringify({ "@odata.context": "https://x/v1.0/$metadata#users", value }),
      ),
      "--as-of",
      "2026-10-01",
    );
    const { status, stderr } = other.run("explain", "team@contoso.example");
    expect(status).toBe(2);
    expect(stderr).toContain(
      "2 users have the name team@contoso.example. Give the object id of one of them.",
    );
  });
});

test("a screen says the MFA status in words, JSON as it is", () => {
  const name = "oskar.brandt@contoso.example";
  const { stdout } = dir.run("explain", name, "--output", "mfa_status");
  expect(stdout).toMatch(/mfa_status +not registered \(Disabled\)\n/);
  expect(figureOf(explain(name, "--output", "mfa_status"), "mfa_status", "mfa_status").value).toBe(
    "Disabled",
  );
});

test.each([
  "05e9a617-0261-4cee-bb44-138d3ef5d965",
  "{05E9A617-0261-4CEE-BB44-138D3EF5D965}",
  "05E9A61702614CEEBB44138D3EF5D965",
  "spe_e3",
  " MICROSOFT 365 e3 ",
])("a SKU is found by its identifier or name as they compare everywhere: %s", (sku) => {
  const { rows } = explain("zoe.bruckner@contoso.example", "--sku", sku);
  expect(rows.map(({ output }) => output)).toEqual(["license_assignments"]);
  expect(rows[0]?.figures.find(({ figure }) => figure === "sku_part_number")?.value).toBe("SPE_E3");
});
