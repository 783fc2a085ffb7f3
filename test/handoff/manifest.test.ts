import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, expect, test } from "vitest";
import { readTable } from "../../src/outputs/tables.ts";
import { outputNames } from "../../src/transform/models.ts";
import { page, Workdir } from "../workdir.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schema = JSON.parse(readFileSync(`${root}/schemas/meta/manifest.schema.json`, "utf8")) as object;
const validate = new Ajv2020({ strict: false }).compile(schema);
let dir: Workdir;

interface Manifest {
  readonly status: string;
  readonly usable: boolean;
  readonly files: readonly {
    readonly output: string;
    readonly rows: number;
    readonly data_status: string;
    readonly reasons: readonly { readonly code: string; readonly text: string }[];
    readonly columns: readonly Record<string, unknown>[];
    readonly totals?: Record<string, string>;
    readonly relations: readonly {
      readonly columns: readonly string[];
      readonly columns_there: readonly string[];
      readonly file: string;
      readonly unmatched: number;
    }[];
  }[];
  readonly sources: readonly { readonly file_name: string; readonly sha256: string }[];
  readonly views: Record<string, string>;
}

const readManifest = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8")) as Manifest;

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.sample("contoso"));
  dir.run("export", "--out", "whole");
});

test.each(readdirSync(`${root}/test/golden`))(
  "the golden manifest of %s is as its schema says, but for views",
  (name) => {
    const manifest = readManifest(`${root}/test/golden/${name}/manifest.json`);
    expect([validate({ ...manifest, views: {} }), validate.errors]).toEqual([true, null]);
  },
);

test("the manifest of a bag, of NDJSON and of nearly nothing is as its schema says, and what lacks or has more is not", () => {
  dir.run("export", "users", "--out", "bag", "--layout", "bagit", "--format", "ndjson");
  const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };
  dir.run("import", dir.write("domains.json", page("domains", [domain])), "--db", "little.duckdb");
  const { stderr } = dir.run("export", "--out", "little", "--db", "little.duckdb");
  expect(stderr).toMatch(/^warning: outputs that are not Complete: \d+ Not supplied; see manifest\.json/m);
  for (const name of ["whole", "bag", "little"]) {
    const manifest = readManifest(dir.file(`${name}/manifest.json`));
    expect([name, validate(manifest), validate.errors]).toEqual([name, true, null]);
    expect(validate({ ...manifest, more: 1 })).toBe(false);
    for (const key of Object.keys(manifest))
      expect([key, validate({ ...manifest, [key]: undefined })]).toEqual([key, false]);
    const [{ columns: _, ...file } = {}] = manifest.files as readonly Record<string, unknown>[];
    expect(validate({ ...manifest, files: [file] })).toBe(false);
  }
  const { status, usable, files } = readManifest(dir.file("little/manifest.json"));
  expect([status, usable]).toEqual(["Not supplied", false]);
  const codes = new Set(files.flatMap(({ reasons }) => reasons.map(({ code }) => code)));
  expect([...codes]).toEqual(["not_supplied"]);
});

test("counts, sums and relations of a manifest are those that a query finds", () => {
  const { files } = readManifest(dir.file("whole/manifest.json"));
  for (const { output, columns, totals = {}, relations } of files) {
    const asked = [
      ...columns.map(({ name, nulls }) => [`count(*) filter ("${String(name)}" is null)`, nulls] as const),
      ...Object.entries(totals).map(([name, sum]) => [`sum("${name}")`, sum] as const),
      ...relations.map(({ columns: [name = ""], columns_there: [there = ""], file, unmatched }) => {
        const other = `select "${there}" from ${file.replace(".csv", "")} where "${there}" is not null`;
        return [
          `count(distinct case when "${name}" not in (${other}) then "${name}" end)`,
          unmatched,
        ] as const;
      }),
    ];
    const sql = asked.map(([expression], index) => `(${expression})::varchar as c${index}`).join(", ");
    const [found = {}] = dir.query(`select ${sql} from ${output}`);
    expect([output, ...Object.values(found)]).toEqual([output, ...asked.map(([, value]) => String(value))]);
  }
  expect(files.flatMap(({ relations }) => relations).some(({ unmatched }) => unmatched > 0)).toBe(true);
});

test("a column of which nobody knows a value has no total, not 0", () => {
  dir.run("import", dir.file("contoso/users"), "--db", "alone.duckdb");
  dir.run("export", "license_summary", "activity_history", "--out", "alone", "--db", "alone.duckdb");
  const totals = readManifest(dir.file("alone/manifest.json")).files.map((file) => [
    file.output,
    file.rows > 0,
    Object.keys(file.totals ?? {}),
  ]);
  // Units are bought units: without the list of SKUs only who holds one is known.
  expect(totals).toEqual([
    ["activity_history", false, []],
    ["license_summary", true, ["assigned_users"]],
  ]);
  expect(dir.run("verify", "alone").status).toBe(0);
});

test("every source is named with the SHA-256 of its file", () => {
  const { sources } = readManifest(dir.file("whole/manifest.json"));
  const files = readdirSync(dir.file("contoso"), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const hashes = files.map(
    (entry) =>
      `${entry.name} ${createHash("sha256")
        .update(readFileSync(`${entry.parentPath}/${entry.name}`))
        .digest("hex")}`,
  );
  expect(new Set(sources.map(({ file_name: name, sha256 }) => `${name} ${sha256}`))).toEqual(new Set(hashes));
});

test("every output has a hash of its SQL, each its own", () => {
  const { views } = readManifest(dir.file("whole/manifest.json"));
  expect(Object.keys(views)).toEqual(outputNames().toSorted());
  expect(new Set(Object.values(views)).size).toBe(outputNames().length);
});

test("what tables say of outputs is what the README says: columns there are, and those that are never null", () => {
  const readme = readFileSync(`${root}/README.md`, "utf8");
  for (const output of outputNames()) {
    const text = readme.split(`\n### ${output}\n`)[1]?.split(/^#/m)[0] ?? "";
    const rows = [...text.matchAll(/^\| `([a-z0-9_]+)` \|.*\| ([^|]*) \|$/gm)];
    const table = readTable(output);
    expect([output, table.required]).toEqual([
      output,
      rows.flatMap(([, name = "", when]) => (when === "never" ? [name] : [])),
    ]);
    const named = [
      ...table.key,
      ...(table.totals ?? []),
      ...Object.keys({ ...table.enums, ...table.personal }),
    ];
    expect([output, named.filter((name) => !rows.some(([, column]) => column === name))]).toEqual([
      output,
      [],
    ]);
    const { columns } = readManifest(dir.file("whole/manifest.json")).files.find(
      (file) => file.output === output,
    ) ?? { columns: [] };
    expect([
      output,
      columns.filter(({ name, nullable }) => nullable === true && table.required.includes(String(name))),
    ]).toEqual([output, []]);
  }
});

test("keys hold, and values are those that are possible, in the sample", () => {
  const wrong = outputNames().flatMap((output) => {
    const { key, enums = {} } = readTable(output);
    const known = key.map((name) => `"${name}" is not null`).join(" and ");
    const names = key.map((name) => `"${name}"`).join(", ");
    const others = Object.entries(enums).map(([name, values]) => {
      const possible = values.map((value) => `'${value}'`).join(", ");
      return `select '${output}.${name}' as what from ${output} where "${name}" not in (${possible})`;
    });
    const repeated = `select '${output}' as what from ${output} where ${known} group by ${names} having count(*) > 1`;
    return dir.query([repeated, ...others].join(" union all "));
  });
  expect(wrong).toEqual([]);
});

test("every time in a file has the same form, and every decimal in JSON is a text", () => {
  dir.run("export", "user_activity", "license_costs", "mfa_summary", "--out", "json", "--format", "json");
  const times =
    readFileSync(dir.file("whole/user_activity.csv"), "utf8").match(/\d{4}-\d\d-\d\dT[^,\n]*/g) ?? [];
  expect(times.length).toBeGreaterThan(50);
  expect(times.filter((time) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time))).toEqual([]);
  const costs = JSON.parse(dir.read("json/license_costs.json")) as Record<string, unknown>[];
  const prices = costs.map((row) => row["unit_price"]).filter((price) => price !== null);
  expect(prices.length).toBeGreaterThan(3);
  expect(
    prices.filter((price) => !/^\d+\.\d{2,4}$/.test(String(price)) || typeof price !== "string"),
  ).toEqual([]);
});

test("--require-complete writes nothing where an output is not Complete, and names it", () => {
  const refused = dir.run("export", "--out", "none", "--db", "little.duckdb", "--require-complete");
  expect([refused.status, refused.stdout, dir.has("none")]).toEqual([1, "", false]);
  expect(refused.stderr).toMatch(/^ {2}users: Not supplied, .*users was not supplied/m);
  expect(dir.run("export", "users", "--out", "fine", "--require-complete").stderr).not.toContain("Complete");
});
