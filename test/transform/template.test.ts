import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { openForReading, readRows, type Row } from "../../src/database/open.ts";
import { copyProgram } from "../program.ts";
import { Workdir } from "../workdir.ts";

/** All that a database has of its own making: tables, columns, comments, views, lists, what outputs need. */
const contents = [
  "select schema_name, table_name, comment, estimated_size from duckdb_tables() where not internal order by all",
  "select schema_name, table_name, column_name, data_type, is_nullable, comment from duckdb_columns() where not internal order by all",
  // DuckDB lists what is excluded in no order.
  "select schema_name, view_name, comment, regexp_replace(sql, 'EXCLUDE [(][^)]*[)]', '', 'g') as sql from duckdb_views() where not internal order by all",
  "from reference.sku_names order by all",
  "from meta.datasets order by all",
  "from meta.output_needs order by all",
  "from meta.outputs order by all",
  "from meta.output_columns order by all",
  "select * exclude (views_hash), length(views_hash) as hash from meta.database",
  "from output_status",
];

test("a database that begins as the prepared empty one is the same as one that begins with nothing", async () => {
  const dir = new Workdir();
  const sample = dir.sample("contoso");
  dir.import(sample);
  const home = copyProgram(dir);
  rmSync(join(home, "dist/template.duckdb"));
  const { status } = spawnSync(process.execPath, [
    join(home, "bin/m365-offline.js"),
    "import",
    sample,
    "--db",
    dir.file("slow.duckdb"),
    "--quiet",
  ]);
  expect(status).toBe(0);
  const quick = await readAll(dir.file("tenant.duckdb"));
  expect(quick.every((rows) => rows.length > 0)).toBe(true);
  expect(quick).toEqual(await readAll(dir.file("slow.duckdb")));
});

test("the build has held every schema that ships against the meta schema; one that was changed since is held against it again", () => {
  const dir = new Workdir();
  const home = copyProgram(dir);
  const listSchemas = (): [number | null, string] => {
    const program = join(home, "bin/m365-offline.js");
    const { status, stderr } = spawnSync(process.execPath, [program, "schemas"], { encoding: "utf8" });
    return [status, stderr];
  };
  const list = join(home, "dist/checked-schemas.json");
  const schemas = join(home, "schemas");
  const files = readdirSync(schemas).filter((name) => name.endsWith(".json"));
  expect(JSON.parse(readFileSync(list, "utf8"))).toHaveLength(files.length);
  const users = join(schemas, "users.schema.json");
  const text = readFileSync(users, "utf8");
  writeFileSync(users, text.replace('"x-kind": "state"', '"x-kind": "other"'));
  expect(listSchemas()).toEqual([2, expect.stringContaining("schema/x-kind must be equal to one of")]);
  writeFileSync(users, text);
  expect(listSchemas()).toEqual([0, ""]);
  const meta = join(schemas, "meta/dataset.schema.json");
  writeFileSync(meta, readFileSync(meta, "utf8").replace('"state", "event"', '"event"'));
  expect(listSchemas()).toEqual([2, expect.stringContaining("schema/x-kind must be equal to one of")]);
  rmSync(list);
  expect(listSchemas()[0]).toBe(2);
});

async function readAll(path: string): Promise<readonly Row[][]> {
  const database = await openForReading(path);
  const rows: Row[][] = [];
  for (const sql of contents) rows.push(await readRows(database.connection, sql));
  database.close();
  return rows;
}
