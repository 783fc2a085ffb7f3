// A checker process: opens the database at argv[2] with plain DuckDB, read-only, and prints what is in it as JSON.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2] ?? "", { access_mode: "READ_ONLY" });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(
  process.argv[3] ??
    `select
  (select count(*) from raw.users)::integer as rows,
  (select count(distinct (source_file_id, record_number)) from raw.users)::integer as places,
  (select count(*) from raw.users where department = 'Old')::integer as old,
  (select count(*) from raw.users where department = 'New')::integer as new,
  (select coalesce(sum(records_loaded), 0) from meta.source_files where dataset = 'users')::integer as ledger,
  (select count(*) from raw.users join meta.source_files using (source_file_id))::integer as in_ledger,
  (select count(*) from meta.imports)::integer as imports,
  (select count(*) from meta.source_files)::integer as files,
  (select count(*) from meta.snapshots where superseded_by is null)::integer as snapshots,
  (select list(distinct department order by department) from users)::varchar as seen,
  (select count(*) from users)::integer as users`,
);
console.log(JSON.stringify(reader.getRowObjectsJson()));
connection.closeSync();
instance.closeSync();
