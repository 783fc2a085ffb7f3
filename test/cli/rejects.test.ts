import { expect, test } from "vitest";
import { ledgerOf, Workdir, type Imported } from "../workdir.ts";

const id = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const header = "id,userPrincipalName,displayName,createdDateTime\n";

/** `rejects retry … --json`. */
function retry(dir: Workdir, ...args: string[]): Imported {
  const { status, stdout, stderr } = dir.run("rejects", "retry", ...args, "--json");
  if (stdout === "") throw new Error(`rejects retry printed nothing; it said: ${stderr}`);
  return { ...(JSON.parse(stdout) as Omit<Imported, "status" | "stderr">), status, stderr };
}

test("rejects names file, record, byte, reason and cure, counts exactly and says where its list ends", () => {
  const dir = new Workdir();
  const bad = Array.from({ length: 1200 }, (_, index) => `${id(index)},x@contoso.example,X\n`).join("");
  dir.write("users.csv", `${header}${id(9999)},good@contoso.example,Good,2026-01-01T00:00:00Z\n${bad}`);
  expect(dir.import("users.csv", "--as-of", "2026-11-01").status).toBe(1);
  const { status, stdout } = dir.run("rejects");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^users\.csv \(users\): 1200 rejected, the first 1000 of them$/m);
  expect(stdout).toMatch(/^ {2}record 2 at byte \d+: has 3 fields where the header has 4$/m);
  expect(stdout.match(/^ {4}Export the data again/gm)).toHaveLength(1);
  expect(stdout).not.toContain("contoso.example");
  const { files, records } = JSON.parse(dir.run("rejects", "list", "--json").stdout) as {
    files: { rejected: number; named: number }[];
    records: { code: string; cure: string }[];
  };
  expect(files.map(({ rejected, named }) => [rejected, named])).toEqual([[1200, 1000]]);
  expect([records.length, records[0]?.code, records[0]?.cure !== ""]).toEqual([1000, "ragged_row", true]);
});

test("rejects says of a file that --strict refused why all of it is rejected, and which record it was for", () => {
  const dir = new Workdir();
  const good = `${id(1)},good@contoso.example,Good,2026-01-01T00:00:00Z\n`;
  dir.write("users.csv", `${header}${good}${id(2)},x@contoso.example,X\n`);
  expect(dir.import("users.csv", "--as-of", "2026-11-01", "--strict").status).toBe(1);
  expect(dir.run("rejects").stdout).toMatch(
    /^users\.csv \(users\): 2 rejected\n {2}all of them: the file was refused as a whole because --strict was given\n {4}Mend its records, or leave out --strict\.\n {2}record 2 at byte \d+: has 3 fields where the header has 4\n {4}Export the data again/,
  );
});

test("retry loads what passes with --encoding, beside what is there, and a second retry has nothing to do", () => {
  const dir = new Workdir();
  const rows = [
    `${id(1)},ann@contoso.example,Ann,2026-01-01T00:00:00Z\n`,
    `${id(2)},zoe@contoso.example,Zo\xeb,2026-01-01T00:00:00Z\n`,
    `${id(3)},x@contoso.example\n`,
    `${id(1)},ann@contoso.example,Ann Twice,2026-01-01T00:00:00Z\n`,
  ];
  dir.write("users.csv", Buffer.from(header + rows.join(""), "latin1"));
  const first = dir.import("users.csv", "--as-of", "2026-11-01");
  expect(ledgerOf(first.files[0])).toEqual([4, 1, 2, 1]);
  const again = retry(dir, "users.csv", "--encoding", "windows-1252");
  expect([again.status, ledgerOf(again.files[0])]).toEqual([1, [4, 2, 1, 1]]);
  expect(dir.query("select record_number as n, displayName as name from raw.users order by n")).toEqual([
    { n: 2, name: "Zoë" },
    { n: 4, name: "Ann Twice" },
  ]);
  const ledger =
    "select records_read as r, records_loaded as l, records_rejected as x, records_duplicate as d from meta.source_files";
  expect(dir.query(ledger)).toEqual([{ r: 4, l: 2, x: 1, d: 1 }]);
  expect(dir.query("select record_number as n, code from meta.rejected_records")).toEqual([
    { n: 3, code: "ragged_row" },
  ]);
  expect(dir.query("select count(*) as n from meta.snapshots")).toEqual([{ n: 1 }]);
});

test("retry loads what a mended schema allows; an event that another file has already stays one", () => {
  const dir = new Workdir();
  const schema = (maxLength: number): object => ({
    $id: "knocks",
    title: "Knocks",
    description: "Knocks at doors, one record per knock.",
    "x-kind": "event",
    "x-key": ["knockId"],
    "x-recognise": [["knockId", "door"]],
    "x-snapshot-date": "at",
    "x-export": { graph: "none", portal: "none" },
    type: "object",
    required: ["knockId", "at"],
    properties: {
      knockId: { description: "Identifier.", type: "string" },
      at: { description: "When.", type: "string", format: "date-time" },
      door: { description: "Where.", type: ["string", "null"], maxLength },
    },
  });
  dir.write("schemas/knocks.schema.json", schema(5));
  const knock = (number: number, door: string): object => ({
    knockId: `k${number}`,
    at: "2026-10-01T00:00:00Z",
    door,
  });
  dir.write("a.json", [knock(1, "front"), knock(2, "garden gate"), knock(3, "garden gate")]);
  dir.write("b.json", [knock(3, "back")]);
  const first = dir.import("a.json", "b.json", "--schemas", "schemas");
  expect(first.files.map(ledgerOf)).toEqual([
    [3, 1, 2, 0],
    [1, 1, 0, 0],
  ]);
  dir.write("schemas/knocks.schema.json", schema(50));
  const again = retry(dir, ".", "--schemas", "schemas");
  expect([again.status, again.files.map(ledgerOf)]).toEqual([0, [[3, 2, 0, 1]]]);
  expect(dir.query("select knockId as k, door from raw.knocks order by k")).toEqual([
    { k: "k1", door: "front" },
    { k: "k2", door: "garden gate" },
    { k: "k3", door: "back" },
  ]);
  expect(retry(dir, ".", "--schemas", "schemas").files).toEqual([]);
});

test("retry reads a file as it was read, and with what is said now; the ledger is true of every row", () => {
  const dir = new Workdir();
  const rows = [
    `${id(1)},a@contoso.example,A,9/10/2026 10:00\n`,
    `${id(2)},b@contoso.example\n`,
    `${id(3)},c@contoso.example,C,8/10/2026 10:00\n`,
  ];
  dir.write("users.csv", header + rows.join(""));
  const created = "select createdDateTime as c from raw.users order by record_number";
  dir.import("users.csv", "--as-of", "2026-11-01");
  expect(dir.query(created)).toEqual([{ c: null }, { c: null }]);
  // What was not known before is known now, of the rows that were there too.
  const said = retry(dir, "users.csv", "--date-order", "day-first", "--time-zone", "Asia/Tokyo");
  expect(said.files.map(ledgerOf)).toEqual([[3, 2, 1, 0]]);
  const read = [{ c: "2026-10-09T01:00:00Z" }, { c: "2026-10-08T01:00:00Z" }];
  expect(dir.query(created)).toEqual(read);
  const lost = "select sum(records_lost)::integer as n from meta.source_properties";
  expect(dir.query(lost)).toEqual([{ n: 0 }]);
  // And without options it is read as before.
  expect(retry(dir, "users.csv").files.map(ledgerOf)).toEqual([[3, 2, 1, 0]]);
  expect(dir.query(created)).toEqual(read);
  expect(dir.query("select date_order as o, time_zone as z from meta.source_files")).toEqual([
    { o: "day-first", z: "Asia/Tokyo" },
  ]);
});

test("what an import noted of a file holds after a retry: its zone, its cut end, its hash", () => {
  const dir = new Workdir();
  const rows = [
    `${id(1)},a@contoso.example,A,2026-10-09 10:00\n`,
    `${id(2)},b@contoso.example\n`,
    `${id(3)},c@contoso.example,C,2026-10-09 11:00`,
  ];
  dir.write("users.csv", header + rows.join(""));
  const noted = "select code, records from meta.issues where code <> 'columns_differ' order by code";
  const known = "select sha256, completeness from meta.source_files";
  dir.import("users.csv");
  const before = [dir.query(noted), dir.query(known)];
  expect(before[0]?.map((row) => row["code"])).toEqual([
    "date_guessed",
    "ragged_row",
    "unended",
    "zone_assumed",
  ]);
  const again = retry(dir, "users.csv");
  expect([again.status, again.files.map(ledgerOf)]).toEqual([1, [[3, 2, 1, 0]]]);
  expect([dir.query(noted), dir.query(known)]).toEqual(before);
});

test("a file that breaks off keeps its hash through a retry", () => {
  const dir = new Workdir();
  dir.write("users.json", `[{"id":"${id(1)}","userPrincipalName":"a@contoso.example"},{"id":"${id(2)}`);
  dir.import("users.json", "--as-of", "2026-11-01");
  const known = "select sha256, completeness, records_loaded as n from meta.source_files";
  const before = dir.query(known);
  retry(dir, "users.json");
  expect(dir.query(known)).toEqual(before);
  expect(String(before[0]?.["sha256"])).toHaveLength(64);
});

test("the same bytes read in the same way are skipped, and read again where another way is said", () => {
  const dir = new Workdir();
  dir.write("users.csv", `${header}${id(1)},a@contoso.example,A,2026-10-09 10:00\n`);
  const importIn = (zone: string): string | undefined =>
    dir.import("users.csv", "--time-zone", zone).files[0]?.status;
  expect([importIn("Asia/Tokyo"), importIn("Asia/Tokyo"), importIn("UTC")]).toEqual([
    "loaded",
    "skipped",
    "loaded",
  ]);
});

test("rejects refuses what makes no sense, and says so of a database without rejected records", () => {
  const dir = new Workdir();
  dir.write("users.csv", `${header}${id(1)},a@contoso.example,A,2026-01-01T00:00:00Z\n`);
  dir.import("users.csv", "--as-of", "2026-11-01");
  expect(dir.run("rejects").stdout).toBe("No record was rejected.\n");
  expect(dir.run("rejects", "retry").status).toBe(2);
  expect(dir.run("rejects", "list", "users.csv").status).toBe(2);
  expect(dir.run("rejects", "retry", "users.csv").stdout).toContain("Nothing to do");
  expect(dir.run("rejects", "--db", "none.duckdb").status).toBe(4);
});
