import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withAside } from "../../src/transform/as-of.ts";
import { readRows, type Database } from "../../src/database/open.ts";
import { exportOutputs } from "../../src/outputs/export.ts";
import { openOutputs, runQuery } from "../../src/outputs/query.ts";
import { shortenTimes } from "../times.ts";
import { Workdir } from "../workdir.ts";

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

  test("an output that is exported with all others has the bytes that a query of it has", () => {
    expect(dir.run("export", "--out", "all", ...at).status).toBe(0);
    for (const output of ["user_activity", "license_assignments", "mfa_status", "users", "data_quality"]) {
      const { stdout } = dir.run("query", `from ${output} order by all`, "--format", "csv", ...at);
      expect(stdout.length).toBeGreaterThan(300);
      expect(shortenTimes(dir.read(`all/${output}.csv`))).toBe(stdout);
    }
  });

  test("what a query reads of tables aside is what it computes without them", async () => {
    const { connection, close } = await openOutputs(dir.file("tenant.duckdb"), { asOf });
    for (const output of ["license_assignments", "mfa_status", "users"]) {
      const sql = `select count(*) as rows, sum(hash(columns(*))) from ${output}`;
      const { batches } = await runQuery(database, sql);
      const rows = [];
      for await (const batch of batches) rows.push(...batch);
      const [computed = {}] = await readRows(connection, sql);
      expect([rows.length, rows[0]]).toEqual([1, Object.values(computed)]);
      expect(Number(computed["rows"])).toBeGreaterThan(50);
    }
    close();
  });

  test("what outputs read more than once stands aside, for every connection that is told, and for no longer than the work", async () => {
    const { connection } = database;
    const tables =
      "select table_name from duckdb_tables() where database_name = 'settled.aside' order by all";
    const count = "select count(*) filter (user_id = 'told') as told from intermediate.user_holdings";
    for (const time of ["first", "second"])
      await withAside(connection, ["user_activity", "license_assignments"], async (known) => {
        const names = (await readRows(connection, tables)).map((row) => row["table_name"]);
        expect(names, time).toContain("user_holdings");
        expect(names).not.toContain("person_mfa");
        await connection.run(`update "settled.aside".user_holdings set user_id = 'told'`);
        const other = await database.connect();
        expect(await readRows(other, count)).toEqual([{ told: 0 }]);
        await other.run(known);
        expect(await readRows(other, count)).not.toEqual([{ told: 0 }]);
      });
    expect([await readRows(connection, tables), await readRows(connection, count)]).toEqual([
      [],
      [{ told: 0 }],
    ]);
  });
});

test("what the import has settled is not settled once more", async () => {
  const dir = new Workdir();
  dir.import(dir.sample("contoso"));
  const database = await openOutputs(dir.file("tenant.duckdb"), {});
  const known = await withAside(
    database.connection,
    ["user_activity", "users", "data_quality"],
    async (said) => said,
  );
  expect(known).toContain("[]");
  database.close();
});

test("SQL that sets another date itself reads nothing of what stands aside for the first", async () => {
  const dir = new Workdir();
  dir.import(dir.sample("contoso"));
  const count = "from user_activity order by all";
  const early = dir.run("query", count, "--as-of", "2026-10-30");
  expect(early.status).toBe(0);
  const set = `set variable as_of = '2026-10-30'; ${count}`;
  expect(dir.run("query", set, "--as-of", "2026-11-03").stdout).toBe(early.stdout);
  expect(dir.run("query", set).stdout).toBe(early.stdout);
  expect(dir.run("query", count, "--as-of", "2026-11-03").stdout).not.toBe(early.stdout);
});

test("after an export the same connection reads what is asked for, and it can export again", async () => {
  const dir = new Workdir();
  dir.import(`${dir.sample("contoso")}/users`, "--as-of", "2026-11-02");
  const database = await openOutputs(dir.file("tenant.duckdb"), {});
  const outputs = ["users", "license_assignments"];
  const rows = async (): Promise<unknown> => {
    await database.connection.run("set variable as_of = date '2026-10-01'");
    const counted = await readRows(database.connection, "select count(*) as rows from license_assignments");
    await database.connection.run("reset variable as_of");
    return counted;
  };
  const before = await rows();
  for (const folder of [dir.file("once"), dir.file("twice")]) {
    const { files } = await exportOutputs(database, { outputs, folder, format: "csv", isSafe: false });
    expect(files.map((file) => file.rows > 10)).toEqual([true, true]);
    expect(await rows()).toEqual(before);
  }
  expect(dir.read("twice/users.csv")).toBe(dir.read("once/users.csv"));
  database.close();
});

test("where there is too little memory for a table, what is there is used and the rest computed", async () => {
  const dir = new Workdir();
  dir.import(`${dir.sample("contoso")}/users`);
  const database = await openOutputs(dir.file("tenant.duckdb"), {});
  const count = "select count(*) as rows from user_activity";
  const before = await readRows(database.connection, count);
  const failing = failingAt('"settled.aside"."user_workloads"', database.connection);
  await withAside(failing, ["user_activity", "license_assignments"], async (known) => {
    expect(known).toContain("'user_holdings'");
    expect(known).not.toContain("'user_workloads'");
    expect(await readRows(database.connection, count)).toEqual(before);
  });
  database.close();
});

/** The connection, whose engine says that it has no memory for one table. */
function failingAt(place: string, connection: DuckDBConnection): DuckDBConnection {
  const run: DuckDBConnection["run"] = async (sql, ...rest) => {
    if (sql.startsWith(`create or replace table ${place} `))
      throw new Error("Out of Memory Error: failed to allocate");
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
