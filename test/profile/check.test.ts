import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { exitCodes } from "../../src/errors.ts";
import { readProfileFile } from "../../src/profile/read.ts";
import { refusalCodes } from "../../src/profile/refusals.ts";
import { Workdir } from "../workdir.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shipped = readdirSync(`${root}/schemas/profiles`)
  .map((name) => name.replace(".json", ""))
  .toSorted();
const dir = new Workdir();

const column = { to: "Id", from: "user_id" };
const file = { file: "users.csv", output: "user_roster", columns: [column] };
const good = { profile: "mine", version: "1", format: "csv", files: [file] };

/** A sound profile but for what is changed in it. */
const withFile = (change: object, more: object = {}): object => ({
  ...good,
  ...more,
  files: [{ ...file, ...change }],
});
const withColumn = (change: object, more: object = {}): object =>
  withFile({ columns: [{ ...column, ...change }] }, more);

function messageOf(profile: object | string): string {
  const path = dir.write("mine.json", typeof profile === "string" ? profile : JSON.stringify(profile));
  try {
    readProfileFile(path);
    return "sound";
  } catch (error) {
    expect((error as { exitCode?: number }).exitCode).toBe(exitCodes.usage);
    return (error as Error).message.replace(path, "mine.json");
  }
}

test("profiles lists those that ship, prints each to copy, and a copy is sound", () => {
  const { status, stdout } = dir.run("profiles");
  expect(status).toBe(0);
  expect(shipped.length).toBeGreaterThan(2);
  for (const name of shipped) {
    expect(stdout).toMatch(new RegExp(`^${name} .*experimental`, "m"));
    const printed = dir.run("profiles", name).stdout;
    expect(printed).toBe(readFileSync(`${root}/schemas/profiles/${name}.json`, "utf8"));
    dir.write("copy.json", printed);
    const checked = dir.run("profiles", "--check", "copy.json");
    expect([checked.status, checked.stdout]).toEqual([0, expect.stringContaining("The profile is sound.")]);
  }
  const listed = JSON.parse(dir.run("profiles", "--json").stdout) as { profile: string }[];
  expect(listed.map(({ profile }) => profile)).toEqual(shipped);
});

test("the schema of profiles is one that another validator would take, and every shipped profile is as it says", () => {
  const schema = JSON.parse(readFileSync(`${root}/schemas/meta/profile.schema.json`, "utf8")) as object;
  const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);
  for (const name of shipped) {
    const profile: unknown = JSON.parse(readFileSync(`${root}/schemas/profiles/${name}.json`, "utf8"));
    expect([name, validate(profile), validate.errors]).toEqual([name, true, null]);
  }
});

test("a sound profile is sound", () => {
  expect(messageOf(good)).toBe("sound");
});

test.each<[string, object | string, RegExp]>([
  [
    "an unknown word",
    { ...good, filez: [] },
    /: \/ has an unknown word "filez"; the nearest known one is "files"/,
  ],
  [
    "one in a column",
    withColumn({ requird: true }),
    /: \/files\/0\/columns\/0 has an unknown word "requird"; the nearest known one is "required"/,
  ],
  [
    "one in a condition",
    withFile({ keep: [{ column: "user_id", fild: true }] }),
    /\/files\/0\/keep\/0 has an unknown word "fild"; .*"filled"/,
  ],
  [
    "a word of JavaScript",
    `{"__proto__": {"files": []}, ${JSON.stringify(good).slice(1)}`,
    /unknown word "__proto__"/,
  ],
  [
    "an unknown output",
    withFile({ output: "user_rooster" }),
    /\/files\/0\/output names an unknown output "user_rooster"; .*"user_roster"/,
  ],
  [
    "an unknown column",
    withColumn({ from: "user_ids" }),
    /\/files\/0\/columns\/0 names an unknown column "user_ids"; .*"user_id"/,
  ],
  [
    "SQL for a column",
    withColumn({ from: "user_id) from users --" }),
    /\/files\/0\/columns\/0\/from must match pattern/,
  ],
  ["a path above", withFile({ file: "../users.csv" }), /\/files\/0\/file must match pattern/],
  ["a path from the top", withFile({ file: "/tmp/users.csv" }), /\/files\/0\/file must match pattern/],
  ["a path of Windows", withFile({ file: "c:\\users.csv" }), /\/files\/0\/file must match pattern/],
  ["a device of Windows", withFile({ file: "nul.csv" }), /keeps for itself: nul.csv/],
  [
    "a name of the bundle's",
    withFile({ file: "manifest.json" }, { format: "json" }),
    /keeps for itself: manifest.json/,
  ],
  ["the ending of another format", withFile({ file: "users.json" }), /must end with \.csv/],
  ["two files of one name", { ...good, files: [file, file] }, /\/files\/1\/file is the name of two files/],
  [
    "two columns of one name",
    withFile({ columns: [column, column] }),
    /\/files\/0\/columns\/1\/to is the name of two columns/,
  ],
  [
    "a column of nothing",
    withFile({ columns: [{ to: "Id" }] }),
    /must have one of from, constant and collect/,
  ],
  ["a list in CSV", withColumn({ list: "array" }), /makes a list, which CSV cannot hold/],
  ["a form of dates that is none", withColumn({ date: "YYYY-mm" }), /\/date is made of yyyy MM dd/],
  ["an order by nothing", withFile({ sort: ["Ix"] }), /\/sort\/0 names an unknown column "Ix"/],
  [
    "a key of nothing",
    withFile({ key: { columns: ["Ix"] } }),
    /\/key\/columns\/0 names an unknown column "Ix"/,
  ],
  [
    "a file that is nowhere",
    withFile({ relations: [{ columns: ["Id"], file: "x.csv", columns_there: ["Id"] }] }),
    /must name another file/,
  ],
  [
    "relations in a circle",
    {
      ...good,
      files: ["a.csv", "b.csv"].map((name, index) => ({
        ...file,
        file: name,
        relations: [{ columns: ["Id"], file: index === 0 ? "b.csv" : "a.csv", columns_there: ["Id"] }],
      })),
    },
    /lead in a circle/,
  ],
  [
    "a group in CSV",
    { ...good, files: [{ file: "a.csv", group: [{ name: "A", output: "users", columns: [column] }] }] },
    /needs the format json/,
  ],
  [
    "JSON in parts",
    withFile({ file: "users.json" }, { format: "json", split: { max_rows: 9 } }),
    /\/split cannot be had/,
  ],
  [
    "too many files",
    { ...good, files: Array.from({ length: 51 }, (_, index) => ({ ...file, file: `f${index}.csv` })) },
    /\/files must NOT have more than 50/,
  ],
  [
    "too many columns in all",
    {
      ...good,
      files: [0, 1].map((each) => ({
        ...file,
        file: `f${each}.csv`,
        columns: Array.from({ length: 151 }, (_, index) => ({ ...column, to: `c${index}` })),
      })),
    },
    /more than 300 columns/,
  ],
  [
    "a word twice",
    `{"version": "2", ${JSON.stringify(good).slice(1)}`,
    /is not JSON: Duplicate key 'version'/,
  ],
  [
    "a code that there is not",
    { ...good, accept: ["unmatchd"] },
    /\/accept\/0 cannot be: there is no code "unmatchd"; .*"unmatched"/,
  ],
  [
    "a code that cannot be accepted",
    { ...good, accept: ["not-supplied"] },
    /\/accept\/0 cannot be: not-supplied cannot be accepted/,
  ],
  ["no JSON", "profile: mine", /is not JSON/],
  ["a list", "[]", /: \/ must be object/],
  ["what is deep", `${'{"files":'.repeat(100_000)}1${"}".repeat(100_000)}`, /not sound|too deep/],
  ["what is huge", `{"profile": "${"x".repeat(1 << 20)}"}`, /is larger than 1048576 bytes/],
  ["a control character in a header", withColumn({ to: "Id\r\nx" }), /\/to must match pattern/],
])("%s is refused, with its place", (_, profile, message) => {
  expect(messageOf(profile)).toMatch(message);
});

test("what is no file, no UTF-8 or not there is no profile, and the program says so with exit 2", () => {
  mkdirSync(dir.file("folder.json"));
  dir.write("latin.json", Buffer.from([0x7b, 0xe9, 0x7d]));
  for (const [name, words] of [
    ["folder.json", "is not a file"],
    ["latin.json", "not written in UTF-8"],
    ["absent.json", "cannot read the profile absent.json: ENOENT"],
  ] as const) {
    const { status, stderr } = dir.run("profiles", "--check", name);
    expect([name, status, stderr]).toEqual([name, 2, expect.stringContaining(words)]);
  }
  expect(dir.run("profiles", "flexara").stderr).toContain("Did you mean flexera?");
});

test("the guide's example is sound, its table has every word of the schema, and the README every code", () => {
  const guide = readFileSync(`${root}/docs/hand-off.md`, "utf8");
  const examples = [...guide.matchAll(/^```json\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
  expect(examples).toHaveLength(1);
  expect(messageOf(examples[0] ?? "")).toBe("sound");
  const { properties, $defs } = JSON.parse(
    readFileSync(`${root}/schemas/meta/profile.schema.json`, "utf8"),
  ) as {
    properties: object;
    $defs: {
      file: { properties: object };
      column: { properties: object };
      condition: { properties: object };
    };
  };
  const words = [
    properties,
    ...[$defs.file, $defs.column, $defs.condition].map((each) => each.properties),
  ].flatMap((each) => Object.keys(each));
  const plain = new Set([
    "profile",
    "version",
    "experimental",
    "description",
    "files",
    "file",
    "output",
    "columns",
    "column",
    "to",
  ]);
  expect(words.length).toBeGreaterThan(40);
  expect(words.filter((word) => !plain.has(word) && !guide.includes(`\`${word}\``))).toEqual([]);
  const readme = readFileSync(`${root}/README.md`, "utf8");
  expect(refusalCodes.filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
});
