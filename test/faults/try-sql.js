// Runs each SQL of a JSON list through the library on a database of its own opening; node try-sql.js DB LIST ANSWERS
import { readFileSync, writeFileSync } from "node:fs";

const [db = "", list = "", answers = ""] = process.argv.slice(2);
const { openOutputs, runQuery } = await import(new URL("../../dist/index.js", import.meta.url).href);

/** @param {string} sql */
async function trySql(sql) {
  const database = await openOutputs(db, {});
  try {
    const { batches } = await runQuery(database, sql);
    let rows = 0;
    for await (const batch of batches) rows += batch.length;
    return { rows };
  } catch (error) {
    const { exitCode, message } = /** @type {{ exitCode?: number, message: string }} */ (error);
    return { exitCode: exitCode ?? 70, message };
  } finally {
    database.close();
  }
}

const results = [];
for (const sql of JSON.parse(readFileSync(list, "utf8"))) results.push(await trySql(sql));
writeFileSync(answers, JSON.stringify(results));
