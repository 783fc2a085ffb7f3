import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { loadDatasets } from "../../src/schema/dataset.ts";
import { readRows, type Row } from "../../src/database/open.ts";
import { mergeEvents, removeRepeated } from "../../src/ledger/deduplicate.ts";
import { readSql } from "../../src/transform/models.ts";

const signIns = loadDatasets().get("sign_ins");

/** What stays of 1,000 sign-ins in two files, one in three of them there before and some without an id. */
async function removeFrom(partRows: number | undefined): Promise<readonly Row[]> {
  if (signIns === undefined) throw new Error("there is no dataset sign_ins");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(readSql("ledger/meta"));
  const others = signIns.properties.filter(({ name }) => name !== "id" && name !== "userPrincipalName");
  const nulls = others.map(({ name }) => `null::varchar as "${name}"`);
  await connection.run(`create schema if not exists raw; create table raw.sign_ins as
    select (1 + range // 500)::integer as source_file_id, range as record_number,
      case when range % 50 <> 7 then 'id ' || range * 7919 % 667 end as id,
      case when range % 50 = 7 then 'user ' || range end as "userPrincipalName", ${nulls.join(", ")}
    from range(1000)`);
  const counts = await removeRepeated(connection, signIns, { collections: [[1, 2]], partRows });
  const rows = await readRows(connection, "from raw.sign_ins order by record_number");
  const byFile = await readRows(
    connection,
    "select source_file_id, count(*) as rows from raw.sign_ins group by all order by all",
  );
  expect(byFile).toEqual([
    { source_file_id: 1, rows: 500 - (counts.get(1) ?? 0) },
    { source_file_id: 2, rows: 500 - (counts.get(2) ?? 0) },
  ]);
  connection.closeSync();
  instance.closeSync();
  return rows;
}

test("records that stand twice are found in parts as all at once: the last one stays, and all without a key", async () => {
  const whole = await removeFrom(undefined);
  const ids = whole.flatMap(({ id }) => (id === null ? [] : [id]));
  expect([ids.length, whole.length - ids.length]).toEqual([new Set(ids).size, 20]);
  expect(whole.some(({ record_number: record }) => Number(record) < 333)).toBe(true);
  expect(whole.filter(({ record_number: record }) => Number(record) >= 667)).toHaveLength(333);
  expect(await removeFrom(7)).toEqual(whole);
  expect(await removeFrom(999)).toEqual(whole);
});

/** What is left of `earlier` sign-ins of one file and `fresh` ones of the next, of which a third are in both and a ninth differ. */
async function mergeInto(earlier: number, fresh: number): Promise<object> {
  if (signIns === undefined) throw new Error("there is no dataset sign_ins");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(readSql("ledger/meta"));
  const others = signIns.properties.filter(({ name }) => name !== "id" && name !== "userPrincipalName");
  const nulls = others.map(
    ({ name, type }) => `null::${type === "boolean" ? "boolean" : "varchar"} as "${name}"`,
  );
  const rows = (file: number, count: number): string =>
    `select ${file} as source_file_id, range as record_number, 'id ' || case when range % 3 = 0 then range else range + ${file * 1_000_000} end as id,
       'user ' || case when range % 9 = 0 then ${file} else 0 end as "userPrincipalName", ${nulls.join(", ")} from range(${count})`;
  await connection.run(
    `create schema if not exists raw; create table raw.sign_ins as ${rows(1, earlier)} union all ${rows(2, fresh)}`,
  );
  const { repeated, replaced } = await mergeEvents(connection, signIns, 2);
  const left = await readRows(
    connection,
    "select source_file_id, count(*) as rows, count(*) filter (\"userPrincipalName\" = 'user 2') as differing from raw.sign_ins group by all order by all",
  );
  const shared = await readRows(connection, "from meta.shared_events order by all");
  connection.closeSync();
  instance.closeSync();
  return { repeated: [...repeated], replaced: [...replaced], left, shared };
}

test.each([
  ["fewer", 9000, 900, 900],
  ["more", 900, 9000, 900],
  ["as many", 900, 900, 900],
] as const)(
  "of events in two exports one stays, also where there are %s new than earlier ones",
  async (_, earlier, fresh, least) => {
    const [same, differing] = [(least / 9) * 2, least / 9];
    expect(await mergeInto(earlier, fresh)).toEqual({
      repeated: [[2, same]],
      replaced: [[1, differing]],
      left: [
        { source_file_id: 1, rows: earlier - differing, differing: 0 },
        { source_file_id: 2, rows: fresh - same, differing: fresh / 9 },
      ],
      shared: [
        { source_file_id: 1, other_file_id: 2, records: same },
        { source_file_id: 2, other_file_id: 1, records: differing },
      ],
    });
  },
);
