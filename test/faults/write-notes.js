// An ad-hoc program that writes into a database: node write-notes.js DATABASE [NUMBER] [how]. Prints the number once it
// is committed, or "refused" with the engine's words. `how`: "kill" dies after the commit and leaves the write-ahead
// log, "keep" holds the database until it is killed.
import { DuckDBInstance } from "@duckdb/node-api";

const [, , path = "", number = "1", how = "close"] = process.argv;
try {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("create table if not exists main.my_notes (number bigint)");
  await connection.run(`insert into main.my_notes values (${Number(number)})`);
  console.log(number);
  if (how === "kill") process.kill(process.pid, "SIGKILL");
  if (how === "keep") await new Promise((resolve) => setTimeout(resolve, 60_000));
  connection.closeSync();
  instance.closeSync();
} catch (error) {
  console.log(`refused ${error instanceof Error ? error.message.split("\n")[0] : ""}`);
}
