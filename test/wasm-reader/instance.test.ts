import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createBench } from "../proving.ts";
import { copyProgram } from "../program.ts";
import { Workdir } from "../workdir.ts";

const dir = new Workdir();

const schema = (properties: object): object => ({
  $schema: "./meta/dataset.schema.json",
  $id: "badges",
  title: "Badges",
  description: "Badges that doors know.",
  "x-kind": "state",
  "x-key": ["id"],
  "x-recognise": [["id", "badge1"]],
  "x-context": ["doors/badges"],
  "x-export": { graph: "none", portal: "the doors" },
  type: "object",
  properties: { id: { description: "Identifier.", type: "string" }, ...properties },
  required: ["id"],
});

const badges = (count: number): object =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `badge${index}`,
      { description: `Badge ${index}.`, type: ["string", "null"] },
    ]),
  );

/** What both paths make of a file of badges with this property. */
async function compareBy(property: object, content: string): Promise<object[]> {
  const name = `one${(made += 1)}`;
  dir.write(
    `${name}/badges.schema.json`,
    schema({ ...badges(2), one: { description: "One.", ...property } }),
  );
  const bench = createBench([dir.file(name)]);
  const judged = [];
  for (const isFast of [true, false]) {
    const [proven] = await bench.prove("badges.json", content, { as: bench.datasets.get("badges"), isFast });
    const { read, rejected, properties } = proven?.tally ?? {};
    const concealed = properties?.map((each) => each.concealed);
    judged.push({ read, rejected, concealed, good: proven?.texts.length });
  }
  expect(judged[0]).toEqual(judged[1]);
  return judged;
}

let made = 0;

const many = (value: string, count = 30): string =>
  `[${Array.from({ length: count }, (_, index) => `{"id":"b${index}","badge1":"x","one":${value}}`).join(",")}]`;

test("bytes of zeros are no day, also before there was one", async () => {
  const zeros = "\0".repeat(10);
  const time = { type: ["string", "null"], format: "date-time" };
  expect(await compareBy(time, many(`"${zeros}T05:00:00Z"`))).toMatchObject([{ read: 30, good: 0 }, {}]);
  const day = { type: ["string", "null"], format: "date" };
  expect(await compareBy(day, many(`"${zeros}"`))).toMatchObject([{ read: 30, good: 0 }, {}]);
});

test("a null that the type allows and an enumeration refuses is refused, in a report too", async () => {
  const colour = { type: ["string", "null"], enum: ["red", "blue"] };
  expect(await compareBy(colour, many("null"))).toMatchObject([{ rejected: 30, good: 0 }, {}]);
  expect(await compareBy(colour, many('"red"'))).toMatchObject([{ rejected: 0, good: 30 }, {}]);
  const numbers = { type: ["array", "null"], items: { type: ["integer", "null"], enum: [1, 2] } };
  expect(await compareBy(numbers, many("[1,null]"))).toMatchObject([{ rejected: 30, good: 0 }, {}]);
  const rows = Array.from({ length: 30 }, (_, index) => `b${index},x,y,${index % 2 ? "red" : ""}\n`);
  const report = `id,badge0,badge1,one\n${rows.join("")}`;
  expect(await compareBy(colour, report)).toMatchObject([{ read: 30, good: 15 }, {}]);
});

test("a concealed name that is a UUID is counted", async () => {
  const who = { type: ["string", "null"], format: "uuid", "x-concealable": true };
  const [judged] = await compareBy(who, many('"00000000-0000-0000-0000-000000000000"'));
  expect(judged).toMatchObject({ good: 30, concealed: [0, 0, 0, 30] });
});

test("names concealed in any of the known forms are counted, and what only looks like them is not", async () => {
  const who = { type: ["string", "null"], "x-concealable": true };
  const concealed = [
    "(Unknown)",
    "(UNKNOWN)",
    "<PII:H105(x)>@a.example",
    "<pii:",
    "0A0B".repeat(8),
    "0a0b".repeat(8),
  ];
  const open = [
    "(Unknown",
    "(Unknown) ",
    "(unknowm)",
    "<PII",
    "<PIX:a>",
    "0A0B".repeat(7),
    "0A0G".repeat(8),
    "(",
  ];
  for (const [forms, count] of [
    [concealed, 30],
    [open, 0],
  ] as const)
    for (const form of forms) {
      const rows = Array.from({ length: 30 }, (_, index) => `b${index},x,y,"${form}"\n`);
      const report = `id,badge0,badge1,one\n${rows.join("")}`;
      for (const content of [many(JSON.stringify(form)), report])
        expect((await compareBy(who, content))[0]).toMatchObject({ good: 30, concealed: [0, 0, 0, count] });
    }
});

test("lists of hundreds of thousands of elements that take little are read by the fast path", async () => {
  const truths = { type: ["array", "null"], items: { type: "boolean" } };
  const content = many(`[${Array.from({ length: 3000 }, (_, index) => index % 3 === 0).join(",")}]`, 100);
  expect(await compareBy(truths, content)).toMatchObject([{ read: 100, good: 100 }, {}]);
  expect(
    await readWith("truths", schema({ ...badges(2), one: { description: "One.", ...truths } }), content),
  ).toEqual([100, 100, 100]);
});

/** How many records were read, were good, and took the fast path. */
async function readWith(name: string, content: object, file: string): Promise<number[]> {
  dir.write(`${name}/badges.schema.json`, content);
  const bench = createBench([dir.file(name)]);
  const [proven] = await bench.prove("badges.json", file, {
    as: bench.datasets.get("badges"),
    isFast: true,
  });
  if (proven === undefined) throw new Error("nothing was read");
  return [proven.tally.read, proven.texts.length, proven.tally.fast];
}

const records = JSON.stringify(Array.from({ length: 5 }, (_, index) => ({ id: `b${index}`, badge1: "x" })));

test("a schema that is too large for the machine is for the slow path", async () => {
  expect(await readWith("small", schema(badges(20)), records)).toEqual([5, 5, 5]);
  expect(await readWith("large", schema(badges(1500)), records)).toEqual([5, 5, 0]);
});

test("where the machine cannot be had every record is parsed, with the same results, and the import says so", () => {
  const home = copyProgram(dir);
  const machine = join(home, "bundle/records.wasm");
  const whole = readFileSync(machine);
  const importSample = (name: string): string => {
    const args = [
      "import",
      `${dir.sample("contoso")}/users`,
      "--db",
      `${name}.duckdb`,
      "--json",
      "--as-of",
      "2026-11-01",
    ];
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(home, "bin/m365-offline.js"), ...args],
      {
        cwd: dir.path,
        encoding: "utf8",
      },
    );
    const notice = name === "whole" ? "" : (expect.stringContaining("fast reader cannot be used") as string);
    expect([name, status, stderr]).toEqual([name, 0, notice]);
    return stdout.replaceAll(`${name}.duckdb`, "");
  };
  const answer = importSample("whole");
  for (const [name, bytes] of Object.entries({
    cut: whole.subarray(0, whole.length >> 1),
    none: undefined,
  })) {
    if (bytes) writeFileSync(machine, bytes);
    else rmSync(machine);
    expect(importSample(name)).toBe(answer);
  }
});

test("where a database cannot be checked nothing is imported into it, and the installation is named as the cause", () => {
  const own = new Workdir();
  const home = copyProgram(own);
  const checker = join(home, "bundle/blocks.wasm");
  const whole = readFileSync(checker);
  const importInto = (file: string): SpawnSyncReturns<string> =>
    spawnSync(
      process.execPath,
      [join(home, "bin/m365-offline.js"), "import", file, "--db", "checked.duckdb", "--json"],
      { cwd: own.path, encoding: "utf8" },
    );
  const users = (id: string): string =>
    own.write(`${id}.json`, {
      "@odata.context": "$metadata#users",
      value: [{ id, userPrincipalName: `${id}@contoso.example` }],
    });
  expect(importInto(users("first")).status).toBe(0);
  const before = readFileSync(own.file("checked.duckdb"));
  const another = readFileSync(join(home, "bundle/records.wasm"));
  const child = join(home, "bundle/copy-child.js");
  for (const bytes of [whole.subarray(0, whole.length >> 1), another, undefined, "no child"] as const) {
    if (bytes === undefined) rmSync(checker);
    else writeFileSync(checker, bytes === "no child" ? whole : bytes);
    if (bytes === "no child") renameSync(child, `${child}.gone`);
    const { status, stderr } = importInto(users("second"));
    expect([status, stderr]).toEqual([
      4,
      expect.stringMatching(/missing or damaged.*install m365-offline anew/),
    ]);
    expect(readFileSync(own.file("checked.duckdb")).equals(before)).toBe(true);
  }
  renameSync(`${child}.gone`, child);
  expect(importInto(users("second")).status).toBe(0);
});

test("where every row has a name an empty or blank one is counted as concealed; elsewhere it keeps to the fast path", async () => {
  const names = ["", " ", "   ", "\u00a0", " \u3000", "(Unknown)", "ann@x", " ann@x", "élan@x", "\t", null];
  const own = createBench();
  const dataset = own.datasets.get("email_activity_user_detail");
  const json = names.map((name) => ({
    reportRefreshDate: "2026-10-30",
    userPrincipalName: name,
    displayName: "",
    sendCount: 1,
  }));
  const rows = names.map((name) => `2026-10-30,${name ?? ""},,1`);
  const csv = ["Report Refresh Date,User Principal Name,Display Name,Send Count", ...rows, ""].join("\n");
  for (const [file, content, nobodies, nulls] of [
    ["names.json", JSON.stringify({ value: json }), 6, 1],
    ["names.csv", csv, 5, 2],
  ] as const)
    for (const isFast of [true, false]) {
      const [proven] = await own.prove(file, content, { as: dataset, isFast });
      const counts = proven?.tally.properties.filter(({ property }) => property.endsWith("Name"));
      expect([file, isFast, proven?.tally.rejected, counts]).toMatchObject([
        file,
        isFast,
        0,
        [
          { property: "userPrincipalName", present: 11, concealed: nobodies, nulls },
          { property: "displayName", present: 11, concealed: 0 },
        ],
      ]);
      // "(Unknown)", "ann@x" and null; of rows a doubt takes the next ones with it.
      if (isFast && content !== csv) expect(proven?.tally.fast).toBe(3);
    }
  const optional = Array.from({ length: 30 }, (_, at) => `2026-10-30,u${at}@x,${at % 2 ? " " : "é"},1`);
  const [proven] = await own.prove("optional.csv", [csv.split("\n")[0], ...optional, ""].join("\n"), {
    as: dataset,
    isFast: true,
  });
  expect([proven?.tally.read, proven?.tally.fast]).toEqual([30, 30]);
});
