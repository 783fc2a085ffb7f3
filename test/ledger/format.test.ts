import { expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";

const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };

/** Every command that opens a database; the SQL would print its rows where nothing were asked first. */
const commands = [
  ["query", "select 1"],
  ["query", "select 1", "--format", "json"],
  ["status"],
  ["export", "--out", "out"],
  ["explain", "zoe"],
  ["diff", "--from", "2026-11-01"],
  ["rejects", "list"],
  ["rejects", "retry", "domains.json"],
  ["forget", "--import", "1"],
  ["import", "domains.json", "--as-of", "2026-12-01"],
  ["import", "domains.json", "--as-of", "2026-12-01", "--dry-run"],
];

function prepare(): Workdir {
  const dir = new Workdir();
  dir.import(dir.write("domains.json", page("domains", [domain])));
  return dir;
}

test("every command refuses a DuckDB file of somebody else and a database of a newer format, and prints nothing", async () => {
  const dir = prepare();
  await dir.change("create table mine as select 42 as x", "foreign.duckdb");
  await dir.change(
    "create schema meta; create view meta.database as select 1 as format_version",
    "like.duckdb",
  );
  await dir.change("update meta.database set format_version = 99, tool_version = '9.9.9'");
  const words = {
    "foreign.duckdb":
      "foreign.duckdb is a DuckDB file, but not one of m365-offline (it has no table meta.database); choose another",
    "tenant.duckdb": "tenant.duckdb was written by m365-offline 9.9.9 in format 99, which is newer than this",
  };
  for (const [db, why] of Object.entries(words))
    for (const command of commands) {
      const { status, stdout, stderr } = dir.run(...command, "--db", db);
      expect([...command, status, stdout, stderr]).toEqual([...command, 4, "", expect.stringContaining(why)]);
    }
  expect(dir.run("query", "select 1", "--db", "like.duckdb").status).toBe(4);
  expect(dir.list()).toEqual(["domains.json", "foreign.duckdb", "like.duckdb", "tenant.duckdb"]);
});

test("a database in which nothing was made yet is filled by an import, and read by nothing", async () => {
  const dir = prepare();
  await dir.change("select 1", "empty.duckdb");
  const { status, stdout, stderr } = dir.run("query", "select 1", "--db", "empty.duckdb");
  expect([status, stdout]).toEqual([4, ""]);
  expect(stderr).toContain("empty.duckdb has nothing in it. Fill it with: m365-offline import");
  expect(dir.run("import", "domains.json", "--db", "empty.duckdb").status).toBe(0);
  expect(dir.query("select count(*) as n from raw.domains", "--db", "empty.duckdb")).toEqual([{ n: 1 }]);
});

test("a database of another build says so, is read as far as that goes, and brought up to date by any import", async () => {
  const dir = prepare();
  await dir.change(
    `drop view main.license_summary; update meta.database set format_version = 1, views_hash = 'of another';
     alter table meta.source_files drop column time_zone; alter table raw.domains drop column "isInitial"`,
  );
  const { status, stderr } = dir.run("query", "select count(*) from raw.domains");
  expect([status, stderr]).toEqual([
    0,
    expect.stringContaining("notice: tenant.duckdb was made by another build"),
  ]);
  const exported = dir.run("export", "license_summary", "--out", "out");
  expect(exported.status).toBe(4);
  expect(exported.stderr).toContain("has not all that this one reads. Bring it up to date by any import");
  expect(dir.run("query", "from nothing").status).toBe(2);
  // Of the same bytes, in which nothing is new.
  expect(dir.import("domains.json").status).toBe(0);
  expect(dir.run("query", "from license_summary").stderr).not.toContain("another build");
  expect(dir.query("from meta.database select format_version")).toEqual([{ format_version: 2 }]);
});

test("a database whose tables cannot be brought up to date is left as it is, with what to do", async () => {
  const dir = prepare();
  await dir.change(
    "update meta.database set views_hash = 'of another'; drop table meta.snapshots; create table meta.snapshots (dataset varchar)",
  );
  for (const command of [
    ["import", "domains.json"],
    ["import", "domains.json", "--as-of", "2026-12-01"],
    ["forget", "--import", "1"],
  ]) {
    const { status, stdout, stderr } = dir.run(...command);
    expect([status, stdout, stderr]).toEqual([
      4,
      "",
      expect.stringMatching(
        /tenant\.duckdb was made by another build .* nothing was changed\. Import your files into a new database/,
      ),
    ]);
  }
  expect(dir.list()).toEqual(["domains.json", "tenant.duckdb"]);
});

test("what an earlier build took twice counts once after the next import, and tenants that it merged are named", async () => {
  const dir = new Workdir();
  const user = { id: "00000000-0000-4000-8000-000000000001", userPrincipalName: "a@contoso.com" };
  const organization = {
    id: "00000000-0000-4000-8000-00000000000a",
    displayName: "Contoso",
    verifiedDomains: [],
  };
  dir.import(
    dir.write(
      "users.json",
      page("users", [user, { ...user, id: user.id.replace(/1$/, "2"), userPrincipalName: "b@contoso.com" }]),
    ),
    dir.write("organization.json", page("organization", [organization])),
    dir.write("domains.json", page("domains", [domain])),
  );
  const sums =
    "from meta.source_files select dataset, records_read, records_loaded, records_duplicate order by all";
  const ledger = dir.query(sums);
  await dir.change(
    `update meta.database set format_version = 1;
     insert into raw.users select * replace (upper(id::varchar) as id, record_number + 100 as record_number) from raw.users where "userPrincipalName" like 'a@%';
     update meta.source_files set records_read = 3, records_loaded = 3 where dataset = 'users'`,
  );
  const once = dir.run("import", "domains.json");
  expect([once.status, once.stderr]).toEqual([
    0,
    expect.stringContaining(
      "notice: tenant.duckdb was made by an earlier build and was brought up to date\nwarning: 1 records in it stood twice",
    ),
  ]);
  expect(once.stderr).not.toContain("several tenants");
  expect(dir.query("select count(*) as n from raw.users")).toEqual([{ n: 2 }]);
  expect(dir.query(sums)).toEqual(
    ledger.map((row) =>
      row["dataset"] === "users" ? { ...row, records_read: 3, records_duplicate: 1 } : row,
    ),
  );
  expect(dir.run("import", "domains.json").stderr).not.toContain("earlier build");
  await dir.change(
    `update meta.database set format_version = 1;
     insert into raw.organization select * replace ('00000000-0000-4000-8000-00000000000b' as id, 2 as record_number) from raw.organization`,
  );
  const { stderr } = dir.run("import", "domains.json");
  expect(stderr).toContain(
    `warning: exports of several tenants were taken for those of one (${organization.id}, 00000000-0000-4000-8000-00000000000b)`,
  );
});
