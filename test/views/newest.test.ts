import { beforeAll, describe, expect, test } from "vitest";
import { readViews } from "../../src/views.ts";
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

  beforeAll(() => {
    dir = new Workdir();
    dir.import(dir.sample("contoso"));
  });

  test("all of it is settled", () => {
    expect(settledIn(dir)).toEqual(newest.map(([name]) => `newest_${name}`).toSorted());
  });

  test.each(newest)("what is settled of %s is what is computed for that date", (name, computed) => {
    const [day] = dir.query("select as_of::varchar as as_of from intermediate.parameters");
    const settled = `meta.newest_${name}`;
    const [rows] = dir.query(
      `select (select count(*) from ${settled}) as settled,
         (select count(*) from (from ${settled} except all from ${computed})) as more,
         (select count(*) from (from ${computed} except all from ${settled})) as fewer`,
      "--as-of",
      String(day?.["as_of"]),
      // What is settled holds for every threshold.
      "--inactive-after-days",
      "1",
      "--reclaim-after-days",
      "1",
    );
    expect(rows).toEqual({ settled: rows?.["settled"], more: 0, fewer: 0 });
    expect(Number(rows?.["settled"])).toBeGreaterThan(0);
  });

  test.each(newest)("%s reads its table, and nothing of it where somebody says as_of", (name, view) => {
    const plan = (...args: string[]): string =>
      JSON.stringify(dir.query(`explain (format json) from ${view}`, ...args));
    expect(plan()).toContain(`meta.newest_${name}`);
    expect(plan("--as-of", "2026-10-01")).not.toContain(`meta.newest_${name}`);
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
