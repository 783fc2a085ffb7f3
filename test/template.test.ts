import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { openForReading, readRows, type Row } from "../src/database.ts";
import { Workdir } from "./workdir.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The program in a folder of its own, without the empty database that the build has made. */
function withoutTemplate(dir: Workdir): string {
  const home = dir.file("program");
  mkdirSync(home);
  for (const name of ["bin", "bundle", "dist", "schemas", "reference", "src", "package.json"])
    cpSync(join(root, name), join(home, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  rmSync(join(home, "dist/template.duckdb"));
  return join(home, "bin/m365-offline.js");
}

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
  const program = withoutTemplate(dir);
  const { status } = spawnSync(process.execPath, [
    program,
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

async function readAll(path: string): Promise<readonly Row[][]> {
  const database = await openForReading(path);
  const rows: Row[][] = [];
  for (const sql of contents) rows.push(await readRows(database.connection, sql));
  database.close();
  return rows;
}
