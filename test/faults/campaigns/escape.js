import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, hashOf, makeFolder } from "../tools.js";

/** SQL that wants out of the database, or to change it: all of it must be refused with exit 2. */
const attempts = String.raw`
from read_text('secret.txt')
from read_text(['secret.txt', 'secret.csv'])
from read_text('file:secret.txt')
from read_text('~/secret.txt')
from read_text('/dev/stdin')
from read_text('\\.\pipe\secret')
from read_blob('secret.txt')
from read_csv('secret.csv')
from read_csv_auto('secret.csv')
from read_json('secret.json')
from read_json_objects('secret.json')
from read_ndjson('secret.json')
from read_parquet('secret.parquet')
from parquet_scan('secret.parquet')
from parquet_metadata('secret.parquet')
from parquet_schema('secret.parquet')
from parquet_kv_metadata('secret.parquet')
from read_duckdb('other.duckdb')
from glob('*')
from sniff_csv('secret.csv')
from 'secret.csv'
from 'secret.txt'
from 'http://127.0.0.1:9/secret.csv'
from read_csv('https://127.0.0.1:9/secret.csv')
from read_parquet('s3://secret/secret.parquet')
from read_blob('tenant.duckdb')
from read_text('tenant.duckdb')
from sqlite_scan('other.db', 'x')
from postgres_scan('127.0.0.1', 'x', 'y')
describe 'secret.csv'
summarize 'secret.csv'
explain from read_text('secret.txt')
explain analyze copy (select 1) to 'out.csv'
select * from query('from read_text(''secret.txt'')')
from "query" /* x */ ('select 1')
from json_execute_serialized_sql(json_serialize_sql('from read_text(''secret.txt'')'))
from query_table('secret.csv')
from query_table(['secret.csv', 'secret.json'])
copy (select 1) to 'out.csv'
copy (select 1) to '/dev/stdout'
copy (select 1) to 'out.json' (format json)
copy (select 1) to 'out' (format parquet, partition_by (a))
copy users to 'out.parquet'
copy (select 1) to 'tenant.duckdb'
copy (select 1) to 'tenant.duckdb' (format csv, use_tmp_file false)
copy (select 1) to 'tenant.duckdb.wal'
copy meta.tenant from 'secret.csv'
copy from database tenant to tenant
/* x */ copy (select 1) /* y */ to 'out.csv' -- z
select 1; copy (select 1) to 'out.csv'
attach 'other.duckdb'
attach 'tenant.duckdb' as again
attach 'tenant.duckdb' as again (read_write)
attach ':memory:' as m
attach 'host=127.0.0.1' as pg (type postgres)
detach tenant
install httpfs
force install httpfs
install httpfs from 'http://127.0.0.1:9'
load httpfs
load './evil.duckdb_extension'
update extensions
export database 'out'
import database 'out'
from duckdb_extensions()
pragma enable_profiling
pragma enable_profiling = 'json'
pragma profiling_output = 'out.json'
pragma enable_object_cache
pragma force_checkpoint
pragma import_database('out')
pragma temp_directory = 'out'
from enable_profiling()
call enable_logging()
call enable_logging(level = 'debug', storage = 'file', storage_path = 'out')
from enable_logging(level = 'debug', storage = 'file', storage_path = 'out')
from "enable_logging"('QueryLog', storage = 'stdout')
set logging_storage = 'file'
set enable_logging = true
set enable_external_access = true
reset enable_external_access
set disabled_filesystems = ''
reset disabled_filesystems
set lock_configuration = false
reset lock_configuration
set allowed_directories = ['/']
set allowed_paths = ['secret.txt']
set temp_directory = 'out'
set memory_limit = '100GB'
set threads = 99
set home_directory = 'out'
set secret_directory = 'out'
set extension_directory = 'out'
set custom_extension_repository = 'http://127.0.0.1:9'
set autoinstall_known_extensions = true
set autoload_known_extensions = true
set allow_community_extensions = true
set allow_unsigned_extensions = true
set access_mode = 'READ_WRITE'
set profiling_output = 'out.json'
set log_query_path = 'out.log'
set http_proxy = '127.0.0.1:9'
set file_search_path = '/'
set TimeZone = 'Asia/Tokyo'
set debug_force_external = true
set wal_autocheckpoint = '1KB'
select 1; set enable_external_access = true; from read_text('secret.txt')
create secret s (type http, bearer_token 'x')
create persistent secret s (type http, bearer_token 'x')
drop secret s
from duckdb_secrets()
from which_secret('s3://x', 's3')
create table x (y integer)
create view v as select 1
create or replace view users as select 1
create macro f() as 1
create schema s
create sequence s
create index i on raw.users (id)
create temp view v as from read_text('secret.txt'); from v
create temp macro f(p) as table from read_text(p); from f('secret.txt')
insert into meta.tenant by name select 'x' as tenant_name
update meta.tenant set tenant_name = 'x'
delete from raw.users
truncate raw.users
merge into meta.tenant using (select 1) on true when matched then delete
drop view users
drop table raw.users
alter table raw.users rename to r
comment on table raw.users is 'x'
select 1; drop view users
begin; create table x (y integer); commit
prepare p as from read_text('secret.txt'); execute p
prepare p as copy (select 1) to 'out.csv'; execute p
prepare p as select 1; execute p
call pragma_storage_info('raw.users')
checkpoint
force checkpoint
vacuum
analyze
select getenv('HOME')
select error('x')
`
  .trim()
  .split("\n");

/** What looks like a way out and is none: it says what the database is, or works in memory that goes with the process. */
const harmless = [
  "pragma database_list",
  "from duckdb_databases()",
  "from duckdb_settings()",
  "from duckdb_temporary_files()",
  "select current_setting('temp_directory')",
  "set variable as_of = '2026-01-01'; select getvariable('as_of')",
  "use raw; from users",
  "create temp table x as from users; insert into x from users; delete from x; drop table x; select 1",
  "create temp macro f() as 1; select f()",
  "begin; commit",
  "explain analyze select 1",
  "pivot users on country using count(*)",
  "select 'copy x to ''y''; attach ''z''' as text",
];

/** Views that somebody put into a database file in the place of ours: they read files when a command selects from them. */
const hostileViews = [
  "create or replace view main.output_status as select content as output, content as data_status, content as reasons from read_text('secret.txt')",
  "create or replace view main.users as select * from read_csv('secret.csv')",
  "drop table meta.tenant; create view meta.tenant as select null::varchar as tenant_id, content as tenant_name, content as named_by, 1 as import_id from read_text('secret.txt')",
  "create or replace view main.data_quality as select content as severity, content as finding, content as dataset, 1 as affected_records, content as detail, content as remedy from read_text('secret.txt')",
  "drop table meta.database; create view meta.database as select 99 as format_version, content as tool_version, '' as views_hash from read_text('secret.txt')",
  "drop view intermediate.parameters cascade; create view intermediate.parameters as select content as as_of, 30 as inactive_after_days, 90 as reclaim_after_days from read_text('secret.txt')",
];

const commands = [
  ["status"],
  ["status", "--json"],
  ["query", "from output_status"],
  ["query", "from users"],
  ["query", "from meta.tenant"],
  ["export", "--out", "handed-on"],
  ["explain", "user1@contoso.example"],
  ["diff", "--from", "2026-11-02"],
  ["rejects"],
  ["answer"],
  ["import", "users.json", "--as-of", "2026-12-01", "--dry-run", "--tenant", "Contoso"],
  ["import", "users.json", "--as-of", "2026-12-01"],
  ["forget", "--import", "1", "--dry-run"],
  ["rejects", "retry", "users.json"],
];

/** For each of the views some commands that select from it: what a short run tries. */
const selecting = [[0, 5], [3, 6], [4, 10], [1], [11], [0, 7]];

const secret = "canary-of-a-file-outside";
const trySql = fileURLToPath(new URL("../try-sql.js", import.meta.url));

/** @type {import("../tools.js").Campaign["run"]} */
export async function run({ scale }) {
  const folder = makeFolder();
  /** @type {string[]} */
  const failures = [];
  try {
    prepare(folder);
    const asLibrary = scale === 1 ? 0 : tryAll(folder, failures);
    const asCommand = tryThroughCommand(folder, scale, failures);
    const hostile = tryHostile(folder, scale, failures);
    const figures = `${attempts.length} ways out of SQL and ${harmless.length} harmless ones (${asCommand} through the command, ${asLibrary} through the library), ${hostile} commands on tampered databases`;
    return { figures, failures };
  } finally {
    folder.remove();
  }
}

/** @typedef {ReturnType<typeof makeFolder>} Folder */

/** @param {Folder} folder */
function prepare(folder) {
  for (const name of ["work", "home", "temp"]) mkdirSync(folder.file(name));
  for (const place of ["work", "home"]) {
    writeFileSync(join(folder.file(place), "secret.txt"), secret);
    writeFileSync(join(folder.file(place), "secret.csv"), `a,b\n${secret},2\n`);
    writeFileSync(join(folder.file(place), "secret.json"), JSON.stringify({ a: secret }));
  }
  // What other programs of DuckDB would run at their start.
  writeFileSync(join(folder.file("home"), ".duckdbrc"), "copy (select 1) to 'out.csv';\n");
  const user = {
    id: "00000000-0000-4000-8000-000000000001",
    userPrincipalName: "user1@contoso.example",
    country: "Norway",
  };
  const page = { "@odata.context": "https://graph.microsoft.us/v1.0/$metadata#users", value: [user] };
  writeFileSync(join(folder.file("work"), "users.json"), JSON.stringify(page));
  const { status } = start(folder, [bin, "import", "users.json", "--as-of", "2026-11-02", "--quiet"]);
  if (status !== 0) throw new Error(`the import of a user failed with ${status}`);
}

/** A process that cannot find home, temp or a proxy but where we look for traces. @param {Folder} folder @param {readonly string[]} args @param {string} [input] */
function start(folder, args, input = "") {
  const home = folder.file("home");
  const proxy = "http://127.0.0.1:9";
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    USERPROFILE: home,
    TMPDIR: folder.file("temp"),
    TMP: folder.file("temp"),
    TEMP: folder.file("temp"),
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    ALL_PROXY: proxy,
    AWS_ACCESS_KEY_ID: "x",
    DUCKDB_EXTENSION_DIRECTORY: join(home, "out"),
    DUCKDB_HOME: join(home, "out"),
    NO_COLOR: "1",
  };
  const options = { cwd: folder.file("work"), env, input, encoding: /** @type {const} */ ("utf8") };
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, options);
  return { status, signal, stdout, stderr };
}

/** Everything that an escape could have changed: files, and the bytes of those in the working folder. @param {Folder} folder */
function traces(folder) {
  const names = ["work", "home", "temp"].flatMap((place) =>
    readdirSync(folder.file(place), { recursive: true }).map((name) => join(place, String(name))),
  );
  const work = readdirSync(folder.file("work"), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => hashOf(join(folder.file("work"), name)));
  return JSON.stringify([names.toSorted(), work]);
}

/** @param {Folder} folder @param {string[]} failures */
function tryAll(folder, failures) {
  const all = [...attempts, ...harmless];
  const [list, answers] = [folder.file("list.json"), folder.file("answers.json")];
  writeFileSync(list, JSON.stringify(all));
  const before = traces(folder);
  const { status, signal, stdout, stderr } = start(folder, [trySql, "tenant.duckdb", list, answers]);
  if (status !== 0) return failures.push(`the library ended with ${status ?? signal}: ${stderr}`);
  if (stdout + stderr !== "") failures.push(`the engine printed for itself: ${stdout}${stderr}`);
  if (traces(folder) !== before) failures.push("files were made or changed");
  /** @type {{ exitCode?: number, message?: string }[]} */
  const results = JSON.parse(readFileSync(answers, "utf8"));
  for (const [index, sql] of all.entries()) {
    const { exitCode = 0, message = "" } = results[index] ?? {};
    const due = index < attempts.length ? 2 : 0;
    if (exitCode !== due) failures.push(`${sql}: ${exitCode} instead of ${due} ${message}`);
    if (message.includes(secret)) failures.push(`${sql}: says what is in the file`);
  }
  return all.length;
}

/** As an argument, from a file and from standard input in turn. @param {Folder} folder @param {number} scale @param {string[]} failures */
function tryThroughCommand(folder, scale, failures) {
  const step = scale === 1 ? 1 : Math.max(1, Math.round(1.5 / Math.sqrt(scale)));
  const chosen = attempts.filter((_, index) => index % step === 0);
  if (scale === 1) chosen.push(...harmless);
  for (const [index, sql] of chosen.entries()) {
    const file = folder.file("attempt.sql");
    writeFileSync(file, sql);
    const before = traces(folder);
    const ways = [[sql], ["--file", file], ["-"]];
    const way = ways[index % ways.length] ?? [];
    const answer = start(folder, [bin, "query", ...way], sql);
    const due = harmless.includes(sql) ? 0 : 2;
    const isPlain = due === 0 || (answer.stdout === "" && answer.stderr.startsWith("m365-offline: "));
    if (answer.status !== due || !isPlain)
      failures.push(`query ${sql}: ${answer.status ?? answer.signal} ${answer.stdout}${answer.stderr}`);
    if ((answer.stdout + answer.stderr).includes(secret)) failures.push(`query ${sql}: read a file`);
    if (traces(folder) !== before) failures.push(`query ${sql}: made or changed a file`);
  }
  return chosen.length;
}

/** @param {Folder} folder @param {number} scale @param {string[]} failures */
function tryHostile(folder, scale, failures) {
  const [db, good] = [join(folder.file("work"), "tenant.duckdb"), folder.file("good.duckdb")];
  copyFileSync(db, good);
  let tried = 0;
  for (const [number, sql] of hostileViews.entries()) {
    copyFileSync(good, db);
    tamper(folder, db, sql);
    for (const [index, command] of commands.entries()) {
      if (scale < 1 && !selecting[number]?.includes(index)) continue;
      tried += 1;
      const { stdout, stderr } = start(folder, [bin, ...command]);
      const exported = readdirSync(folder.file("work")).includes("handed-on")
        ? readdirSync(join(folder.file("work"), "handed-on")).map((name) =>
            readFileSync(join(folder.file("work"), "handed-on", name), "utf8"),
          )
        : [];
      if ([stdout, stderr, ...exported].some((text) => text.includes(secret)))
        failures.push(`${command.join(" ")} reads a file for: ${sql}`);
    }
  }
  return tried;
}

/** @param {Folder} folder @param {string} db @param {string} sql */
function tamper(folder, db, sql) {
  const script = `import(process.argv[3]).then(async ({ DuckDBInstance }) => { const i = await DuckDBInstance.create(process.argv[1]); const c = await i.connect(); await c.run(process.argv[2]); c.closeSync(); i.closeSync(); })`;
  const { status, stderr } = start(folder, ["-e", script, db, sql, import.meta.resolve("@duckdb/node-api")]);
  if (status !== 0) throw new Error(`cannot tamper with ${sql}: ${stderr}`);
}
