// Flips a bit in a copy of a database, opens and reads it with the engine alone, and says what came of it; again and
// again. The process that dies of one is the finding: node read-damaged.js DATABASE COPY FROM TO SEED
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { createRandom } from "./tools.js";

const [, , path = "", copy = "", from, to, seed] = process.argv;
const good = readFileSync(path);
writeFileSync(copy, good);

async function readSums() {
  const config = { access_mode: "READ_ONLY", threads: "1", autoload_known_extensions: "false" };
  const instance = await DuckDBInstance.create(copy, config);
  try {
    const connection = await instance.connect();
    const names = await connection.runAndReadAll(
      "select schema_name, table_name from duckdb_tables() order by all",
    );
    let sums = "";
    for (const [schema, table] of names.getRows()) {
      const rows = await connection.runAndReadAll(
        `select count(*), bit_xor(hash(t)) from ${String(schema)}.${String(table)} t`,
      );
      sums += String(rows.getRows()[0]);
    }
    return sums;
  } finally {
    instance.closeSync();
  }
}

/** @param {number} at @param {number} byte */
function put(at, byte) {
  const file = openSync(copy, "r+");
  writeSync(file, Buffer.from([byte]), 0, 1, at);
  closeSync(file);
}

const expected = await readSums();
for (let index = Number(from); index < Number(to); index += 1) {
  const random = createRandom(Number(seed) * 1_000_003 + index);
  const at = Math.floor(random() * (index % 4 === 0 ? 3 * 4096 : good.length));
  const bit = Math.floor(random() * 8);
  process.stdout.write(`${index}: bit ${bit} of byte ${at}`);
  put(at, (good[at] ?? 0) ^ (1 << bit));
  try {
    process.stdout.write((await readSums()) === expected ? " right\n" : " wrong\n");
  } catch {
    process.stdout.write(" found\n");
  }
  put(at, good[at] ?? 0);
}
