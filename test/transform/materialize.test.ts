import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { readRows } from "../../src/database/open.ts";
import { createRandom } from "../faults/tools.js";
import { writeMonthLater } from "../month-later.js";
import { Workdir } from "../workdir.ts";

const dir = new Workdir();
const seed = Number(process.env["SEED"] ?? 1);

/** The tables of what is settled that say something else than their views do, and the fingerprint of each that has one. */
async function lookAt(file: string): Promise<{ stale: unknown[]; fingerprints: Map<unknown, unknown> }> {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const tables = await readRows(
    connection,
    `select table_name as name, views.schema_name as schema from duckdb_tables() as tables
     join duckdb_views() as views on table_name = 'newest_' || replace(view_name, '_at_as_of', '')
     where tables.schema_name = 'meta' and ends_with(view_name, '_at_as_of')`,
  );
  const stale: unknown[] = [];
  for (const { name, schema } of tables) {
    const [table, view] = [
      `meta.${String(name)}`,
      `${String(schema)}.${String(name).slice("newest_".length)}_at_as_of`,
    ];
    const differing = `(from ${table} except all from ${view}) union all (from ${view} except all from ${table})`;
    if ((await readRows(connection, `select 1 from (${differing}) limit 1`)).length > 0) stale.push(name);
  }
  const rows = await readRows(connection, "from meta.settled_tables");
  connection.closeSync();
  instance.closeSync();
  return { stale, fingerprints: new Map(rows.map((row) => [row["table_name"], row["fingerprint"]])) };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .toSorted();
}

/** In an order of its own, some at once. */
function inParts(files: readonly string[], random: () => number): string[][] {
  const shuffled = files
    .map((file) => [random(), file] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, file]) => file);
  const parts: string[][] = [];
  for (let at = 0; at < shuffled.length;) {
    const count = 1 + Math.floor(random() * 14);
    parts.push(shuffled.slice(at, at + count));
    at += count;
  }
  return parts;
}

test("what an import leaves as it was settled is what it would settle anew, whatever comes and goes", async () => {
  const random = createRandom(seed);
  const first = dir.sample("contoso");
  writeMonthLater(first, dir.file("later"));
  const steps = [...inParts(filesIn(first), random), ...inParts(filesIn(dir.file("later")), random)];
  const commands = [
    // The first brings what makes a tenant worth settling.
    ["import", ...filesIn(join(first, "users")), join(first, "userRegistrationDetails.json")],
    ...steps.map((files) => ["import", ...files]),
    ["forget", "--import", "3"],
    ["import", join(first, "Office365ActiveUserDetail.csv")],
    ["import", join(first, "signIns.json"), "--as-of", "2027-01-15"],
  ];
  let [kept, anew] = [0, 0];
  let before = new Map<unknown, unknown>();
  for (const command of commands) {
    const { status, stderr } = dir.run(...command, "--json", "--quiet", "--db", "tenant.duckdb");
    expect([seed, command, status === 0 || status === 1, stderr]).toEqual([seed, command, true, stderr]);
    const { stale, fingerprints } = await lookAt(dir.file("tenant.duckdb"));
    expect([seed, command, stale]).toEqual([seed, command, []]);
    for (const [name, fingerprint] of fingerprints)
      if (before.get(name) === fingerprint) kept += 1;
      else anew += 1;
    before = fingerprints;
  }
  console.log(`settled: ${kept} tables were left as they were, ${anew} were made`);
  expect([kept > 20, anew > 50]).toEqual([true, true]);
}, 600_000);
