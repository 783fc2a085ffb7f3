import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, expect, test } from "vitest";
import { schemas } from "../../src/database/open.ts";
import { page, Workdir } from "../workdir.ts";

const user = { id: "00000000-0000-4000-8000-000000000001", userPrincipalName: "a@contoso.example" };
const users = (...ids: number[]): object =>
  page(
    "users",
    ids.map((number) => ({ ...user, id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}` })),
  );
const hashOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

test.each([
  [
    "a path that is not there",
    ["import", "nowhere.json"],
    3,
    "nowhere.json: there is no such file or folder. Nothing was imported.",
  ],
  ["no path at all", ["import"], 2, "give at least one file or folder"],
  ["an unknown option", ["import", "x.json", "--colour"], 2, "Unknown argument: colour"],
  ["an unknown command", ["improt", "x.json"], 2, "Did you mean import?"],
  ["no command", [], 2, "name a command"],
  [
    "a day that is none",
    ["import", "x.json", "--as-of", "2026-02-30"],
    2,
    "--as-of takes a day as YYYY-MM-DD",
  ],
  [
    "a database that is not there",
    ["query", "select 1", "--db", "none.duckdb"],
    4,
    "there is no database none.duckdb. Make one with: m365-offline import",
  ],
  [
    "an output that is not there",
    ["export", "nonsense", "--out", "x", "--db", "tenant.duckdb"],
    2,
    "there is no output nonsense. The outputs are: activity_events",
  ],
  ["SQL that is wrong", ["query", "selekt 1"], 2, "DuckDB refused the SQL: Parser Error"],
  [
    "SQL that fails between rows",
    ["query", "select case when i = 99999 then error('no') else i end from range(100000) r(i)"],
    2,
    "DuckDB refused the SQL",
  ],
  ["no SQL", ["query", "/* nothing */"], 2, "there is no statement in it"],
  ["SQL twice", ["query", "select 1", "--file", "x.sql"], 2, "give the SQL or --file FILE, not both"],
  [
    "a dataset that is not there",
    ["import", "users.json", "--as", "people"],
    2,
    'there is no dataset "people". `m365-offline schemas` lists them.',
  ],
])("%s is told in one line with its cure", (_, args, exitCode, message) => {
  const { status, stdout, stderr } = dir.run(...args);
  expect([status, stdout]).toEqual([exitCode, ""]);
  expect(stderr).toContain(`m365-offline: `);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
});

/** Waits for something that another process does; fails after ten seconds. */
async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isTrue(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (Date.now() > end) throw new Error("it did not happen within ten seconds");
}

let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.write("users.json", users(1)));
});

test("a folder without data files, and files that are not ours, are no usable input", () => {
  const empty = new Workdir();
  empty.write("exports/notes.txt", "hello");
  expect(empty.run("import", "exports")).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("there is no data file") as string,
  });
  const { status, stderr } = empty.run("import", empty.write("printers.json", [{ name: "x", colour: true }]));
  expect(status).toBe(3);
  expect(stderr).toContain('no dataset is recognised by "name", "colour"');
  expect(empty.has("tenant.duckdb")).toBe(false);
});

test("a file that is not ours beside good ones is exit 1, and the good ones load", () => {
  const work = new Workdir();
  work.write("in/users.json", users(1));
  work.write("in/printers.csv", "Name,Colour\nx,y\n");
  work.write("in/desktop.ini", "x");
  const { status, stdout, stderr } = work.run("import", "in");
  expect([status, stdout.split("\n")[0]]).toEqual([
    1,
    "Imported 2 files: 1 records read = 1 loaded + 0 rejected + 0 duplicate.",
  ]);
  expect(stderr).toContain("desktop.ini is no data file and was passed over");
});

test("a CSV without its required columns names all of them", () => {
  const work = new Workdir();
  const header =
    "Display Name,Is Deleted,Item Count,Storage Used (Byte),Prohibit Send Quota (Byte),Issue Warning Quota (Byte)";
  const { status, stderr } = work.run(
    "import",
    work.write("MailboxUsage.csv", `${header}\nx,False,1,2,3,4\n`),
  );
  expect(status).toBe(3);
  expect(stderr).toContain(
    'MailboxUsage.csv: lacks the required columns "Report Refresh Date", "User Principal Name"',
  );
});

test("a truncated JSON file loads its whole records and is never complete", () => {
  const work = new Workdir();
  const text = JSON.stringify(users(1, 2, 3));
  for (const cut of [text.length - 1, text.length - 20, text.length - 2]) {
    const { status, files } = work.import(work.write("users.json", text.slice(0, cut)), "--dry-run");
    expect([status, files[0]?.completeness]).toEqual([1, "Incomplete"]);
  }
});

test("an error answer of the registration endpoint is the reason why MFA is not available", () => {
  const work = new Workdir();
  work.write("in/users.json", users(1));
  work.write("in/userRegistrationDetails.json", {
    error: {
      code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
      message: "Neither tenant is B2C or tenant doesn't have premium license",
      innerError: {},
    },
  });
  const { status, files } = work.import("in");
  expect([status, files.map((file) => [file.dataset, file.status])]).toEqual([
    1,
    [
      ["user_registration_details", "error_answer"],
      ["users", "loaded"],
    ],
  ]);
  expect(work.query("select mfa_status, mfa_status_reason from mfa_status")).toEqual([
    {
      mfa_status: "Not Available",
      mfa_status_reason:
        "Registration details could not be exported: Authentication_RequestFromNonPremiumTenantOrB2CTenant: Neither tenant is B2C or tenant doesn't have premium license",
    },
  ]);
});

test("a database that is open for writing elsewhere is exit 4 with the holder, and stays as it is", async () => {
  const work = new Workdir();
  work.import(work.write("a.json", users(1)));
  const hash = hashOf(work.file("tenant.duckdb"));
  const { spawn } = await import("node:child_process");
  const script = `import('@duckdb/node-api').then(async ({DuckDBInstance}) => { globalThis.i = await DuckDBInstance.create(process.argv[1]); console.log('open'); setInterval(() => {}, 1000); })`;
  const holder = spawn(process.execPath, ["-e", script, work.file("tenant.duckdb")]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  const { status, stderr } = work.run("import", work.write("b.json", users(2)));
  const query = work.run("query", "select 1");
  holder.kill();
  expect([status, query.status]).toEqual([4, 4]);
  expect(stderr).toMatch(new RegExp(`tenant.duckdb is open elsewhere by process ${holder.pid}`));
  expect(hashOf(work.file("tenant.duckdb"))).toBe(hash);
  expect(work.list()).toEqual(["a.json", "b.json", "tenant.duckdb"]);
});

test("two imports at once: one goes on, the other is exit 4; readers are admitted meanwhile", async () => {
  const work = new Workdir();
  work.import(work.write("a.json", users(1)));
  const numbers = Array.from({ length: 250_000 }, (_, index) => String(index + 1).padStart(12, "0"));
  work.write(
    "b.json",
    page(
      "users",
      numbers.map((number) => ({
        id: `00000000-0000-4000-8000-${number}`,
        userPrincipalName: `u${number}@contoso.example`,
      })),
    ),
  );
  const first = work.start("import", "b.json", "--as-of", "2026-12-01", "--quiet");
  const ended = new Promise<number | null>((resolve) => first.on("close", resolve));
  await until(() => work.has("tenant.duckdb.importing"));
  const second = work.run("import", "a.json", "--as-of", "2026-12-01");
  expect(work.query("select count(*) as users from users")).toEqual([{ users: 1 }]);
  expect([second.status, second.stderr]).toEqual([
    4,
    expect.stringContaining(`another import is running on it (process ${first.pid})`),
  ]);
  expect(await ended).toBe(0);
  expect(work.query("select count(*) as users from users")).toEqual([{ users: 250_000 }]);
});

test("a file of another tenant is refused with exit 4 and the database stays as it is", () => {
  const work = new Workdir();
  const organization = (number: number): object =>
    page("organization", [
      {
        id: `00000000-0000-4000-9000-00000000000${number}`,
        displayName: `Tenant ${number}`,
        verifiedDomains: [],
      },
    ]);
  work.import(work.write("a.json", organization(1)));
  const hash = hashOf(work.file("tenant.duckdb"));
  const { status, stderr } = work.run(
    "import",
    work.write("b.json", organization(2)),
    "--as-of",
    "2026-12-01",
  );
  expect(status).toBe(4);
  expect(stderr).toContain(
    "belongs to tenant Tenant 1, 00000000-0000-4000-9000-000000000001, but the files are of tenant Tenant 2",
  );
  expect(hashOf(work.file("tenant.duckdb"))).toBe(hash);
});

test("a database that has the name of one of its schemas is refused before anything is made of it", () => {
  const work = new Workdir();
  const file = work.write("users.json", users(1));
  work.import(file);
  const found = work.query(
    "select schema_name from information_schema.schemata where catalog_name = current_database() and schema_name <> 'main'",
  );
  expect(new Set(found.map((row) => row["schema_name"]))).toEqual(new Set<unknown>(schemas));
  const before = work.list();
  for (const name of ["checks", "Meta.2026", ".raw"]) {
    const { status, stderr } = work.run("import", file, "--db", `${name}.duckdb`);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("name the file, for example, tenant.duckdb"),
    ]);
  }
  expect(work.list()).toEqual(before);
  renameSync(work.file("tenant.duckdb"), work.file("checks.duckdb"));
  for (const command of [
    ["query", "from users"],
    ["forget", "--import", "1"],
  ])
    expect(work.run(...command, "--db", "checks.duckdb").status).toBe(2);
});

test("a DuckDB file of somebody else, a file that is no database and one of a newer version are refused untouched", async () => {
  const work = new Workdir();
  const file = work.write("users.json", users(1));
  await work.change("create table mine (x integer)", "foreign.duckdb");
  work.write("text.duckdb", "this is no database".repeat(1000));
  work.import(file, "--db", "newer.duckdb");
  await work.change("update meta.database set format_version = 99, tool_version = '9.9.9'", "newer.duckdb");
  const refusals = {
    "foreign.duckdb": "not one of m365-offline",
    "text.duckdb": "not a usable database",
    "newer.duckdb": "written by m365-offline 9.9.9 in format 99, which is newer",
  };
  for (const [name, why] of Object.entries(refusals)) {
    const hash = hashOf(work.file(name));
    const { status, stderr } = work.run("import", file, "--db", name, "--as-of", "2026-12-01");
    expect([name, status, stderr.includes(why), hashOf(work.file(name)) === hash]).toEqual([
      name,
      4,
      true,
      true,
    ]);
  }
  expect(work.list()).toEqual(["foreign.duckdb", "newer.duckdb", "text.duckdb", "users.json"]);
});

test("a folder that cannot be written is exit 5 with its name", () => {
  const work = new Workdir();
  const file = work.write("users.json", users(1));
  for (const db of ["missing/tenant.duckdb", "/proc/tenant.duckdb", "users.json/tenant.duckdb"]) {
    const { status, stderr } = work.run("import", file, "--db", db);
    expect([db, status, stderr.includes("choose another place with --db FILE")]).toEqual([db, 5, true]);
  }
});

test("a full disk is exit 5 on standard output and in files", () => {
  const work = new Workdir();
  work.import(work.write("users.json", users(1)));
  const { status, stderr } = work.run("export", "--out", "/proc/nowhere");
  expect([status, stderr.includes("cannot write /proc/nowhere")]).toEqual([5, true]);
});

test("a symbolic link as --db is followed and stays a link", () => {
  const work = new Workdir();
  mkdirSync(work.file("real"));
  work.import(work.write("users.json", users(1)));
  renameSync(work.file("tenant.duckdb"), work.file("real/t.duckdb"));
  symlinkSync(work.file("real/t.duckdb"), work.file("tenant.duckdb"));
  work.import(work.write("more.json", users(1, 2)), "--as-of", "2026-12-01");
  expect(work.list("real")).toEqual(["t.duckdb"]);
  expect(work.query("select count(*) as users from users")).toEqual([{ users: 2 }]);
});

test("file names with quotes, globs, controls and a leading dash are read, and shown without their controls", () => {
  const work = new Workdir();
  for (const name of ["it's*[a].json", "-b.json", "c\u001b[31m.json", "__proto__.json"]) {
    writeFileSync(work.file(name), JSON.stringify(users(1)));
    const { status, stdout, stderr } = work.run("import", "--dry-run", `./${name}`);
    expect([name, status]).toEqual([name, 0]);
    expect(stdout + stderr).not.toContain("\u001b");
  }
});

test("a CSV without its header line is refused without repeating its values", () => {
  const work = new Workdir();
  const row = "2026-10-30,ann@fabrikam.example,Ann,False,,2026-10-29,10,100";
  const { status, stdout, stderr } = work.run("import", work.write("headless.csv", `${row}\n${row}\n`));
  expect([status, (stdout + stderr).includes("ann@")]).toEqual([3, false]);
  expect(stdout.split("\n")[0]).toBe(
    "Nothing was imported from 1 file: 0 records read = 0 loaded + 0 rejected + 0 duplicate.",
  );
});

test("--as takes a CSV with the required columns alone, and names those that it lacks", () => {
  const work = new Workdir();
  const header = "Report Refresh Date,User Principal Name,Display Name,Item Count,Report Period";
  const named = (content: string): unknown[] => {
    const { status, stderr } = work.run(
      "import",
      work.write("m.csv", content),
      "--as",
      "mailbox_usage_detail",
      "--dry-run",
    );
    return [status, /lacks the required column.*/.exec(stderr)?.[0]];
  };
  expect(named(`${header}\n2026-10-30,a@b.example,A,5,180\n`)).toEqual([0, undefined]);
  expect(named("Item Count,Report Period\n5,180\n")).toEqual([
    3,
    'lacks the required columns "Report Refresh Date", "User Principal Name"',
  ]);
});

test("before the first day of the data nothing is Complete and nothing is zero", () => {
  const work = new Workdir();
  work.import(work.sample("contoso"));
  const statuses = work.query(
    "select distinct data_status as s from output_status where output not in ('output_status', 'data_quality')",
    "--as-of",
    "2020-01-01",
  );
  expect(statuses).toEqual([{ s: "Not supplied" }]);
  const [row] = work.query(
    "select reasons from output_status where output = 'app_summary'",
    "--as-of",
    "2020-01-01",
  );
  expect(row?.["reasons"]).toBe("sign_ins was supplied only from 2026-10-03 on");
});

test("an error answer whose dataset nothing says is a finding with its cure", () => {
  const work = new Workdir();
  work.write("in/users.json", users(1));
  work.write("in/answer.json", {
    error: { code: "Authorization_RequestDenied", message: "Insufficient privileges" },
  });
  expect(work.import("in").status).toBe(1);
  const [finding] = work.query("select detail, remedy from data_quality where finding = 'error_body'");
  expect(finding).toEqual({
    detail: expect.stringContaining("Authorization_RequestDenied") as string,
    remedy: expect.stringContaining("--as DATASET") as string,
  });
});

test("a $batch whose answers begin in the middle of others costs no more than itself", () => {
  const work = new Workdir();
  const answers =
    '{"responses":[{"id":"1","status":200,"body":"UmVwb3J0"},{"id":"2","status":302","status":302,"headers":{"Location":"x"' +
    ':302,"headers":{"Location":"x"body":"UmVwb3J0"},{"id":"2","status":302,"headers":{"Location":"x"}}]}';
  work.write("in/batch.json", answers);
  work.write("in/users.json", users(1));
  const { status, stdout } = work.run("import", "in", "--json");
  const { files } = JSON.parse(stdout) as { files: { file: string; records_loaded: number }[] };
  expect([status, files.find(({ file }) => file.endsWith("users.json"))?.records_loaded]).toEqual([1, 1]);
});

test.skipIf(process.platform === "win32")(
  "a limit on the size of files too small even for the lock leaves no lock behind",
  () => {
    const work = new Workdir();
    work.write("users.json", users(1));
    const bin = new URL("../../bin/m365-offline.js", import.meta.url).pathname;
    const script = `ulimit -f 11; "$0" ${bin} import users.json --quiet`;
    const { status, stderr } = spawnSync("bash", ["-c", script, process.execPath], {
      cwd: work.path,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([5, expect.stringContaining("ulimit -f") as string]);
    expect(readdirSync(work.path)).toEqual(["users.json"]);
  },
);

test("a database in which a bit of a used block has flipped is refused by the next import", async () => {
  const dir = new Workdir();
  // No import looks at what is in this property: only the sum of its blocks tells.
  const people = Array.from({ length: 4000 }, (_, index) => ({
    id: `id-${index}`,
    userPrincipalName: `u${index}@contoso.example`,
    givenName: randomBytes(96).toString("base64"),
  }));
  dir.import(dir.write("users.json", page("users", people)), "--db", "tenant.duckdb");
  const path = dir.file("tenant.duckdb");
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const numbers = async (sql: string): Promise<number[]> =>
    (await connection.runAndReadAll(sql)).getRows().map(([number]) => Number(number));
  const [used = 0] = await numbers(
    "select block_id from pragma_storage_info('raw.users') where persistent and column_name = 'givenName' and segment_type = 'VARCHAR'",
  );
  const [blocks = 0] = await numbers("select total_blocks from pragma_database_size()");
  connection.closeSync();
  instance.closeSync();
  const sound = readFileSync(path);
  const blockBytes = 262_144;
  const place = 3 * 4096 + used * blockBytes + 99_999;
  expect(sound.length).toBe(3 * 4096 + blocks * blockBytes);
  const flipped = Buffer.from(sound);
  flipped.writeUInt8(flipped.readUInt8(place) ^ 1, place);
  writeFileSync(path, flipped);
  const before = hashOf(path);
  const refused = dir.run("import", dir.write("more.json", users(4)), "--db", "tenant.duckdb");
  expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining("it is damaged")]);
  expect(hashOf(path)).toBe(before);
  writeFileSync(path, sound);
  const { status } = dir.run("import", "more.json", "--db", "tenant.duckdb", "--complete", "users");
  expect(status).toBe(0);
});

test("a lock that a killed import was just making keeps the next one out for seconds, not for good", () => {
  const work = new Workdir();
  work.write("users.json", users(1));
  expect(work.run("import", "users.json", "--quiet").status).toBe(0);
  const lock = work.file("tenant.duckdb.importing.lock");
  writeFileSync(lock, readFileSync(work.file("tenant.duckdb")).subarray(0, 5000));
  work.write("users.json", users(1, 2));
  const { status, stderr } = work.run("import", "users.json", "--quiet");
  expect([status, stderr]).toEqual([0, ""]);
  expect(readdirSync(work.path).toSorted()).toEqual(["tenant.duckdb", "users.json"]);
});
