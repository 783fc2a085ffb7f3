import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { ledgerOf, page, Workdir } from "../workdir.ts";

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const users = (...numbers: number[]): object[] =>
  numbers.map((number) => ({
    id: id(number),
    userPrincipalName: `u${number}@contoso.example`,
    accountEnabled: true,
    assignedLicenses: [],
  }));
const signIn = (number: number, more: object = {}): object => ({
  id: id(number),
  createdDateTime: "2026-10-01T10:00:00Z",
  userId: id(1),
  appId: id(900),
  appDisplayName: "Portal",
  status: { errorCode: 0 },
  ...more,
});
const mailboxes = (...rows: string[]): string =>
  [
    "\uFEFFReport Refresh Date,User Principal Name,Is Deleted,Last Activity Date,Item Count,Storage Used (Byte),Prohibit Send Quota (Byte),Report Period",
    ...rows,
    "",
  ].join("\r\n");

test("the same three users come out of a page, a bare array, NDJSON and a file with a byte order mark", () => {
  const records = users(1, 2, 3);
  const shapes: Record<string, string | Buffer> = {
    "page.json": JSON.stringify(page("users", records), null, 2),
    "array.json": JSON.stringify(records),
    "lines.ndjson": records.map((record) => `${JSON.stringify(record)}\n`).join(""),
    "marked.json": `\uFEFF${JSON.stringify(page("users", records))}`,
    "utf16.json": Buffer.from(`\uFEFF${JSON.stringify(page("users", records))}`, "utf16le"),
  };
  const seen = Object.entries(shapes).map(([name, content]) => {
    const dir = new Workdir();
    const { status, files } = dir.import(dir.write(name, content), "--as-of", "2026-11-01");
    expect([name, status, files[0]?.dataset, ledgerOf(files[0])]).toEqual([name, 0, "users", [3, 3, 0, 0]]);
    return dir.query("select * exclude (source_file_id) from raw.users order by id");
  });
  for (const rows of seen) expect(rows).toEqual(seen[0]);
});

test("pages in a folder are complete when one of them is the last, and one alone with a next link is not", () => {
  const dir = new Workdir();
  dir.write("users/1.json", page("users", users(1, 2), { "@odata.nextLink": "https://graph/next" }));
  const cut = dir.import("users", "--as-of", "2026-11-01");
  expect([cut.status, cut.files[0]?.completeness, cut.files[0]?.issues.map(({ code }) => code)]).toEqual([
    1,
    "Incomplete",
    ["next_link"],
  ]);
  dir.write("users/2.json", page("users", users(3)));
  const whole = dir.import("users", "--as-of", "2026-11-02");
  expect([whole.status, whole.files.map(({ completeness }) => completeness)]).toEqual([
    0,
    ["Complete", "Complete"],
  ]);
  expect(dir.query("select count(*) as users from users")).toEqual([{ users: 3 }]);
});

test("the next import continues pages that were cut, when it shares no user with them", () => {
  const dir = new Workdir();
  const first = dir.write("1.json", page("users", users(1, 2), { "@odata.nextLink": "https://graph/next" }));
  const second = dir.write("2.json", page("users", users(3)));
  dir.import(first, "--as-of", "2026-11-01");
  dir.import(second, "--as-of", "2026-11-01");
  expect(dir.query("select count(*) as users from users")).toEqual([{ users: 3 }]);
  expect(dir.query("select distinct completeness, superseded_by from meta.snapshots")).toEqual([
    { completeness: "Complete", superseded_by: null },
  ]);
});

test("a second export of the same day supersedes the first, and an incomplete one does not displace a complete one", () => {
  const dir = new Workdir();
  dir.import(dir.write("a.json", page("users", users(1, 2))), "--as-of", "2026-11-01");
  dir.import(dir.write("b.json", page("users", users(2, 3))), "--as-of", "2026-11-01");
  expect(dir.query("select user_id from users order by all")).toEqual([
    { user_id: id(2) },
    { user_id: id(3) },
  ]);
  const cut = dir.import(
    dir.write("c.json", page("users", users(3), { "@odata.nextLink": "x" })),
    "--as-of",
    "2026-11-01",
  );
  expect(cut.status).toBe(1);
  expect(dir.query("select count(*) as users from users")).toEqual([{ users: 2 }]);
  expect(dir.query("select count(*) as rows from raw.users")).toEqual([{ rows: 5 }]);
});

test("--as-of moves every output between the snapshots of two days", () => {
  const dir = new Workdir();
  dir.import(dir.write("a.json", page("users", users(1, 2))), "--as-of", "2026-10-01");
  dir.import(dir.write("b.json", page("users", users(2, 3, 4))), "--as-of", "2026-11-01");
  const count = (...args: string[]): unknown =>
    dir.query("select count(*) as users from users", ...args)[0]?.["users"];
  expect([
    count(),
    count("--as-of", "2026-10-31"),
    count("--as-of", "2026-10-01"),
    count("--as-of", "2026-09-30"),
  ]).toEqual([3, 2, 2, 0]);
});

test("the same bytes again are skipped, repeat their verdict and leave the database as it is", () => {
  const dir = new Workdir();
  const file = dir.write("users.ndjson", `${JSON.stringify(users(1)[0])}\n{"id":\n`);
  const first = dir.import(file, "--as-of", "2026-11-01");
  const hash = createHash("sha256")
    .update(readFileSync(dir.file("tenant.duckdb")))
    .digest("hex");
  const again = dir.import(file);
  expect([first.status, again.status]).toEqual([1, 1]);
  expect([again.files[0]?.status, ledgerOf(again.files[0])]).toEqual(["skipped", [2, 1, 1, 0]]);
  expect(
    createHash("sha256")
      .update(readFileSync(dir.file("tenant.duckdb")))
      .digest("hex"),
  ).toBe(hash);
  expect(dir.import(file, "--as-of", "2026-11-02").files[0]?.status).toBe("loaded");
});

test("files that are known bring the views of another version up to date, and are no import", async () => {
  const dir = new Workdir();
  const file = dir.write("users.json", page("users", users(1, 2)));
  dir.import(file);
  const current = dir.query("select views_hash from meta.database");
  await dir.change(
    "update meta.database set views_hash = 'old'; create or replace view users as select 1 as one",
  );
  expect(dir.import(file).files.map(({ status }) => status)).toEqual(["skipped"]);
  expect(dir.query("select views_hash from meta.database")).toEqual(current);
  expect(dir.query("select count(*) as n from users")).toEqual([{ n: 2 }]);
  expect(dir.query("select count(*) as n from meta.imports")).toEqual([{ n: 1 }]);
});

test("events accumulate: the same sign-in twice is one, and the later export wins", () => {
  const dir = new Workdir();
  dir.import(dir.write("1.json", page("auditLogs/signIns", [signIn(1), signIn(2), signIn(2)])));
  const second = dir.import(
    dir.write(
      "2.json",
      page("auditLogs/signIns", [signIn(1), signIn(2, { appDisplayName: "Renamed" }), signIn(3)]),
    ),
  );
  expect(ledgerOf(second.files[0])).toEqual([3, 2, 0, 1]);
  expect(dir.query("select id, appDisplayName as app from raw.sign_ins order by id")).toEqual([
    { id: id(1), app: "Portal" },
    { id: id(2), app: "Renamed" },
    { id: id(3), app: "Portal" },
  ]);
  expect(
    dir.query(
      "select records_read as r, records_loaded as l, records_duplicate as d from meta.source_files order by source_file_id",
    ),
  ).toEqual([
    { r: 3, l: 1, d: 2 },
    { r: 3, l: 2, d: 1 },
  ]);
});

test("every file's ledger adds up, and the rows in raw are those it calls loaded", () => {
  const dir = new Workdir();
  dir.import(dir.sample("damaged"), dir.sample("contoso"));
  expect(
    dir.query(
      "from meta.source_files where records_read <> records_loaded + records_rejected + records_duplicate",
    ),
  ).toEqual([]);
  const tables = dir
    .query("select distinct dataset from meta.source_files where records_loaded > 0")
    .map(({ dataset }) => String(dataset));
  const sums = tables.map(
    (table) =>
      `select '${table}' as dataset, (select count(*) from raw.${table}) as rows, (select sum(records_loaded) from meta.source_files where dataset = '${table}') as loaded`,
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { dataset, rows, loaded } of dir.query(sums.join(" union all ")))
    expect([dataset, rows]).toEqual([dataset, loaded]);
});

test("integers keep every digit, from JSON and from CSV", () => {
  const dir = new Workdir();
  const large = "9007199254740993";
  dir.import(
    dir.write(
      "skus.json",
      `{"@odata.context":"x$metadata#subscribedSkus","value":[{"id":"a","skuId":"${id(7)}","skuPartNumber":"P","consumedUnits":${large},"prepaidUnits":{"enabled":-9223372036854775808}}]}`,
    ),
    dir.write(
      "mailboxes.csv",
      mailboxes(`2026-10-30,u1@contoso.example,False,2026-10-29,1,9223372036854775807,1,180`),
    ),
    "--as-of",
    "2026-11-01",
  );
  expect(dir.query("select consumedUnits as c, prepaidUnits.enabled as e from raw.subscribed_skus")).toEqual([
    { c: large, e: "-9223372036854775808" },
  ]);
  expect(dir.query("select storageUsedInBytes as s from raw.mailbox_usage_detail")).toEqual([
    { s: "9223372036854775807" },
  ]);
});

test("bad records are refused one by one with their place and reason; the good ones load", () => {
  const dir = new Workdir();
  const lines = [
    ["good", JSON.stringify(users(1)[0])],
    ["json_syntax", '{"id": "x"'],
    ["missing_property", '{"userPrincipalName":"x"}'],
    ["wrong_type", `{"id":"${id(2)}","accountEnabled":"maybe"}`],
    ["wrong_type", `{"id":"${id(3)}","assignedLicenses":[{"skuId":5}]}`],
    ["bad_format", `{"id":"${id(4)}","createdDateTime":"yesterday"}`],
    ["not_an_object", "[1]"],
    ["too_deep", `{"id":"${id(5)}","x":${"[".repeat(80)}${"]".repeat(80)}}`],
    ["lone_surrogate", `{"id":"${id(6)}","displayName":"\\ud800"}`],
    ["good", `{"id":"${id(7)}","displayName":"\\ud83d\\ude00 \\u0000 \\u001b"}`],
  ];
  const { status, files } = dir.import(
    dir.write("users.ndjson", `${lines.map(([, line]) => line).join("\n")}\n`),
    "--as-of",
    "2026-11-01",
  );
  expect([status, ledgerOf(files[0])]).toEqual([1, [10, 2, 8, 0]]);
  const expected = lines.flatMap(([code], index) => (code === "good" ? [] : [{ n: index + 1, code }]));
  expect(dir.query("select record_number as n, code from meta.rejected_records order by n")).toEqual(
    expected,
  );
  expect(dir.query("select displayName as name from raw.users where displayName is not null")).toEqual([
    { name: "\u{1F600} \u0000 \u001b" },
  ]);
  const bytes = readFileSync(dir.file("users.ndjson"));
  const [row] = dir.query(
    "select byte_offset as o, byte_length as l from meta.rejected_records where code = 'bad_format'",
  );
  expect(bytes.subarray(Number(row?.["o"]), Number(row?.["o"]) + Number(row?.["l"])).toString()).toBe(
    lines[5]?.[1],
  );
});

test("no message and no ledger row repeats a value of a rejected record", () => {
  const dir = new Workdir();
  const secret = "secret.person@contoso.example";
  const file = dir.write(
    "users.json",
    page("users", [
      { id: 5, userPrincipalName: secret },
      { id: id(1), createdDateTime: secret },
    ]),
  );
  const { stdout, stderr } = dir.run("import", file);
  expect(stdout + stderr).not.toContain("secret");
  expect(JSON.stringify(dir.query("from meta.rejected_records"))).not.toContain("secret");
});

test("--strict refuses a file with a bad record as a whole, and only that file", () => {
  const dir = new Workdir();
  dir.write(
    "in/a.ndjson",
    `${users(1)
      .map((user) => JSON.stringify(user))
      .join("")}\n{"id":5}\n`,
  );
  dir.write("in/b.csv", mailboxes("2026-10-30,u1@contoso.example,False,2026-10-29,1,5,1,180"));
  const { status, files } = dir.import("in", "--strict");
  expect([status, ...files.map((file) => [file.status, ...ledgerOf(file)])]).toEqual([
    1,
    ["refused", 2, 0, 2, 0],
    ["loaded", 1, 1, 0, 0],
  ]);
  expect(dir.query("select count(*) as rows from raw.users")).toEqual([{ rows: 0 }]);
  const loose = dir.import("in");
  expect([loose.status, ...loose.files.map((file) => file.status)]).toEqual([1, "loaded", "skipped"]);
  expect(dir.query("select count(*) as rows from raw.users")).toEqual([{ rows: 1 }]);
});

test("--dry-run tells the same and changes nothing", () => {
  const dir = new Workdir();
  const file = dir.write("users.json", page("users", users(1)));
  expect(dir.import(file, "--dry-run").files[0]?.status).toBe("loaded");
  expect(dir.list()).toEqual(["users.json"]);
});

test("dates come from the file, else --as-of, else a guess that the reports beside it bound", () => {
  const dir = new Workdir();
  const file = dir.write("users.json", page("users", users(1)), "2026-05-06T12:00:00Z");
  const report = dir.write("m.csv", mailboxes("2026-10-30,u1@contoso.example,False,2026-10-29,1,5,1,180"));
  const dates = (...args: string[]): unknown[] => {
    const { files } = dir.import(...args, "--dry-run");
    return files.map((found) => [
      found.snapshot_date,
      found.snapshot_date_source,
      found.issues.some(({ code }) => code === "date_guessed"),
    ]);
  };
  expect(dates(file)).toEqual([["2026-05-06", "modified_time", true]]);
  expect(dates(file, "--as-of", "2026-11-01")).toEqual([["2026-11-01", "as_of", false]]);
  expect(dates(file, report)).toEqual([
    ["2026-10-30", "bound", true],
    ["2026-10-30", "file", false],
  ]);
});

test("a property that was not exported stays apart from one that is null", () => {
  const dir = new Workdir();
  dir.import(
    dir.write(
      "users.json",
      page("users(id,mail)", [
        { id: id(1), mail: null },
        { id: id(2), mail: "a@b.example" },
      ]),
    ),
    "--as-of",
    "2026-11-01",
  );
  expect(
    dir.query(
      "select property as p, records_present as there, records_null as nulls from meta.source_properties where property in ('id', 'mail', 'country') order by p",
    ),
  ).toEqual([
    { p: "country", there: 0, nulls: 0 },
    { p: "id", there: 2, nulls: 0 },
    { p: "mail", there: 2, nulls: 1 },
  ]);
});

test("only what the schema names is stored; the rest is named once", () => {
  const dir = new Workdir();
  const { files } = dir.import(
    dir.write("users.json", page("users", [{ ...users(1)[0], shoeSize: 43, hobbies: ["chess"] }])),
    "--as-of",
    "2026-11-01",
  );
  expect(files[0]?.issues.map(({ code, message }) => [code, message])).toEqual([
    ["unused_properties", 'has properties that are not stored: "shoeSize", "hobbies"'],
  ]);
  expect(readFileSync(dir.file("tenant.duckdb")).includes("chess")).toBe(false);
});

test("the database and its folder leftovers are the owner's alone", () => {
  const dir = new Workdir();
  dir.import(dir.write("users.json", page("users", users(1))));
  expect((statSync(dir.file("tenant.duckdb")).mode & 0o777).toString(8)).toBe("600");
  expect(dir.list()).toEqual(["tenant.duckdb", "users.json"]);
});

test("daily sign-in exports in one folder are judged one by one", () => {
  const dir = new Workdir();
  const events = (day: number, ...hours: number[]): object[] =>
    hours.map((hour) => ({
      id: `d${day}h${hour}`,
      createdDateTime: `2026-10-0${day}T${String(hour).padStart(2, "0")}:00:00Z`,
      appId: "a",
      userId: "u",
    }));
  const open = { "@odata.nextLink": "https://graph/next" };
  const put = (name: string, value: readonly object[], more: Record<string, unknown> = {}): unknown =>
    dir.write(name, page("auditLogs/signIns", value, more));
  // The first day was cut, the second is whole in two pages, the third is cut.
  put("days/day1-p1.json", events(1, 20, 10), open);
  put("days/day2-p1.json", events(2, 20, 10), open);
  put("days/day2-p2.json", events(2, 9, 8));
  put("days/day3-p1.json", events(3, 20, 10), open);
  const { status, files } = dir.import("days");
  const told = files.map(({ completeness, issues }) => [completeness, ...issues.map(({ code }) => code)]);
  expect([status, told]).toEqual([
    1,
    [["Incomplete", "next_link"], ["Complete"], ["Complete"], ["Incomplete", "next_link"]],
  ]);
});

test("pages of registration details are of one day, that of the newest record in any of them", () => {
  const dir = new Workdir();
  const context = "reports/authenticationMethods/userRegistrationDetails";
  const record = (number: number, day: string): object => ({
    id: id(number),
    userPrincipalName: `u${number}@contoso.example`,
    isMfaCapable: true,
    isMfaRegistered: true,
    lastUpdatedDateTime: `${day}T10:00:00Z`,
  });
  const next = { "@odata.nextLink": "https://graph/next" };
  dir.write("details/1.json", page(context, [record(1, "2026-10-30")], next));
  dir.write("details/2.json", page(context, [record(2, "2026-11-01")]));
  dir.import("details");
  expect(
    dir.query(
      "select snapshot_date::varchar as d, count(*)::integer as n from meta.source_files group by all",
    ),
  ).toEqual([{ d: "2026-11-01", n: 2 }]);
  expect(dir.query("select count(*)::integer as n from mfa_status")).toEqual([{ n: 2 }]);
});

test("who was deleted is no user", () => {
  const dir = new Workdir();
  const [first, second] = users(1, 2);
  dir.write("users.json", page("users", [first, { ...second, deletedDateTime: "2026-10-01T00:00:00Z" }]));
  dir.import("users.json", "--as-of", "2026-11-01");
  expect(dir.query("select user_id from users")).toEqual([{ user_id: id(1) }]);
  expect(dir.query("select count(*)::integer as n from raw.users")).toEqual([{ n: 2 }]);
});

test("a file that breaks off between records is known by the hash of the whole file, and skipped the next time", () => {
  const dir = new Workdir();
  const filler = Array.from({ length: 20_000 }, (_, index) => ({
    id: id(index + 1),
    displayName: "x".repeat(60),
  }));
  const text = JSON.stringify(page("users", filler));
  dir.write("users.json", `${text.slice(0, 400)}]]${text.slice(400)}`);
  dir.import("users.json", "--as-of", "2026-11-01");
  const hash = createHash("sha256")
    .update(readFileSync(dir.file("users.json")))
    .digest("hex");
  expect(dir.query("select sha256 from meta.source_files")).toEqual([{ sha256: hash }]);
  expect(dir.import("users.json").files.map((file) => file.status)).toEqual(["skipped"]);
});
