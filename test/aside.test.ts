import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settleAside } from "../src/aside.ts";
import { readRows, type Database } from "../src/database.ts";
import { openOutputs } from "../src/query.ts";
import { Workdir } from "./workdir.ts";

describe.each([
  ["over users alone", "contoso/users", undefined],
  ["over a tenant at another date than the newest", "contoso", "2026-11-03"],
])("%s", (_, exports, asOf) => {
  const at = asOf === undefined ? [] : ["--as-of", asOf];
  let dir: Workdir;
  let database: Database;

  beforeAll(async () => {
    dir = new Workdir();
    dir.sample("contoso");
    dir.import(dir.file(exports));
    database = await openOutputs(dir.file("tenant.duckdb"), { asOf });
  });

  afterAll(() => database.close());

  test("an output that is exported with all others has the bytes that it has by itself", () => {
    expect(dir.run("export", "--out", "all", ...at).status).toBe(0);
    for (const output of ["user_activity", "license_assignments", "mfa_status", "users", "data_quality"]) {
      expect(dir.run("export", output, "--out", output, ...at).status).toBe(0);
      expect(dir.read(`all/${output}.csv`)).toBe(dir.read(`${output}/${output}.csv`));
    }
  });

  test("what outputs read more than once stands aside, and every connection that is told reads it there", async () => {
    const known = await settleAside(database.connection, ["user_activity", "license_assignments"]);
    const tables =
      "select table_name from duckdb_tables() where database_name = 'settled.aside' order by all";
    const names = (await readRows(database.connection, tables)).map((row) => row["table_name"]);
    expect(names).toContain("user_workloads");
    expect(names).not.toContain("person_mfa");
    await database.connection.run(`update "settled.aside".user_workloads set user_id = 'told'`);
    const other = await database.connect();
    const count = "select count(*) filter (user_id = 'told') as told from intermediate.user_workloads";
    expect(await readRows(other, count)).toEqual([{ told: 0 }]);
    await other.run(known);
    expect(await readRows(other, count)).not.toEqual([{ told: 0 }]);
  });
});

test("what the import has settled is not settled once more", async () => {
  const dir = new Workdir();
  dir.import(dir.sample("contoso"));
  const database = await openOutputs(dir.file("tenant.duckdb"), {});
  expect(await settleAside(database.connection, ["user_activity", "users", "data_quality"])).toContain("[]");
  database.close();
});

test("where there is too little memory for a table, what is there is used and the rest computed", async () => {
  const dir = new Workdir();
  dir.import(`${dir.sample("contoso")}/users`);
  const database = await openOutputs(dir.file("tenant.duckdb"), {});
  const count = "select count(*) as rows from user_activity";
  const before = await readRows(database.connection, count);
  const known = await settleAside(failingAt('"settled.aside"."user_workloads"', database.connection), [
    "user_activity",
    "license_assignments",
  ]);
  expect(known).toContain("'user_holdings'");
  expect(known).not.toContain("'user_workloads'");
  expect(await readRows(database.connection, count)).toEqual(before);
  database.close();
});

/** The connection, whose engine says that it has no memory for one table. */
function failingAt(place: string, connection: DuckDBConnection): DuckDBConnection {
  const run: DuckDBConnection["run"] = async (sql, ...rest) => {
    if (sql.startsWith(`create table ${place} `)) throw new Error("Out of Memory Error: failed to allocate");
    return await connection.run(sql, ...rest);
  };
  return new Proxy(connection, {
    get: (target, key) => {
      if (key === "run") return run;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
