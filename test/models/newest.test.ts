import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRows, type Database } from "../../src/database/open.ts";
import { openOutputs } from "../../src/outputs/query.ts";
import { readViews } from "../../src/transform/models.ts";
import { Workdir } from "../workdir.ts";

const newest = readViews().flatMap(({ schema, name, settledWith }) =>
  settledWith ? [[name, `${schema}.${name}`] as const] : [],
);
const settledIn = (dir: Workdir): unknown[] =>
  dir
    .query(
      "select table_name from duckdb_tables() where table_name like 'newest\\_%' escape '\\' order by all",
    )
    .map((row) => row["table_name"])
    .filter((name) => name !== "newest_date");

describe("over a tenant that was exported whole", () => {
  let dir: Workdir;
  let settled: Database;
  let computed: Database;

  beforeAll(async () => {
    dir = new Workdir();
    dir.import(dir.sample("contoso"));
    settled = await openOutputs(dir.file("tenant.duckdb"), {});
    const [day] = await readRows(settled.connection, "select as_of from intermediate.parameters");
    // What is settled holds for every threshold.
    const parameters = { asOf: String(day?.["as_of"]), inactiveAfterDays: 1, reclaimAfterDays: 1 };
    computed = await openOutputs(dir.file("tenant.duckdb"), parameters);
  });

  afterAll(() => {
    settled.close();
    computed.close();
  });

  test("all of it is settled", () => {
    expect(settledIn(dir)).toEqual(newest.map(([name]) => `newest_${name}`).toSorted());
  });

  test("every view has the columns and types that it has where nothing was imported", async () => {
    const empty = await openOutputs(
      fileURLToPath(new URL("../../dist/template.duckdb", import.meta.url)),
      {},
    );
    const sql = `select schema_name, table_name, column_name, data_type from duckdb_columns()
      where schema_name in ('staging', 'intermediate', 'checks', 'lineage', 'main') order by all`;
    const columns = await readRows(empty.connection, sql);
    expect(columns.length).toBeGreaterThan(500);
    expect(columns).toEqual(await readRows(settled.connection, sql));
    empty.close();
  });

  test.each(newest)("what is settled of %s is what is computed for that date", async (name, view) => {
    const table = `meta.newest_${name}`;
    const [rows] = await readRows(
      computed.connection,
      `select (select count(*) from ${table}) as settled,
         (select count(*) from (from ${table} except all from ${view})) as more,
         (select count(*) from (from ${view} except all from ${table})) as fewer`,
    );
    expect(rows).toEqual({ settled: rows?.["settled"], more: 0, fewer: 0 });
    // Names are people only before the first users export.
    expect(Number(rows?.["settled"]) > 0).toBe(name !== "named_people");
  });

  test.each(newest)("%s reads its table, and nothing of it where somebody says as_of", async (name, view) => {
    const plan = async ({ connection }: Database): Promise<string> =>
      JSON.stringify(await readRows(connection, `explain (format json) from ${view}`));
    expect(await plan(settled)).toContain(`meta.newest_${name}`);
    expect(await plan(computed)).not.toContain(`meta.newest_${name}`);
  });
});

test("over users alone nothing is settled; once the rest has come all of it is, and nothing again when that is forgotten", () => {
  const dir = new Workdir();
  const contoso = dir.sample("contoso");
  const hash = "select count(*) as rows, sum(hash(u)) as hash from (from users) as u";
  dir.import(`${contoso}/users`);
  const alone = dir.query(hash);
  expect(settledIn(dir)).toEqual([]);
  dir.import(contoso);
  expect(settledIn(dir).length).toBe(newest.length);
  expect(dir.query(hash)).not.toEqual(alone);
  expect(dir.run("forget", "--import", "2").status).toBe(0);
  expect(settledIn(dir)).toEqual([]);
  expect(dir.query(hash)).toEqual(alone);
});

test("beside users any one other export is enough for what can have rows to be settled", () => {
  const dir = new Workdir();
  const contoso = dir.sample("contoso");
  dir.import(`${contoso}/users`, `${contoso}/domains.json`);
  const ofUsers = [
    "disabled_accounts",
    "findings",
    "license_holdings",
    "person_facts",
    "set_facts",
    "user_holdings",
    "user_workloads",
  ];
  const names = (tables: readonly string[]): string[] => tables.map((name) => `newest_${name}`).toSorted();
  expect(settledIn(dir)).toEqual(names(ofUsers));
  dir.import(`${contoso}/signIns.json`);
  expect(settledIn(dir)).toEqual(names([...ofUsers, "known_names", "named_people", "unmatched_rows"]));
});
