import { copyFileSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { importFiles } from "../../src/pipeline/import.ts";
import { page, Workdir } from "../workdir.ts";

const user = { id: "00000000-0000-4000-8000-000000000001", userPrincipalName: "a@contoso.com" };
const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };

/** All that open a database; each is a table of what it may end with in one that another program changed. */
const reading = [
  ["query", "from license_summary"],
  ["status"],
  ["export", "license_summary", "--out", "out", "--replace"],
  ["explain", "a@contoso.com"],
  ["diff", "--from", "2026-11-02"],
  ["rejects", "list"],
  ["answer"],
];
const writing = [
  ["rejects", "retry", "domains.json"],
  ["forget", "--import", "1", "--dry-run"],
  ["import", "domains.json", "--as-of", "2026-12-01", "--dry-run"],
];

const base = new Workdir();
beforeAll(async () => {
  const paths = [
    base.write("domains.json", page("domains", [domain])),
    base.write("users.json", page("users", [user])),
  ];
  await importFiles({ paths, db: base.file("tenant.duckdb") });
});

async function changed(sql: string): Promise<Workdir> {
  const dir = new Workdir();
  for (const name of ["tenant.duckdb", "domains.json", "users.json"])
    copyFileSync(base.file(name), dir.file(name));
  await dir.change(sql);
  return dir;
}

/** Every command ends well or with exit 4; those that end so. */
function runAll(dir: Workdir, commands: readonly string[][], words: RegExp): string[] {
  return commands.flatMap((command) => {
    const { status, stdout, stderr } = dir.run(...command);
    const isRefused = status === 4;
    expect([...command, status, stderr]).toEqual([
      ...command,
      isRefused ? 4 : 0,
      isRefused ? expect.stringMatching(words) : expect.anything(),
    ]);
    // The rows of a query are whole before what is said of them may fail.
    if (isRefused && command[0] !== "query") expect(stdout).toBe("");
    return isRefused ? [command[0] ?? ""] : [];
  });
}

const mended = /Any import makes that anew/;

test.each([
  ["drop view main.license_summary", "main.license_summary", ["query", "export", "answer"]],
  ["create or replace view main.license_summary as select 1 as x", "main.license_summary", ["answer"]],
  ["drop view intermediate.parameters", "intermediate.parameters", undefined],
  ["drop macro macros.name_key", "macros.name_key", undefined],
  ["drop table meta.outputs; drop table meta.settled_tables; drop table meta.datasets", "meta.", undefined],
])(
  "after another program's %s every command says so, and an import makes it anew",
  async (sql, name, ended) => {
    const dir = await changed(sql);
    const refused = runAll(dir, reading, mended);
    expect(refused.length).toBeGreaterThan(0);
    if (ended !== undefined) expect(refused).toEqual(ended);
    // Who still gets an answer is told, but for functions, which only an error has looked for.
    const { stderr } = dir.run("query", "select 1");
    if (!name.startsWith("macros.")) expect(stderr).toContain(`another program dropped or replaced ${name}`);
    expect(runAll(dir, writing, mended)).toEqual([]);
    // Of the same bytes, in which nothing is new.
    expect(dir.run("import", "domains.json").status).toBe(0);
    expect(runAll(dir, reading, /none/)).toEqual([]);
    expect(dir.run("query", "from license_summary").stderr).not.toContain("another program");
  },
);

test.each([
  ["drop table raw.users", "raw.users"],
  ["drop table meta.source_files", "meta.source_files"],
  ["drop schema raw cascade", "raw."],
])(
  "after another program's %s every command refuses the database, as nothing brings that back",
  async (sql, name) => {
    const dir = await changed(sql);
    const all = [...reading, ...writing, ["import", "users.json"]];
    const words = /lacks .*Restore it from a copy, or import your files into a new database/;
    expect(runAll(dir, all, words)).toEqual(all.map(([command]) => command));
    expect(dir.run("status").stderr).toContain(`lacks ${name}`);
    expect(dir.run("import", "users.json", "domains.json", "--db", "new.duckdb").status).toBe(0);
  },
);

test.each([
  ['alter table raw.users drop column "id"', "raw.users"],
  ["drop table meta.snapshots; create table meta.snapshots (dataset varchar)", "meta.snapshots"],
])("after another program's %s what needs that is refused, and names it", async (sql, name) => {
  const dir = await changed(sql);
  const words = new RegExp(`lacks ${name}, or columns of that, .*Restore it from a copy`);
  const refused = runAll(dir, [...reading, ...writing], words);
  expect(refused).toEqual(expect.arrayContaining(["explain", "forget"]));
});

test("what another program put in the place of a view of ours stays, and the refused import says what to do", async () => {
  const dir = await changed(
    "drop view main.license_summary; create table main.license_summary (mine integer)",
  );
  const { status, stderr } = dir.run("import", "domains.json");
  expect([status, stderr]).toEqual([4, expect.stringContaining("lacks main.license_summary, which another")]);
  await dir.change("alter table main.license_summary rename to mine");
  expect(dir.run("import", "domains.json").status).toBe(0);
  expect(dir.query("select count(*) as n from main.mine")).toEqual([{ n: 0 }]);
  expect(dir.run("query", "from license_summary").status).toBe(0);
});

test("a user's own mistake in SQL is theirs, also in a database that another program changed", async () => {
  const dir = await changed("drop view main.license_summary; create table main.mine (x integer)");
  expect(dir.run("query", "from nothing").status).toBe(2);
  expect(dir.run("query", "select y from mine").status).toBe(2);
  expect(dir.run("query", "begin; from license_summary").status).toBe(4);
});

test.each([
  ["a primary key", "alter table raw.domains add primary key (id)", "raw.domains: PRIMARY KEY(id)"],
  [
    "a unique index",
    "create unique index mine on meta.imports (tool_version)",
    "meta.imports: unique index mine",
  ],
  [
    "a column that may not be null",
    "alter table raw.domains alter column isDefault set not null",
    "raw.domains: NOT NULL",
  ],
])("%s of others that an import would break is named, and nothing is changed", async (_, sql, named) => {
  const dir = await changed(sql);
  const before = readFileSync(dir.file("tenant.duckdb"));
  dir.write("later.json", page("domains", [domain, { ...domain, id: "a.example", isDefault: null }]));
  const { status, stderr } = dir.run("import", "domains.json", "later.json", "--as-of", "2026-12-01");
  expect([status, stderr]).toEqual([4, expect.stringContaining(`none of ours`)]);
  expect(stderr).toContain(named);
  expect(readFileSync(dir.file("tenant.duckdb")).equals(before)).toBe(true);
});

test("a foreign key of others keeps what it refers to from being forgotten, with a word", async () => {
  const dir = await changed(
    "alter table raw.domains add primary key (id); create table raw.mine (id varchar references raw.domains (id)); insert into raw.mine select id from raw.domains",
  );
  const { status, stderr } = dir.run("forget", "--import", "1");
  expect([status, stderr]).toEqual([
    4,
    expect.stringContaining("FOREIGN KEY (id) REFERENCES raw.domains(id)"),
  ]);
});
