import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import Papa from "papaparse";
import { beforeAll, describe, expect, test } from "vitest";
import { Workdir } from "../workdir.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schema = JSON.parse(readFileSync(`${root}/schemas/meta/manifest.schema.json`, "utf8")) as object;
const validate = new Ajv2020({ strict: false }).compile(schema);
let dir: Workdir;

interface ManifestFile {
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  readonly md5?: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nulls: number;
    readonly personal: string;
  }[];
  readonly relations: readonly { readonly hard: boolean; readonly unmatched: number }[];
  readonly totals?: Record<string, string>;
  readonly left_out?: readonly { readonly reason: string; readonly rows: number }[];
  readonly filled?: readonly { readonly column: string; readonly rule: string; readonly rows: number }[];
  readonly upload?: { readonly loadType: string; readonly suggested_name: string };
  readonly sections?: readonly { readonly name: string; readonly rows: number }[];
}

interface Manifest {
  readonly profile: { readonly name: string; readonly sha256: string; readonly experimental: boolean };
  readonly status: string;
  readonly usable: boolean;
  readonly files: readonly ManifestFile[];
}

type Line = Record<string, string>;
type Json = Record<string, unknown>;

const manifestOf = (folder: string): Manifest => JSON.parse(dir.read(`${folder}/manifest.json`)) as Manifest;
const fileOf = (folder: string, name: string): ManifestFile | undefined =>
  manifestOf(folder).files.find(({ file }) => file === name);
const csvOf = (path: string): Line[] =>
  Papa.parse<Line>(dir.read(path), { header: true, skipEmptyLines: true, delimiter: ",", newline: "\r\n" })
    .data;
const linesOf = (path: string): Json[] =>
  dir
    .read(path)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json);
const countOf = (values: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

/** The records of the sample's own files, read without the program. */
const recordsOf = (...names: string[]): Json[] =>
  names.flatMap(
    (name) =>
      (JSON.parse(readFileSync(`${root}/samples/contoso/${name}`, "utf8")) as { value: Json[] }).value,
  );
const people = recordsOf("users/users-1.json", "users/users-2.json", "users/users-3.json");

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.sample("contoso"));
  for (const name of ["flexera", "flexera-import-jobs", "snow-generic"]) {
    const { status, stderr } = dir.run("export", "--profile", name, "--out", name);
    expect([name, status]).toEqual([name, 0]);
    expect(stderr.match(/is experimental/g)).toHaveLength(1);
  }
});

describe("flexera", () => {
  test("users.csv has every user of the export once, with a mail address and the licenses of each", () => {
    const users = csvOf("flexera/users.csv");
    expect(users).toHaveLength(62);
    expect(users.map((row) => row["uniqueId"])).toEqual(people.map(({ id }) => String(id)).toSorted());
    expect(users.filter((row) => row["email"] === "")).toEqual([]);
    const { filled = [], columns = [] } = fileOf("flexera", "users.csv") ?? {};
    const withoutMail = people.filter(({ mail }) => mail === null || mail === "").length;
    expect(filled).toEqual([{ column: "email", rule: "from user_principal_name", rows: withoutMail }]);
    expect(withoutMail).toBe(2);
    const skus = users.map((row) => row["skus"] ?? "").filter((cell) => cell !== "");
    expect([skus.length, skus.flatMap((cell) => cell.split(";")).length]).toEqual([55, 93]);
    expect(countOf(users.map((row) => row["accountEnabled"]))).toEqual({ true: 57, false: 5 });
    expect(columns.find(({ name }) => name === "email")).toMatchObject({ personal: "mail", nulls: 0 });
  });

  test("activities.csv has a row for each use of a workload and of an application by a user of users.csv", () => {
    const rows = csvOf("flexera/activities.csv");
    const workloads = {
      exchange: "O365 Exchange",
      onedrive: "O365 OneDrive",
      sharepoint: "O365 SharePoint",
      teams: "O365 Teams",
      yammer: "O365 Yammer",
      skype: "O365 Skype",
      m365_apps: "O365 Microsoft 365 apps",
      copilot: "O365 Copilot",
    };
    // Counted in other outputs, which the second computation agrees with.
    const used = Object.entries(workloads).map(([name, word]) => {
      const [row] = dir.query(`select count(${name}_last_activity_date)::integer as n from user_activity`);
      return [word, Number(row?.["n"])] as const;
    });
    const [apps] = dir.query(
      "select count(last_sign_in_at)::integer as n, count(last_sign_in_at) filter (user_id not in (select user_id from users))::integer as gone from app_activity",
    );
    expect(apps).toEqual({ n: 216, gone: 1 });
    const counts = countOf(rows.map((row) => row["subAppName"]));
    expect(Object.fromEntries(used.map(([word]) => [word, counts[word]]))).toEqual(Object.fromEntries(used));
    // 206 and 215 as before there were Microsoft 365 apps (35) and Copilot (3) among the workloads.
    expect(Object.fromEntries(used)).toEqual({
      "O365 Exchange": 49,
      "O365 OneDrive": 48,
      "O365 SharePoint": 48,
      "O365 Teams": 47,
      "O365 Yammer": 9,
      "O365 Skype": 5,
      "O365 Microsoft 365 apps": 35,
      "O365 Copilot": 3,
    });
    expect([rows.length, rows.filter((row) => row["description"] === "sign-in log").length]).toEqual([
      459, 215,
    ]);
    expect(fileOf("flexera", "activities.csv")?.left_out).toEqual([
      { reason: "uniqueId not in users.csv", rows: 1 },
    ]);
    const known = new Set(people.map(({ id }) => String(id)));
    expect(rows.filter((row) => !known.has(row["uniqueId"] ?? ""))).toEqual([]);
    expect(new Set(rows.map((row) => row["uniqueId"])).size).toBe(53);
    expect(new Set(rows.map((row) => `${row["uniqueId"]} ${row["subAppName"]}`)).size).toBe(rows.length);
    expect(counts["Contoso Timesheets (new)"]).toBe(24);
    expect(rows.filter((row) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(row["occurredAt"] ?? ""))).toEqual(
      [],
    );
  });

  test("subscriptions.csv has what the system would not refuse; the rest is left out and counted", () => {
    const rows = csvOf("flexera/subscriptions.csv");
    const own = recordsOf("subscriptions.json");
    expect([own.length, rows.length]).toEqual([14, 9]);
    const { left_out: leftOut, totals } = fileOf("flexera", "subscriptions.csv") ?? {};
    expect(leftOut).toEqual([
      { reason: "Expiration date is empty", rows: 2 },
      { reason: "Billing period is empty", rows: 3 },
    ]);
    expect(own.filter(({ nextLifecycleDateTime: end }) => end === null)).toHaveLength(2);
    const written = own.filter(({ commerceSubscriptionId: id }) =>
      rows.some((row) => row["Subscription ID"] === id),
    );
    const quantity = written.reduce((sum, { totalLicenses: units }) => sum + Number(units), 0);
    expect([
      quantity,
      totals?.["Quantity"],
      rows.reduce((sum, row) => sum + Number(row["Quantity"]), 0),
    ]).toEqual([103, "103", 103]);
    for (const row of rows) {
      expect(row["Expiration date"]).toMatch(/^\d{4}-\d\d-\d\dT00:00:00:00Z$/);
      expect(["Monthly", "Yearly"]).toContain(row["Billing period"]);
      expect([row["Purchase date"], row["Cost per unit"], row["Currency"]]).not.toContain("");
      expect(row["Cost per unit"]).toMatch(/^\d+\.\d\d$/);
    }
  });
});

describe("flexera-import-jobs", () => {
  const usage = "flexera-import-jobs/application_usage-01.jsonl";

  test("the roster has every user, and all that the API requires is there", () => {
    const rows = linesOf("flexera-import-jobs/application_roster-01.jsonl");
    expect(rows).toHaveLength(62);
    for (const row of rows)
      for (const name of ["uniqueId", "email", "firstName", "lastName", "activatedAt"])
        expect([name, typeof row[name], row[name] === ""]).toEqual([name, "string", false]);
    expect(rows.flatMap(({ skus }) => skus as string[])).toHaveLength(93);
    expect(rows.filter(({ firstName }) => firstName === "-")).toHaveLength(5);
    const { filled, upload } = fileOf("flexera-import-jobs", "application_roster-01.jsonl") ?? {};
    expect(filled?.map(({ column, rows: count }) => [column, count])).toEqual([
      ["email", 2],
      ["firstName", 5],
      ["lastName", 5],
    ]);
    expect(upload).toMatchObject({ taskName: "ApplicationRoster", taskVersion: 1, loadType: "full" });
    expect(dir.read("flexera-import-jobs/VERIFY.txt")).toContain("gzip -n");
    expect(dir.read("flexera/VERIFY.txt")).not.toContain("gzip");
  });

  test("usage has the rows of activities.csv, each with all fields", () => {
    const rows = linesOf(usage);
    expect(rows).toHaveLength(459);
    for (const row of rows)
      expect(Object.keys(row)).toEqual(["uniqueId", "email", "subAppName", "type", "occurredAt"]);
    const keysOf = (all: readonly Json[]): string[] =>
      all.map((row) => `${String(row["uniqueId"])} ${String(row["subAppName"])}`);
    expect(keysOf(rows)).toEqual(keysOf(csvOf("flexera/activities.csv")));
  });

  test("in parts it is the same bytes, none larger than asked, each with the MD5 to be sent and a name of its own", () => {
    const given = ["--profile", "flexera-import-jobs", "--max-bytes", "20000", "--out", "parts"];
    expect(dir.run("export", ...given).status).toBe(0);
    const parts = manifestOf("parts").files.filter(({ file }) => file.startsWith("application_usage"));
    expect(parts.length).toBeGreaterThanOrEqual(4);
    for (const { file, bytes, md5 } of parts) {
      const data = readFileSync(dir.file(`parts/${file}`));
      expect([bytes, bytes <= 20_000]).toEqual([data.length, true]);
      expect(md5).toBe(createHash("md5").update(data).digest("hex"));
    }
    expect(parts.map(({ file }) => dir.read(`parts/${file}`)).join("")).toBe(dir.read(usage));
    const names = parts.map(({ upload }) => upload?.suggested_name ?? "");
    expect(new Set(names).size).toBe(parts.length);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(150);
    expect(parts.flatMap(({ left_out: each = [] }) => each)).toHaveLength(1);
  });
});

test("parts of CSV have the header each, and their rows together are those of the whole", () => {
  expect(dir.run("export", "--profile", "flexera", "--max-bytes", "600", "--out", "csv-parts").status).toBe(
    0,
  );
  const parts = dir.list("csv-parts").filter((name) => name.startsWith("activities"));
  expect(parts.length).toBeGreaterThan(99);
  expect(parts[0]).toBe("activities-001.csv");
  const [head = ""] = dir.read("flexera/activities.csv").split("\r\n");
  const texts = parts.map((name) => dir.read(`csv-parts/${name}`));
  expect(texts.filter((text) => !text.startsWith(`${head}\r\n`) || Buffer.byteLength(text) > 600)).toEqual(
    [],
  );
  const bodies = texts.map((text) => text.slice(head.length + 2)).join("");
  expect(`${head}\r\n${bodies}`).toBe(dir.read("flexera/activities.csv"));
  expect(dir.run("verify", "csv-parts").status).toBe(0);
});

test("snow-generic is one JSON document, alone in data, of users, subscriptions and who has them", () => {
  expect(dir.list("snow-generic/data")).toEqual(["saas_generic.json"]);
  const { Users, Subscriptions } = JSON.parse(dir.read("snow-generic/data/saas_generic.json")) as Record<
    string,
    Json[]
  >;
  const given = Subscriptions?.flatMap(({ UserIds }) => UserIds as string[]) ?? [];
  expect([Users?.length, Subscriptions?.length, given.length]).toEqual([62, 13, 93]);
  expect(countOf(Users?.map(({ Status }) => Status) ?? [])).toEqual({ Active: 57, Disabled: 5 });
  expect(Users?.filter(({ LastActivity }) => LastActivity !== undefined)).toHaveLength(55);
  const known = new Set(people.map(({ id }) => id));
  expect(given.filter((id) => !known.has(id))).toEqual([]);
  for (const { Registration } of Users ?? [])
    expect(Registration).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  for (const { AvailableSeats = 0 } of Subscriptions ?? []) expect(AvailableSeats).toBeGreaterThanOrEqual(0);
  expect(
    fileOf("snow-generic", "data/saas_generic.json")?.sections?.map(({ name, rows }) => [name, rows]),
  ).toEqual([
    ["Users", 62],
    ["Subscriptions", 13],
  ]);
});

test.each(["flexera", "flexera-import-jobs", "snow-generic"])(
  "the bundle of %s is whole, its manifest as the schema says, and each of two exports the same bytes",
  (name) => {
    const manifest = manifestOf(name);
    expect([validate(manifest), validate.errors]).toEqual([true, null]);
    const sha256 = createHash("sha256")
      .update(readFileSync(`${root}/schemas/profiles/${name}.json`))
      .digest("hex");
    expect(manifest.profile).toMatchObject({ name, version: "1", sha256, experimental: true });
    expect([manifest.status, manifest.usable]).toEqual(["Complete", true]);
    const { status, stdout } = dir.run("verify", name);
    expect([status, stdout]).toEqual([0, expect.stringContaining("Whole: ")]);
    const again = JSON.parse(dir.run("export", "--profile", name, "--out", `${name}-2`, "--json").stdout) as {
      bundle_id: string;
    };
    expect(stdout).toContain(again.bundle_id);
  },
);

test("a bag holds the files of a profile in data, too", () => {
  for (const name of ["flexera", "snow-generic"]) {
    const bag = dir.run("export", "--profile", name, "--out", `${name}-bag`, "--layout", "bagit");
    expect([bag.status, dir.run("verify", `${name}-bag`).status]).toEqual([0, 0]);
  }
  expect(dir.list("flexera-bag/data")).toEqual(["activities.csv", "subscriptions.csv", "users.csv"]);
});

describe("a profile of one's own", () => {
  const sheet = {
    profile: "torii-sheet",
    version: "1",
    format: "csv",
    csv: { quote: "always", bom: true, delimiter: ";", null: "NULL", true: "yes", false: "no" },
    files: [
      {
        file: "users.csv",
        output: "user_roster",
        must: true,
        keep: [
          { column: "user_type", in: ["Member"] },
          { column: "last_activity_date", since_days: 20 },
        ],
        columns: [
          { to: "Id", from: "user_id", required: true, unique: true, pattern: "guid" },
          {
            to: "Email",
            from: ["mail", "user_principal_name"],
            required: true,
            pattern: "email",
            max_length: 254,
          },
          { to: "Status", from: "account_enabled", values: { true: "Active", false: "Deleted" } },
          { to: "Enabled", from: "account_enabled" },
          { to: "Vendor", constant: "Microsoft" },
          { to: "Licenses", from: "sku_part_numbers", list: { separator: "," } },
          { to: "Last used date", from: "last_activity_date", date: "dd.MM.yyyy" },
          { to: "Gigabytes", from: "mailbox_storage_bytes", number: { decimals: 0, max: 1e15 } },
          { to: "Seen", from: "last_sign_in_at", date: "yyyyMMdd HH:mm:ss.SSS" },
        ],
        sort: ["Email"],
      },
    ],
  };

  test("writes what it says in the words it has, and is whole", () => {
    dir.write("torii.json", sheet);
    const { status, stderr } = dir.run("export", "--profile", "torii.json", "--out", "torii");
    expect([status, stderr]).toEqual([0, expect.stringContaining("the profile torii-sheet is experimental")]);
    const text = dir.read("torii/users.csv");
    const [head, ...lines] = text.slice(1).trimEnd().split("\n");
    expect([text[0], head]).toEqual([
      "\uFEFF",
      "Id;Email;Status;Enabled;Vendor;Licenses;Last used date;Gigabytes;Seen".replaceAll(/[^;]+/g, '"$&"'),
    ]);
    const members = dir.query(
      "select user_id, mail, account_enabled, last_activity_date from user_roster where user_type = 'Member' and last_activity_date >= date '2026-11-01' - 20 order by coalesce(mail, user_principal_name)",
    );
    expect(lines).toHaveLength(members.length);
    expect(members.length).toBeGreaterThan(20);
    expect(lines.map((line) => line.split(";")[0])).toEqual(
      members.map((row) => `"${String(row["user_id"])}"`),
    );
    const [first = ""] = lines;
    expect(first).toMatch(
      /;"(Active|Deleted)";"(yes|no)";"Microsoft";"[A-Z0-9_,]*";"\d\d\.\d\d\.2026";"\d+";("\d{8} \d\d:\d\d:\d\d\.\d{3}"|NULL)$/,
    );
    expect(dir.run("verify", "torii").stdout).toContain("Whole: 1 files");
    expect(fileOf("torii", "users.csv")?.left_out?.map(({ reason }) => reason)).toEqual([
      "not kept by user_type",
      "not kept by last_activity_date",
    ]);
  });

  test("may be JSON lines or JSON, in which lists are lists and what is unknown is not there", () => {
    const [file] = sheet.files;
    const columns = [
      { to: "id", from: "user_id" },
      { to: "licenses", from: "sku_part_numbers", list: "array" },
      { to: "bytes", from: "mailbox_storage_bytes", number: { decimals: 0 } },
      { to: "enabled", from: "account_enabled" },
    ];
    for (const format of ["ndjson", "json"] as const) {
      const own = {
        ...sheet,
        csv: undefined,
        format,
        files: [{ ...file, keep: [], sort: [], columns, file: `users.${format}` }],
      };
      dir.write(`${format}.json`, JSON.stringify(own));
      expect(dir.run("export", "--profile", `${format}.json`, "--out", format).status).toBe(0);
      expect(dir.run("verify", format).status).toBe(0);
    }
    const lines = linesOf("ndjson/users.ndjson");
    expect(JSON.parse(dir.read("json/users.json"))).toEqual(lines);
    expect(lines).toHaveLength(62);
    for (const { licenses, bytes = 0, enabled } of lines)
      expect([Array.isArray(licenses), typeof bytes, typeof enabled]).toEqual([true, "number", "boolean"]);
    expect(lines.some(({ bytes }) => bytes === undefined)).toBe(true);
  });
});

test("no schema, no profile and no manifest names a value of the sample's records", () => {
  const shipped = readdirSync(`${root}/schemas/profiles`).map((name) =>
    readFileSync(`${root}/schemas/profiles/${name}`, "utf8"),
  );
  const manifests = ["flexera", "flexera-import-jobs", "snow-generic"].map((name) =>
    dir.read(`${name}/manifest.json`),
  );
  for (const text of [...shipped, ...manifests])
    for (const { id, userPrincipalName } of people) {
      expect(text).not.toContain(String(id));
      expect(text).not.toContain(String(userPrincipalName));
    }
});
