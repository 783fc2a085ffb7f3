import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ledgerOf, page, Workdir, type ImportedFile } from "./workdir.ts";

const root = fileURLToPath(new URL("fixtures", import.meta.url));

/** What `import --json` must say of a file; what is null or empty there is left out here. */
interface Verdict {
  readonly status: string;
  readonly dataset?: string;
  readonly wrapper: string;
  readonly encoding: string;
  readonly completeness: string;
  /** read, loaded, rejected, duplicate */
  readonly records: readonly number[];
  readonly issues?: Readonly<Record<string, number>>;
  readonly date_order?: string;
  readonly time_zone?: string;
}

/** Beside each fixture, as expect.json. */
interface Expectation {
  /** Options of `import`; FIXTURES stands for the folder of all fixtures. */
  readonly options: readonly string[];
  readonly files: Readonly<Record<string, Verdict>>;
}

interface Told extends ImportedFile {
  readonly wrapper: string;
  readonly encoding: string;
  readonly date_order: string | null;
  readonly time_zone: string | null;
}

function verdictOf(file: Told): Verdict {
  const issues: Record<string, number> = {};
  // What a file is beside the other fixtures of its dataset, with which it is imported, is no matter of this test.
  for (const { code, count } of file.issues)
    if (code !== "part_of_list") issues[code] = (issues[code] ?? 0) + count;
  return {
    status: file.status,
    ...(file.dataset === null ? {} : { dataset: file.dataset }),
    wrapper: file.wrapper,
    encoding: file.encoding,
    completeness: file.completeness,
    records: ledgerOf(file),
    ...(Object.keys(issues).length === 0 ? {} : { issues }),
    ...(file.date_order === null ? {} : { date_order: file.date_order }),
    ...(file.time_zone === null ? {} : { time_zone: file.time_zone }),
  };
}

const fixtures = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "expect.json")))
  .map(({ name }) => ({
    name,
    expected: JSON.parse(readFileSync(join(root, name, "expect.json"), "utf8")) as Expectation,
  }));

interface Together {
  readonly dir: Workdir;
  readonly status: number | null;
  /** What was said, by fixture and file. */
  readonly told: ReadonlyMap<string, Readonly<Record<string, Verdict>>>;
}

/** Imports fixtures that take the same options together, without their expectations. */
function importTogether(key: string): Together {
  const dir = new Workdir();
  for (const { name, expected } of fixtures)
    if (JSON.stringify(expected.options) === key)
      cpSync(join(root, name), dir.file(join("in", name)), {
        recursive: true,
        filter: (path) => !path.endsWith("expect.json"),
      });
  const options = (JSON.parse(key) as string[]).map((option) => option.replace("FIXTURES", root));
  const { status, files } = dir.import("in", "--as-of", "2026-11-01", ...options);
  const told = new Map<string, Record<string, Verdict>>();
  for (const file of files as readonly Told[]) {
    const [, name = "", ...path] = file.file.split(/[\\/]/);
    told.set(name, { ...told.get(name), [path.join("/")]: verdictOf(file) });
  }
  return { dir, status, told };
}

const runs = new Map<string, Together>();
function runOf(options: readonly string[]): Together {
  const key = JSON.stringify(options);
  const run = runs.get(key) ?? importTogether(key);
  runs.set(key, run);
  return run;
}

test.each(fixtures)("the files of $name are judged as expected", ({ name, expected }) => {
  expect(runOf(expected.options).told.get(name)).toEqual(expected.files);
});

test("every fixture folder has its expectation", () => {
  const named = new Set(["schemas", ...fixtures.map(({ name }) => name)]);
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

const sku = "skuId";

/** What the users of a fixture have in the database: licenses and the time of creation. */
const values: readonly (readonly [string, string, string | null, string | null])[] = [
  ["page", "known", `1 ${sku} 0 plans`, null],
  ["pascal", "known", `1 ${sku} 0 plans`, null],
  ["additional", "known", `1 ${sku} 0 plans`, null],
  ["list-of-one", "known", `1 ${sku} 0 plans`, null],
  ["empty-text", "none", "0", null],
  ["slash-date", "known", `1 ${sku} 0 plans`, "2021-03-18 16:28:00"],
  ["slash-date-escaped", "known", `1 ${sku} 0 plans`, "2021-03-18 16:28:00"],
  ["datetime-object", "known", `1 ${sku} 0 plans`, "2018-03-18 16:28:00"],
  ["lost-1", "unknown", null, null],
  ["lost-2", "unknown", null, null],
  ["lost-3", "unknown", null, null],
  ["lost-4", "known, plans unknown", `1 ${sku} unknown plans`, null],
  ["export-csv", "unknown", null, null],
  ["never-selected", "unknown", null, null],
];

test("licenses that were lost, not selected or none stay apart in the database", () => {
  const rows = runOf([]).dir.query(
    `select distinct regexp_extract(userPrincipalName, '^(.*)-\\d+@', 1) as fixture,
       case when assignedLicenses is null then null when len(assignedLicenses) = 0 then '0'
         else len(assignedLicenses) || if(assignedLicenses[1].skuId is null, ' nothing ', ' skuId ')
           || coalesce(len(assignedLicenses[1].disabledPlans)::text, 'unknown') || ' plans' end as licenses,
       strftime(createdDateTime, '%Y-%m-%d %H:%M:%S') as created
     from raw.users order by all`,
  );
  for (const [fixture, , licenses, created] of values)
    expect(rows.filter((row) => row["fixture"] === fixture)).toEqual([{ fixture, licenses, created }]);
});

test("a null list of an object of a PowerShell module is empty where another object has it", () => {
  const rows = runOf([]).dir.query(
    "select len(assignedLicenses) as licenses from raw.users where userPrincipalName like 'empty-null-%' order by all",
  );
  expect(rows).toEqual([{ licenses: 0 }, { licenses: 1 }]);
});

const times: readonly (readonly [string, readonly (string | null)[]])[] = [
  ["dates-iso", ["2021-08-19 13:25:31", "2021-08-19 13:25:31", "2021-08-19 11:25:31.123456"]],
  ["dates-us", ["2021-08-19 13:25:31", "2021-03-04 00:00:00"]],
  ["dates-day-first", ["2021-08-19 13:25:31", "2021-04-03 00:00:00"]],
  ["dates-dots", ["2021-08-19 13:25:31", "2021-04-03 00:00:00"]],
  ["dates-ambiguous", [null, "2021-08-19 13:25:31"]],
  ["dates-contradictory", [null, null]],
  [
    "zone-unsaid",
    ["2026-03-29 02:30:00", "2026-10-25 02:30:00", "2026-07-01 12:00:00", "0001-01-01 00:00:00"],
  ],
];

/** Of the hour that the clocks skip the offset before holds, of the one that comes twice the first; never is never. */
const berlin: typeof times = [
  ["zone-said", ["2026-03-29 01:30:00", "2026-10-25 00:30:00", "2026-07-01 10:00:00", "0001-01-01 00:00:00"]],
  ["dates-said", ["2021-04-03 11:25:31"]],
];

const said = fixtures.find(({ name }) => name === "time-zone")?.expected.options ?? [];

test.each([
  ["without options", [], times],
  ["with --time-zone and --date-order", said, berlin],
])("dates and times are read as they were meant, %s", (_, options, expected) => {
  const rows = runOf(options).dir.query(
    `select regexp_extract(userPrincipalName, '^(.*)-\\d+@', 1) as fixture, createdDateTime::text as created
     from raw.users order by userPrincipalName`,
  );
  for (const [fixture, created] of expected) {
    const found = rows.filter((row) => row["fixture"] === fixture);
    expect([fixture, found.map((row) => row["created"])]).toEqual([fixture, created]);
  }
});

test("durations, sizes, words and inverted columns are read as the schema says", () => {
  expect(
    runOf(said).dir.query("select * exclude (source_file_id, record_number) from raw.fixture_calls"),
  ).toEqual([
    { callNumber: "1", talked: 3723, recording: 1_073_741_824, isAnswered: false, tags: ["A", "B + C"] },
    { callNumber: "2", talked: 93_784, recording: 12, isAnswered: true, tags: [] },
    { callNumber: "3", talked: 0, recording: null, isAnswered: true, tags: null },
    { callNumber: "4", talked: 86_400, recording: 5, isAnswered: false, tags: ["X"] },
    { callNumber: "5", talked: null, recording: 0, isAnswered: null, tags: ["X"] },
  ]);
});

test("integers are exact however JSON writes them", () => {
  expect(
    runOf([]).dir.query("select id, consumedUnits::text as units from raw.subscribed_skus order by id"),
  ).toEqual([
    { id: "sku-0", units: "9223372036854775807" },
    { id: "sku-1", units: "-9223372036854775808" },
    { id: "sku-4", units: "1500000000000000000" },
    { id: "sku-5", units: "9007199254740993" },
    { id: "sku-7", units: "12" },
  ]);
});

test("names in an archive never become paths", () => {
  const { dir } = runOf([]);
  expect(dir.list()).toEqual(["in", "tenant.duckdb"]);
  const folders = [
    dir.path,
    dir.file("in"),
    dirname(dir.path),
    dirname(dirname(dir.path)),
    root,
    tmpdir(),
    "/",
  ];
  const evil = folders.flatMap((folder) =>
    ["evil.json", "m365-offline-evil.json", String.raw`C:\evil.json`, "C:"].map((name) => join(folder, name)),
  );
  expect([...evil, "/tmp/m365-offline-evil.json"].filter((path) => existsSync(path))).toEqual([]);
});

const person = (number: number): object => ({
  id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  userPrincipalName: `u${number}@contoso.example`,
});
const people = (count: number, from = 0): object[] =>
  Array.from({ length: count }, (_, index) => person(from + index));

test("a bare list as long as a page of Graph may be one page, any other length is a whole list; names of files do not matter", () => {
  const dir = new Workdir();
  const sizes = [99, 100, 101, 998, 999, 1000, 1001];
  sizes.forEach((size, index) => dir.write(`in/sizes/${size}/users.json`, people(size, index * 10_000)));
  dir.write("in/split/1.json", people(100, 80_000));
  dir.write("in/split/2.json", people(7, 90_000));
  const names = [
    "-rf.json",
    "a'b\"c.json",
    "line\nend.json",
    "__proto__.json",
    "constructor.json",
    "%2e%2e.json",
    "*.json",
    "é.JSON",
  ];
  names.forEach((name, index) => dir.write(`in/names/${name}`, people(1, 100_000 + index)));
  dir.write("in/names/__proto__/__proto__.json", people(1, 100_100));
  const { files } = dir.import("in", "--as-of", "2026-11-01");
  const judged = Object.fromEntries(
    (files as readonly Told[]).map((file) => [
      file.file.replace(/^in.(sizes.)?/, "").replace(/.users\.json$/, ""),
      `${file.completeness} ${file.records_loaded} ${Object.keys(verdictOf(file).issues ?? {}).join()}`,
    ]),
  );
  expect(judged).toEqual({
    ...Object.fromEntries(
      sizes.map((size) => [
        size,
        [100, 999, 1000].includes(size) ? `Unknown ${size} maybe_one_page` : `Complete ${size} `,
      ]),
    ),
    [join("split", "1.json")]: "Complete 100 ",
    [join("split", "2.json")]: "Complete 7 ",
    ...Object.fromEntries(
      [...names, join("__proto__", "__proto__.json")].map((name) => [join("names", name), "Complete 1 "]),
    ),
  });
});

const hook =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";

test("bombs end in seconds and in little memory, and cost nothing but themselves", () => {
  const dir = new Workdir();
  const block = (byte: string): Buffer => gzipSync(Buffer.alloc(1 << 22, byte), { level: 9 });
  const bomb = (head: string, byte: string): Buffer =>
    Buffer.concat([gzipSync(head), ...Array.from({ length: 100 }, () => block(byte))]);
  const zeros = block("\0");
  dir.write("in/zeros.json.gz", Buffer.concat(Array.from({ length: 100 }, () => zeros)));
  dir.write("in/spaces.json.gz", bomb('{"@odata.context":"x$metadata#users","value":[', " "));
  dir.write("in/text.csv.gz", bomb("id,userPrincipalName\n", "x"));
  dir.write("in/users.json", page("users", people(2)));
  const started = Date.now();
  const { stdout, stderr } = dir.runWith(
    { node: ["--import", hook] },
    "import",
    "in",
    "--as-of",
    "2026-11-01",
    "--json",
  );
  const { files } = JSON.parse(stdout) as { files: Told[] };
  const judged = files.map((file) => [
    file.file.slice(3),
    file.completeness,
    file.records_loaded,
    ...file.issues.map(({ code }) => code),
  ]);
  expect(judged).toEqual([
    ["spaces.json.gz", "Unknown", 0, "archive_limit"],
    ["text.csv.gz", "Incomplete", 0, "columns_differ", "too_large", "archive_limit"],
    ["users.json", "Complete", 2],
    ["zeros.json.gz", "Unknown", 0, "unrecognised"],
  ]);
  expect(Date.now() - started).toBeLessThan(40_000);
  expect(Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024).toBeLessThan(500);
});
