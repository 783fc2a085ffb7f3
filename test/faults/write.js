// An ad-hoc writer: runs the statements behind argv[2] on that database with plain DuckDB and is killed before it closes.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2] ?? "");
const connection = await instance.connect();
// Everything stays in the log.
await connection.run("set wal_autocheckpoint = '1TB'");
for (const sql of process.argv.slice(3)) await connection.run(sql);
process.kill(process.pid, "SIGKILL");
