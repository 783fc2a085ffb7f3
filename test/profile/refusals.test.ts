import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { conceal } from "../outputs/missing.ts";
import { page, Workdir } from "../workdir.ts";

let dir: Workdir;
const context =
  "users(id,userPrincipalName,displayName,mail,accountEnabled,userType,createdDateTime,assignedLicenses)";
const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const userOf = (number: number, more: object = {}): object => ({
  id: idOf(number),
  userPrincipalName: `u${number}@contoso.example`,
  displayName: `User ${number}`,
  mail: `u${number}@contoso.example`,
  accountEnabled: true,
  userType: "Member",
  createdDateTime: "2024-01-01T00:00:00Z",
  assignedLicenses: [],
  ...more,
});
const organization = (name: string, number = 99): object =>
  page("organization", [
    {
      id: idOf(number),
      displayName: name,
      verifiedDomains: [{ name: "contoso.example", isDefault: true, isInitial: false }],
    },
  ]);

interface Told {
  readonly status: number | null;
  readonly codes: readonly string[];
  readonly stderr: string;
}

let exports = 0;

/** Exports into a folder of its own, and sees that nothing is there where it was refused. */
function exportBy(profile: string, db: string, ...more: string[]): Told & { readonly out: string } {
  exports += 1;
  const out = `out-${exports}`;
  const { status, stderr } = dir.run("export", "--profile", profile, "--out", out, "--db", db, ...more);
  if (status !== 0) {
    expect(dir.list().filter((name) => name.includes(out))).toEqual([]);
    expect(stderr).toMatch(/^m365-offline: /m);
  }
  const codes = [...stderr.matchAll(/^ {2}([a-z-]+): .* To do: /gm)].map((match) => match[1] ?? "");
  return { status, codes, stderr, out };
}

const manifestOf = (folder: string) =>
  JSON.parse(dir.read(`${folder}/manifest.json`)) as {
    usable: boolean;
    options: { accepted: { code: string; records?: number }[] };
    follows: { bundle_id: string; as_of: string } | null;
    profile: { not_written: { file: string; reason: string }[] };
    files: { file: string; filled?: { column: string; rule: string; rows: number }[] }[];
  };

/** A profile of users with some rules, as a file. */
function profileOf(columns: readonly object[], more: object = {}, whole: object = {}): string {
  exports += 1;
  const name = `profile-${exports}.json`;
  const id = { to: "Id", from: "user_id", required: true, unique: true };
  const file = {
    file: "users.csv",
    output: "user_roster",
    must: true,
    columns: [id, ...columns],
    sort: ["Id"],
    ...more,
  };
  dir.write(name, JSON.stringify({ profile: "mine", version: "1", format: "csv", ...whole, files: [file] }));
  return name;
}

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.sample("contoso"), "--db", "whole.duckdb");
  for (const part of ["users-1", "users-2"])
    cpSync(dir.file(`contoso/users/${part}.json`), dir.file(`part/${part}.json`));
  dir.import(dir.file("part"), "--db", "part.duckdb");
  const [users, tenant] = [dir.file("contoso/users"), dir.file("contoso/organization.json")];
  dir.import(users, tenant, "--db", "people.duckdb", "--as-of", "2026-11-01");
});

describe("what rests on the data as a whole", () => {
  test("R1: two of three pages of users are refused, with the count and the cure; not by outputs, which warn", () => {
    const { status, codes, stderr } = exportBy("flexera", "part.duckdb");
    expect([status, codes]).toEqual([1, ["incomplete-users", "no-tenant"]]);
    expect(stderr).toMatch(
      /incomplete-users: users is Incomplete \(50 records\)\. To do: .*--complete users, or --accept incomplete-users/,
    );
    expect(exportBy("snow-generic", "part.duckdb", "--accept", "no-tenant").codes).toContain(
      "incomplete-users",
    );
    const complete = dir.run("export", "--out", "never", "--db", "part.duckdb", "--require-complete");
    expect([complete.status, dir.has("never")]).toEqual([1, false]);
    const plain = dir.run("export", "--out", "plain", "--db", "part.duckdb");
    expect([plain.status, plain.stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: outputs that are not Complete: \d+ Not supplied, \d+ Partial/m),
    ]);
  });

  test("R1: what is accepted stands in the manifest, and the bundle is not usable without a look", () => {
    const { status, out } = exportBy(
      "flexera",
      "part.duckdb",
      "--accept",
      "incomplete-users",
      "--accept",
      "no-tenant",
    );
    expect(status).toBe(0);
    const { usable, options } = manifestOf(out);
    expect([usable, options.accepted.map(({ code, records }) => [code, records])]).toEqual([
      false,
      [
        ["incomplete-users", 50],
        ["no-tenant", undefined],
      ],
    ]);
    expect(dir.run("verify", out).status).toBe(0);
  });

  test("R1: a full load of an incomplete list is never written", () => {
    cpSync(dir.file("contoso"), dir.file("fewer"), { recursive: true });
    rmSync(dir.file("fewer/users/users-3.json"));
    dir.import(dir.file("fewer"), "--db", "fewer.duckdb");
    expect(exportBy("flexera-import-jobs", "fewer.duckdb").codes).toContain("incomplete-users");
    const { status, out, stderr } = exportBy(
      "flexera-import-jobs",
      "fewer.duckdb",
      "--accept",
      "incomplete-users",
    );
    expect([status, manifestOf(out).files.map(({ file }) => file)]).toEqual([
      0,
      ["application_usage-01.jsonl"],
    ]);
    expect(dir.has(`${out}/application_roster-01.jsonl`)).toBe(false);
    expect(stderr).toContain(
      "application_roster.jsonl is not written: a full load of an incomplete list (users)",
    );
    expect(dir.run("verify", out).status).toBe(0);
    const { files, ...jobs } = JSON.parse(dir.run("profiles", "flexera-import-jobs").stdout) as {
      files: object[];
    };
    dir.write("roster.json", JSON.stringify({ ...jobs, files: files.slice(0, 1) }));
    const alone = exportBy("roster.json", "fewer.duckdb", "--accept", "incomplete-users");
    expect([alone.status, alone.stderr]).toEqual([
      1,
      expect.stringContaining("the profile has nothing else"),
    ]);
  });

  test("R2: without its output a file is left out and named, and one that must be there is refused, accepted or not", () => {
    const given = ["--accept", "incomplete-users", "--accept", "no-tenant"];
    const { out, stderr } = exportBy("flexera", "part.duckdb", ...given);
    expect(manifestOf(out).profile.not_written).toEqual([
      { file: "subscriptions.csv", reason: "subscriptions is Not supplied" },
    ]);
    expect(stderr).toContain("notice: subscriptions.csv is not written: subscriptions is Not supplied");
    dir.import(dir.file("contoso/subscriptions.json"), "--db", "nobody.duckdb");
    const refused = exportBy("flexera", "nobody.duckdb", ...given);
    expect([refused.status, refused.codes[0]]).toEqual([1, "not-supplied"]);
    expect(refused.stderr).toContain(
      "not-supplied: users.csv cannot be written: user_roster is Not supplied",
    );
    expect(dir.run("export", "--profile", "flexera", "--out", "x", "--accept", "not-supplied").status).toBe(
      2,
    );
  });

  test("R3 and R8: a day that is the file's time alone, and a tenant that nothing names", () => {
    dir.import(
      dir.write(
        "few.json",
        page(
          context,
          [1, 2, 3].map((number) => userOf(number)),
        ),
      ),
      "--db",
      "few.duckdb",
    );
    const name = profileOf([]);
    const { status, codes } = exportBy(name, "few.duckdb");
    expect([status, codes]).toEqual([1, ["guessed-day", "no-tenant"]]);
    expect(exportBy(name, "few.duckdb", "--accept", "guessed-day").codes).toEqual(["no-tenant"]);
    expect(exportBy(name, "few.duckdb", "--accept", "guessed-day", "--accept", "no-tenant").status).toBe(0);
    expect(exportBy("flexera", "whole.duckdb").codes).toEqual([]);
  });

  test("R8: a database of two tenants", async () => {
    cpSync(dir.file("whole.duckdb"), dir.file("two.duckdb"));
    await dir.change(
      "insert into meta.tenant by name select * replace ('other' as tenant_id, 'Other' as tenant_name) from meta.tenant",
      "two.duckdb",
    );
    const { status, codes, stderr } = exportBy(profileOf([]), "two.duckdb");
    expect([status, codes, stderr]).toEqual([
      1,
      ["no-tenant"],
      expect.stringContaining("the database has 2 tenants"),
    ]);
  });

  test("R6: reports that conceal names", () => {
    cpSync(dir.file("contoso"), dir.file("concealed"), { recursive: true });
    conceal(dir.file("concealed"), "Office365ActiveUserDetail.csv");
    rmSync(dir.file("concealed/reports"), { recursive: true });
    dir.import(dir.file("concealed"), "--db", "concealed.duckdb");
    const { status, codes, stderr } = exportBy("flexera", "concealed.duckdb");
    expect([status, codes]).toEqual([1, ["concealed-names"]]);
    expect(stderr).toMatch(/concealed-names: .* \(53 records\)\. To do: clear "Display concealed/);
  });

  test("R9: data that is older than the bundle that was loaded, of another tenant, or after one that is damaged", () => {
    const newer = exportBy("snow-generic", "whole.duckdb", "--as-of", "2026-11-20").out;
    const { status, codes } = exportBy("snow-generic", "whole.duckdb", "--follows", newer);
    expect([status, codes]).toEqual([1, ["older-than-earlier"]]);
    const followed = exportBy("snow-generic", "whole.duckdb", "--as-of", "2026-11-21", "--follows", newer);
    expect([followed.status, manifestOf(followed.out).follows?.as_of]).toEqual([0, "2026-11-20"]);
    expect(dir.run("verify", followed.out).status).toBe(0);
    const plain = ["export", "users", "--db", "whole.duckdb", "--follows", newer, "--out", "follower"];
    const refused = dir.run(...plain);
    expect([refused.status, refused.stderr, dir.has("follower")]).toEqual([
      1,
      expect.stringContaining("older-than-earlier: the data is as of 2026-11-01"),
      false,
    ]);
    expect(dir.run(...plain, "--as-of", "2026-11-21").status).toBe(0);
    expect(manifestOf("follower").follows?.as_of).toBe("2026-11-20");
    expect(dir.run("verify", "follower").status).toBe(0);
    dir.write("other/organization.json", organization("Fabrikam"));
    dir.write("other/users.json", page(context, [userOf(1)]));
    dir.import(dir.file("other"), "--db", "other.duckdb", "--as-of", "2026-11-30");
    const other = exportBy(profileOf([]), "other.duckdb", "--follows", newer, "--accept", "guessed-day");
    expect([other.status, other.codes]).toEqual([1, ["other-tenant"]]);
    writeFileSync(dir.file(`${newer}/data/saas_generic.json`), "{}");
    const damaged = exportBy("snow-generic", "whole.duckdb", "--as-of", "2026-11-21", "--follows", newer);
    expect([damaged.status, damaged.stderr]).toEqual([1, expect.stringContaining("is not whole")]);
  });

  test("R10: --safe-cells, which no --accept changes", () => {
    const { status, codes } = exportBy("flexera", "whole.duckdb", "--safe-cells");
    expect([status, codes]).toEqual([1, ["safe-cells"]]);
  });

  test("R12: a folder with something else in it is not touched", () => {
    dir.write("mine/users.csv", "mine");
    const { status } = dir.run("export", "--profile", "flexera", "--out", "mine", "--db", "whole.duckdb");
    expect([status, dir.read("mine/users.csv"), dir.list("mine")]).toEqual([5, "mine", ["users.csv"]]);
  });
});

describe("what rests on single rows", () => {
  test.each<[string, string, number, readonly object[]]>([
    [
      "a column that must be filled and is not",
      "empty-required",
      5,
      [{ to: "First", from: "given_name", required: true }],
    ],
    ["a key that is repeated", "repeated-key", 0, [{ to: "Department", from: "department", unique: true }]],
    [
      "a value without a word",
      "bad-value",
      57,
      [{ to: "Status", from: "account_enabled", values: { false: "Deleted" } }],
    ],
    ["what is no address", "bad-value", 62, [{ to: "Email", from: "display_name", pattern: "email" }]],
    ["what is no id", "bad-value", 62, [{ to: "Key", from: "display_name", pattern: "guid" }]],
    ["a text that is too long", "bad-value", 62, [{ to: "UPN", from: "user_principal_name", max_length: 5 }]],
    [
      "a number that is too large",
      "bad-value",
      0,
      [{ to: "Bytes", from: "mailbox_storage_bytes", number: { decimals: 0, max: 2147483647 } }],
    ],
    [
      "a text for a number",
      "bad-value",
      62,
      [{ to: "Bytes", from: "display_name", number: { decimals: 0 } }],
    ],
    ["a text for a day", "bad-value", 62, [{ to: "Day", from: "display_name", date: "yyyy-MM-dd" }]],
  ])("R4: %s", (_, code, records, columns) => {
    const { status, codes, stderr } = exportBy(
      profileOf(columns),
      records === 0 ? "whole.duckdb" : "people.duckdb",
    );
    expect([status, codes]).toEqual([1, [code]]);
    const [, found] = /\((\d+) records\)/.exec(stderr) ?? [];
    if (records > 0) expect(Number(found)).toBe(records);
    else expect(Number(found)).toBeGreaterThan(0);
  });

  test("R4: keys are compared without spaces around them, addresses without case", () => {
    const given = [
      userOf(1, { mail: "Same@contoso.example" }),
      userOf(2, { mail: "same@contoso.example" }),
      userOf(3),
    ];
    dir.write("cases/users.json", page(context, given));
    dir.write("cases/organization.json", organization("Contoso"));
    dir.import(dir.file("cases"), "--db", "cases.duckdb", "--as-of", "2026-11-01");
    const mail = { to: "Email", from: "mail", unique: true };
    expect(exportBy(profileOf([mail]), "cases.duckdb").status).toBe(0);
    expect(exportBy(profileOf([{ ...mail, pattern: "email" }]), "cases.duckdb").codes).toEqual([
      "repeated-key",
    ]);
  });

  test("R4: all reasons are listed at once, and accepted ones are written as they are", () => {
    const name = profileOf([
      { to: "First", from: "given_name", required: true },
      { to: "UPN", from: "user_principal_name", max_length: 5 },
    ]);
    expect(exportBy(name, "people.duckdb").codes.toSorted()).toEqual(["bad-value", "empty-required"]);
    const { status, out } = exportBy(
      name,
      "people.duckdb",
      "--accept",
      "empty-required",
      "--accept",
      "bad-value",
    );
    expect([status, manifestOf(out).usable, dir.run("verify", out).status]).toEqual([0, false, 0]);
    expect(dir.read(`${out}/users.csv`).trimEnd().split("\n")).toHaveLength(63);
  });

  test("R5: activities without their users, and files without the file that they name", () => {
    const flexera = JSON.parse(dir.run("profiles", "flexera").stdout) as {
      files: { file: string; must?: boolean; relations?: { missing: string }[] }[];
    };
    const [users, activities] = flexera.files;
    const [relation] = activities?.relations ?? [];
    dir.write(
      "strict.json",
      JSON.stringify({
        ...flexera,
        files: [users, { ...activities, relations: [{ ...relation, missing: "refuse" }] }],
      }),
    );
    const { status, codes, stderr } = exportBy("strict.json", "whole.duckdb");
    expect([status, codes]).toEqual([1, ["unmatched"]]);
    expect(stderr).toContain("activities.csv: uniqueId not in users.csv (1 record)");
    dir.write(
      "loose.json",
      JSON.stringify({
        ...flexera,
        files: [users, { ...activities, relations: [{ ...relation, missing: "keep" }] }],
      }),
    );
    const { out } = exportBy("loose.json", "whole.duckdb");
    expect(dir.read(`${out}/activities.csv`).trimEnd().split("\r\n")).toHaveLength(461);
    expect(dir.run("verify", out).status).toBe(0);
    dir.write(
      "orphaned.json",
      JSON.stringify({ ...flexera, files: [{ ...users, must: false }, activities] }),
    );
    dir.import(
      dir.file("contoso/signIns.json"),
      dir.file("contoso/organization.json"),
      "--db",
      "events.duckdb",
    );
    expect(exportBy("orphaned.json", "events.duckdb").codes).toContain("unmatched");
  });

  test("R7: more parts than the other side takes, and a row that fits in none", () => {
    const many = exportBy("flexera-import-jobs", "whole.duckdb", "--max-bytes", "1000");
    expect([many.status, many.codes]).toEqual([1, ["too-many-parts", "too-many-parts"]]);
    const long = exportBy("flexera", "whole.duckdb", "--max-bytes", "200", "--accept", "too-many-parts");
    expect([long.status, [...new Set(long.codes)]]).toEqual([1, ["row-too-long"]]);
    expect(long.stderr).toMatch(/row-too-long: users\.csv .* \(\d+ records\)/);
    expect(exportBy("snow-generic", "whole.duckdb", "--max-bytes", "9000").status).toBe(2);
  });

  test("R11: control characters and formulas, by what the profile says of them", () => {
    const names = ["Bell\u0007 and\r\nline", "=1+1", "Plain"];
    dir.write(
      "odd/users.json",
      page(
        context,
        names.map((displayName, number) => userOf(number + 1, { displayName })),
      ),
    );
    dir.write("odd/organization.json", organization("Contoso"));
    dir.import(dir.file("odd"), "--db", "odd.duckdb", "--as-of", "2026-11-01");
    const column = { to: "Name", from: "display_name" };
    const refused = exportBy(
      profileOf([column], {}, { text: { controls: "refuse", formulas: "refuse" } }),
      "odd.duckdb",
    );
    expect([refused.status, refused.codes]).toEqual([1, ["control-characters", "formulas"]]);
    const { out } = exportBy(profileOf([column]), "odd.duckdb");
    expect(dir.read(`${out}/users.csv`)).toContain(`${idOf(1)},Bell andline\n${idOf(2)},=1+1\n`);
    expect(manifestOf(out).files[0]?.filled).toEqual([
      { column: "Name", rule: "control characters removed", rows: 1 },
    ]);
    const kept = exportBy(
      profileOf([column], {}, { text: { controls: "keep", formulas: "apostrophe" } }),
      "odd.duckdb",
    ).out;
    expect(dir.read(`${kept}/users.csv`)).toContain(`"Bell\u0007 and\r\nline"\n${idOf(2)},'=1+1\n`);
    expect(dir.run("verify", kept).status).toBe(0);
  });
});

test("options that do not go together are told, with exit 2, before anything is read", () => {
  for (const [given, words] of [
    [["users", "--profile", "flexera"], "leave them out"],
    [["--profile", "flexera", "--format", "json"], "leave --format out"],
    [["--profile", "flexera", "--max-bytes", "0"], "whole number of bytes"],
    [
      ["--profile", "flexera", "--accept", "incomplete_users"],
      'there is no code "incomplete_users"; the nearest known one is "incomplete-users"',
    ],
    [["--profile", "nothing.json"], "cannot read the profile nothing.json: ENOENT"],
    [["--accept", "unmatched"], "--accept needs a --profile"],
    [["--max-bytes", "9"], "--max-bytes needs a --profile"],
  ] as const) {
    const { status, stderr } = dir.run("export", ...given, "--out", "nowhere", "--db", "absent.duckdb");
    expect([given, status, stderr]).toEqual([given, 2, expect.stringContaining(words)]);
  }
  expect(existsSync(dir.file("nowhere"))).toBe(false);
});

test("no line of a refusal has a value of a record", () => {
  const { stderr } = exportBy(
    profileOf([{ to: "UPN", from: "user_principal_name", max_length: 5, pattern: "guid" }]),
    "people.duckdb",
  );
  const { value } = JSON.parse(readFileSync(dir.file("contoso/users/users-1.json"), "utf8")) as {
    value: { id: string; userPrincipalName: string }[];
  };
  for (const { id, userPrincipalName } of value)
    for (const text of [id, userPrincipalName]) expect(stderr).not.toContain(text);
});
