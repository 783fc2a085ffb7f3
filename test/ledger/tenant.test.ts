import { copyFileSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { CliError } from "../../src/errors.ts";
import { sampleTenant } from "../../src/ledger/tenant-database.ts";
import { namesPeople } from "../../src/ledger/tenant-evidence.ts";
import { checkFiles, type ImportOptions, importFiles } from "../../src/pipeline/import.ts";
import { loadDatasets } from "../../src/schema/dataset.ts";
import { page, Workdir } from "../workdir.ts";

const dir = new Workdir();
const contoso = dir.sample("contoso");
dir.sample("contoso-portal");
let made = 0;

/** A database of its own. */
function newDatabase(): string {
  made += 1;
  return dir.file(`t${made}.duckdb`);
}

/** Imports files and gives the exit code, or of a refusal what it says. */
async function take(
  db: string,
  paths: readonly string[],
  more: Partial<ImportOptions> = {},
): Promise<number | string> {
  try {
    const { exitCode, files } = await importFiles({ db, paths, ...more });
    // A list with other people than the one before may be cut, which is not asked here.
    const isSuspected = files.some(({ issues }) => issues.some(({ code }) => code === "suspected_partial"));
    return isSuspected ? 0 : exitCode;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 4) return error.message;
    throw error;
  }
}

/** A file of the sample as another tenant would export it: other ids and domains, and another name. */
function another(path: string): string {
  const text = readFileSync(path, "utf8");
  const hex = "0123456789abcdef";
  const turned = (guid: string): string =>
    guid.replaceAll(/[0-9a-f]/gi, (digit) => hex[15 - hex.indexOf(digit.toLowerCase())] ?? digit);
  const changed = text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, turned)
    .replaceAll(/contoso/gi, "woodgrove");
  return dir.write(`another/${basename(path)}`, changed, "2026-11-01T08:00:00Z");
}

interface User {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly userType?: string;
  readonly mail?: string;
}

const guid = (tenant: number, user: number): string =>
  `${tenant}0000000-0000-4000-8000-${String(user).padStart(12, "0")}`;

function people(tenant: number, domain: string, count = 5, from = 1): User[] {
  return Array.from({ length: count }, (_, index) => ({
    id: guid(tenant, from + index),
    userPrincipalName: `user${from + index}@${domain}`,
    userType: "Member",
  }));
}

function users(name: string, list: readonly User[], host = "graph.microsoft.us"): string {
  const records = list.map((user) => ({ accountEnabled: true, assignedLicenses: [], ...user }));
  return dir.write(name, {
    ...page("users", records),
    "@odata.context": `https://${host}/v1.0/$metadata#users`,
  });
}

function signIns(name: string, rows: readonly Record<string, unknown>[]): string {
  const records = rows.map((row, index) => ({
    id: guid(9, index),
    createdDateTime: "2026-11-01T08:00:00Z",
    appId: guid(8, 1),
    status: { errorCode: 0 },
    ...row,
  }));
  return dir.write(name, page("auditLogs/signIns", records));
}

function organization(
  name: string,
  id: string,
  domains: readonly string[],
  displayName = "Tailspin",
): string {
  const verifiedDomains = domains.map((domain) => ({ name: domain, type: "Managed" }));
  return dir.write(name, page("organization", [{ id, displayName, verifiedDomains }]));
}

function report(name: string, upns: readonly string[]): string {
  const rows = upns.map((upn) => `2026-10-30,${upn},,False,,2026-10-29,1,1,1,1,1,,180`);
  const header =
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period";
  return dir.write(name, `${[header, ...rows].join("\n")}\n`);
}

const bothWays = /--db FILE.*--same-tenant/;

/** The files of the sample that name people. */
const lists = [
  "contoso/mailboxes.csv",
  "contoso/MailboxUsageDetail.csv",
  "contoso/Office365ActiveUserDetail.csv",
  "contoso/OneDriveUsageAccountDetail.csv",
  "contoso/signIns.json",
  "contoso/userRegistrationDetails.json",
  "contoso-portal/lists/credentialUserRegistrationDetails.json",
  "contoso-portal/lists/UserRegistrationDetails.csv",
  "contoso-portal/lists/InteractiveSignIns_2026-10-29_2026-11-01.csv",
  "contoso-portal/lists/users_11_1_2026 8_15_42 AM.csv",
  "contoso-portal/entra-users/exportUsers_2026-11-1.csv",
  ...[
    "EmailActivityUserDetail.csv",
    "EmailAppUsageUserDetail.csv",
    "M365AppUserDetail.csv",
    "Microsoft365CopilotUsageUserDetail.json",
    "Office365ActivationsUserDetail.json",
    "OneDriveActivityUserDetail.csv",
    "SharePointActivityUserDetail.csv",
    "SkypeForBusinessActivityUserDetail.csv",
    "TeamsDeviceUsageUserDetail.csv",
    "TeamsUserActivityUserDetail.csv",
    "YammerActivityUserDetail.csv",
    "YammerDeviceUsageUserDetail.csv",
  ].map((name) => `contoso/reports/${name}`),
];

/** One list of each kind: by id and UPN, by UPN alone, by the owner, of events, in JSON and CSV. */
const hasOwnIdentities =
  /mailboxes|OneDriveUsage|signIns|Interactive|RegistrationDetails|users_|TeamsUser|Copilot|EmailActivity/;

describe("unnamed exports of two tenants are refused", () => {
  const base = newDatabase();
  const baseUsers = (): string => `${contoso}/users`;

  test("the first ones are taken", async () => {
    expect(await take(base, [baseUsers()])).toBe(0);
  });

  test.each(lists)("%s of another tenant beside the users of one", async (list) => {
    const said = await take(base, [another(dir.file(list))]);
    expect(said).toMatch(
      /^the database belongs to an unnamed tenant \(62 users of contoso\.example, imported on \d{4}-\d\d-\d\d\), but .*woodgrove/,
    );
    expect(said).toMatch(bothWays);
  });

  test.each(lists.filter((list) => hasOwnIdentities.test(list)))(
    "the users of one tenant beside %s of another",
    async (list) => {
      const db = newDatabase();
      expect(await take(db, [another(dir.file(list))])).toBeLessThan(2);
      const said = await take(db, [baseUsers()]);
      expect(said).toMatch(
        /^the database belongs to an unnamed tenant \(.*woodgrove\.example, imported on .*contoso\.example/,
      );
      expect(said).toMatch(bothWays);
    },
  );

  test("and those of one tenant are taken, without a word that they could not be compared", async () => {
    const paths = lists.map((list) => dir.file(list));
    const { exitCode, files } = await importFiles({ db: base, paths, isDryRun: true });
    expect(exitCode).toBeLessThan(2);
    expect(
      files.flatMap(({ issues }) => issues.filter(({ code }) => code === "tenant_not_compared")),
    ).toEqual([]);
    const named = [...loadDatasets().values()].filter(namesPeople).map(({ name }) => name);
    expect(new Set(files.map(({ dataset }) => dataset)), "of every dataset that names people").toEqual(
      new Set(named),
    );
  });

  test("and among the files of one import, of a check and of a dry run", async () => {
    const paths = [users("one/a.json", people(1, "a.example")), users("one/b.json", people(2, "b.example"))];
    const db = newDatabase();
    const why = "5 users of b.example among the files share no object id and no domain";
    expect(await take(db, paths)).toContain(why);
    expect(await take(db, paths, { isDryRun: true })).toContain(why);
    const checked = await checkFiles({ paths });
    expect([checked.exitCode, checked.refusal?.message]).toEqual([4, expect.stringContaining(why)]);
    expect(checked.files).toHaveLength(2);
  });
});

describe("what is no evidence does not join two tenants", () => {
  const a = people(1, "a.example");

  test("a guest's name, the domain of it and the mail of anybody", async () => {
    const db = newDatabase();
    const guest = (userPrincipalName: string, user: number): User => ({
      id: guid(1, user),
      userPrincipalName,
      userType: "Guest",
      mail: `user${user}@b.example`,
    });
    const partner = { ...people(1, "a.example", 1, 9)[0], mail: "sales@b.example" } as User;
    const list = [...a, guest("user1_b.example#EXT#@a.example", 7), guest("user2@b.example", 8), partner];
    expect(await take(db, [users("g/a.json", list)])).toBe(0);
    expect(await take(db, [users("g/b.json", people(2, "b.example"))])).toMatch(/share no object id/);
  });

  test("a guest's object id is: a list of guests alone is of the tenant that has them", async () => {
    const db = newDatabase();
    // Guests alone are a list that a filter made: Incomplete, but no other tenant's.
    const guests = people(1, "home.example", 3, 20).map((user) => ({ ...user, userType: "Guest" }));
    expect(await take(db, [users("gid/a.json", [...a, ...guests])])).toBe(0);
    expect(await take(db, [users("gid/guests.json", guests)], { isDryRun: true })).toBe(1);
    const others = people(3, "home.example", 3, 20).map((user) => ({ ...user, userType: "Guest" }));
    expect(await take(db, [users("gid/others.json", others)], { isDryRun: true })).toMatch(
      /share no object id/,
    );
  });

  test("an operator of a provider, and users who sign in elsewhere, in logs that say where accounts are at home", async () => {
    const log = (tenant: number, domain: string): string =>
      signIns(`msp/${domain}.json`, [
        ...people(tenant, domain).map(({ id, userPrincipalName }, index) => ({
          userId: id,
          userPrincipalName,
          homeTenantId: guid(tenant, 0),
          resourceTenantId: index === 0 ? guid(7, 0) : guid(tenant, 0),
        })),
        ...people(6, "provider.example", 2).map(({ id, userPrincipalName }) => ({
          userId: id,
          userPrincipalName,
          homeTenantId: guid(6, 0),
          resourceTenantId: guid(tenant, 0),
        })),
      ]);
    const db = newDatabase();
    expect(await take(db, [log(1, "a.example")])).toBe(0);
    expect(await take(db, [log(2, "b.example")])).toMatch(/share no object id/);
    expect(await take(db, [users("msp/a.json", a)], { isDryRun: true })).toBe(0);
    expect(await take(db, [users("msp/p.json", people(6, "provider.example"))])).toMatch(
      /share no object id/,
    );
  });

  test("a domain that nobody has verified", async () => {
    const db = newDatabase();
    const domains = dir.write(
      "unverified/domains.json",
      page("domains", [
        { id: "a.example", isVerified: true },
        { id: "b.example", isVerified: false },
      ]),
    );
    expect(await take(db, [users("unverified/a.json", a), domains])).toBe(0);
    expect(await take(db, [users("unverified/b.json", people(2, "b.example"))])).toMatch(
      /share no object id/,
    );
  });
});

describe("what makes one tenant of two lists", () => {
  test("an organization or a domains export that names the domains of both, in the import or the database", async () => {
    const paths = [
      users("both/a.json", people(1, "a.example")),
      users("both/b.json", people(1, "b.example", 5, 50)),
    ];
    const domains = dir.write(
      "both/domains.json",
      page("domains", [
        { id: "a.example", isVerified: true },
        { id: "B.example", isVerified: true },
      ]),
    );
    expect(await take(newDatabase(), paths)).toMatch(/share no object id/);
    expect(await take(newDatabase(), [...paths, domains], { isDryRun: true })).toBe(0);
    const db = newDatabase();
    const named = organization("both/organization.json", guid(1, 0), ["a.example", "b.example"]);
    expect(await take(db, [named, paths[0] ?? ""])).toBe(0);
    expect(await take(db, [paths[1] ?? ""], { isDryRun: true })).toBe(0);
    expect(await take(db, [report("both/c.csv", ["x@c.example", "y@c.example"])])).toMatch(
      /^the database belongs to tenant Tailspin, 1.*2 users of c\.example/,
    );
  });

  test("object ids, whatever the case and the braces: a domain was renamed", async () => {
    const db = newDatabase();
    const spelled = people(10, "a.example").map((user) => ({ ...user, id: `{${user.id.toUpperCase()}}` }));
    expect(await take(db, [users("case/a.json", people(10, "a.example"))])).toBe(0);
    expect(await take(db, [users("case/b.json", spelled)], { isDryRun: true })).toBe(0);
    const renamed = spelled.map((user) => ({
      ...user,
      userPrincipalName: user.userPrincipalName.replace("a.", "new."),
    }));
    expect(await take(db, [users("case/c.json", renamed)], { isDryRun: true })).toBe(0);
  });

  test("a third list of the same import that has both", async () => {
    const paths = [
      users("third/a.json", people(1, "a.example")),
      report("third/b.csv", ["x@b.example"]),
      dir.write(
        "third/userRegistrationDetails.json",
        page("reports/authenticationMethods/userRegistrationDetails", [
          { ...people(1, "a.example", 1)[0], isMfaCapable: true },
          { ...people(1, "b.example", 1, 60)[0], isMfaCapable: true },
        ]),
      ),
    ];
    expect(await take(newDatabase(), paths, { isDryRun: true })).toBe(0);
  });
});

describe("the same names with other object ids", () => {
  const old = people(1, "a.example", 6);
  const moved = people(2, "a.example", 6);

  test("are a tenant that moved, or another, in both orders and in one import", async () => {
    for (const [first, second] of [
      [old, moved],
      [moved, old],
    ] as const) {
      const db = newDatabase();
      const paths = [users("moved/first.json", first), users("moved/second.json", second)];
      expect(await take(db, [paths[0] ?? ""])).toBe(0);
      const said = await take(db, [paths[1] ?? ""]);
      expect(said).toMatch(/6 user principal names .* migrated, or another tenant\?/);
      expect(said).toMatch(bothWays);
      expect(await take(newDatabase(), paths)).toMatch(/migrated, or another tenant\?/);
    }
  });

  test("are two people where they are fewer than three, or fewer than those with the same id", async () => {
    const db = newDatabase();
    expect(await take(db, [users("few/a.json", old)])).toBe(0);
    const two = [...moved.slice(0, 2), ...people(1, "a.example", 1, 30)];
    expect(await take(db, [users("few/b.json", two)], { isDryRun: true })).toBe(0);
    const half = [...moved.slice(0, 3), ...old.slice(3)];
    expect(await take(db, [users("few/c.json", half)], { isDryRun: true })).toBe(0);
    const most = [...moved.slice(0, 4), ...old.slice(4)];
    expect(await take(db, [users("few/d.json", most)])).toMatch(/migrated/);
  });
});

describe("a tenant by its id", () => {
  test("is one whatever the case and the braces of the id", async () => {
    const id = "518b93ed-619a-4b95-a7d1-74ede5a7d19e";
    const skus = (name: string, accountId: string | undefined, prefix = id): string =>
      dir.write(
        name,
        page("subscribedSkus", [
          {
            id: `${prefix}_${guid(5, 1)}`,
            accountId,
            accountName: "Tailspin",
            skuId: guid(5, 1),
            skuPartNumber: "SPE_E3",
          },
        ]),
      );
    const db = newDatabase();
    expect(await take(db, [organization("ids/org.json", id, ["a.example"])])).toBe(0);
    for (const spelled of [id.toUpperCase(), `{${id}}`, undefined])
      expect(await take(db, [skus("ids/skus.json", spelled)], { isDryRun: true })).toBe(0);
    expect(await take(db, [skus("ids/skus.json", id.toUpperCase())])).toBe(0);
    expect(await take(db, [skus("ids/other.json", guid(2, 0))])).toMatch(
      /the files are of tenant Tailspin, 2/,
    );
    expect(await take(db, [skus("ids/other.json", undefined, guid(2, 0))])).toMatch(
      /the files are of tenant/,
    );
  });

  test("has the sign-in logs in which somebody signs in to it, or where most accounts are its own", async () => {
    const db = newDatabase();
    expect(await take(db, [organization("log/org.json", guid(1, 0), ["a.example"])])).toBe(0);
    const log = (name: string, homes: readonly number[], resources: readonly number[]): string =>
      signIns(
        `log/${name}.json`,
        homes.map((home, index) => ({
          userId: guid(home, 70 + index),
          userPrincipalName: `u${index}@elsewhere${home}.example`,
          homeTenantId: guid(home, 0).toUpperCase(),
          resourceTenantId: guid(resources[index] ?? home, 0),
        })),
      );
    const dry = async (path: string): Promise<number | string> => await take(db, [path], { isDryRun: true });
    expect(await dry(log("outbound", [1, 1, 1], [2, 2, 2]))).toBe(0);
    expect(await dry(log("inbound", [3, 4, 5], [1, 1, 1]))).toBe(0);
    expect(await dry(log("operator", [1, 2, 2], [2, 2, 2]))).toMatch(/sign-in logs of another tenant/);
  });

  test("is in one cloud, that of the context's host", async () => {
    const db = newDatabase();
    const list = people(1, "a.example");
    expect(await take(db, [users("cloud/a.json", list)])).toBe(0);
    const elsewhere = users("cloud/b.json", list, "graph.microsoft.com");
    expect(await take(db, [elsewhere])).toMatch(
      /cloud of graph\.microsoft\.us, and .* graph\.microsoft\.com/,
    );
    expect(
      await take(
        newDatabase(),
        ["a", "b"].map((name) => dir.file(`cloud/${name}.json`)),
      ),
    ).toMatch(/cloud/);
  });

  test("has the name that an export says; --tenant is a label and overrides nothing", async () => {
    const db = newDatabase();
    const named = async (): Promise<unknown> =>
      dir.query("select tenant_name as n, named_by as b from meta.tenant", "--db", db);
    expect(await take(db, [users("label/a.json", people(1, "a.example"))], { tenant: "Ours" })).toBe(0);
    expect(await named()).toEqual([{ n: "Ours", b: "--tenant" }]);
    expect(await take(db, [users("label/b.json", people(2, "b.example"))], { tenant: "Ours" })).toMatch(
      /^the database belongs to tenant Ours/,
    );
    const org = organization("label/org.json", guid(1, 0), ["a.example"]);
    expect(await take(db, [org], { tenant: "Theirs" })).toBe(0);
    expect(await named()).toEqual([{ n: "Tailspin", b: "organization" }]);
  });
});

describe("--same-tenant", () => {
  test("takes in the people of one import, is written down, and asks again for anybody else", async () => {
    const db = newDatabase();
    const theirs = people(2, "b.example");
    expect(await take(db, [users("same/a.json", people(1, "a.example"))])).toBe(0);
    expect(await take(db, [users("same/b.json", theirs)])).toMatch(/share no object id/);
    expect(await take(db, [users("same/b.json", theirs)], { isSameTenant: true })).toBe(0);
    expect(dir.query("select same_tenant as s from meta.imports order by import_id", "--db", db)).toEqual([
      { s: false },
      { s: true },
    ]);
    expect(dir.query("select same_tenant as s from meta.file_tenants", "--db", db)).toEqual([
      { s: false },
      { s: true },
    ]);
    const dry = async (path: string): Promise<number | string> => await take(db, [path], { isDryRun: true });
    expect(await dry(users("same/c.json", theirs.slice(2)))).toBe(0);
    expect(await dry(users("same/d.json", people(1, "a.example", 3, 40)))).toBe(0);
    expect(await dry(users("same/e.json", people(2, "b.example", 3, 40)))).toMatch(/share no object id/);
  });

  test("mixes nobody with the sample: into it, out of it, over what is unnamed, and among the files of one import", async () => {
    const [named, unnamed, sample] = [newDatabase(), newDatabase(), newDatabase()];
    const theirs = users("sampled/users.json", people(1, "a.example"));
    const org = organization("sampled/org.json", guid(1, 0), ["a.example"]);
    expect(await take(named, [theirs, org])).toBe(0);
    expect(await take(unnamed, [theirs])).toBe(0);
    expect(await take(sample, [contoso])).toBe(0);
    const refused = /--db FILE \(--same-tenant does not go with the sample\)/;
    for (const [db, paths] of [
      [named, [contoso]],
      [unnamed, [contoso]],
      [sample, [theirs]],
      [sample, [theirs, org]],
      [newDatabase(), [contoso, theirs, org]],
    ] as const)
      for (const isSameTenant of [true, false])
        expect([db, paths, await take(db, paths, { isSameTenant })]).toEqual([
          db,
          paths,
          expect.stringMatching(refused),
        ]);
  });

  test("that was not needed changes nothing: the next list of the tenant is taken", async () => {
    const db = newDatabase();
    expect(await take(db, [users("need/a.json", people(1, "a.example"))], { isSameTenant: true })).toBe(0);
    expect(await take(db, [users("need/b.json", people(1, "a.example", 3, 40))], { isDryRun: true })).toBe(0);
  });

  test("takes in a tenant that moved, which the next exports of it then are of", async () => {
    const db = newDatabase();
    expect(await take(db, [users("mv/a.json", people(1, "a.example"))])).toBe(0);
    expect(await take(db, [users("mv/b.json", people(2, "a.example"))], { isSameTenant: true })).toBe(0);
    expect(await take(db, [users("mv/c.json", people(2, "a.example", 6))], { isDryRun: true })).toBe(0);
    expect(await take(db, [users("mv/d.json", people(3, "a.example"))])).toMatch(/migrated/);
  });

  test("says of bytes that are there already that they are of the tenant", async () => {
    const db = newDatabase();
    const concealed = report("there/r.csv", [
      "0123456789ABCDEF0123456789ABCDEF",
      "F123456789ABCDEF0123456789ABCDEF",
    ]);
    const found = (): unknown[] =>
      dir.query(
        "select affected_records as n from data_quality where finding = 'tenant_not_compared'",
        "--db",
        db,
      );
    const paths = [users("there/a.json", people(1, "a.example")), concealed];
    expect(await take(db, paths)).toBe(0);
    expect(found()).toEqual([{ n: 1 }]);
    expect(await take(db, [concealed])).toBe(0);
    expect(found()).toEqual([{ n: 1 }]);
    expect(await take(db, [concealed], { isSameTenant: true })).toBe(0);
    expect(found()).toEqual([]);
  });
});

describe("the sample", () => {
  const other = lists.slice(0, 1).map((list) => dir.file(list));

  test("is known by its tenant id", () => {
    const { value } = JSON.parse(readFileSync(`${contoso}/organization.json`, "utf8")) as {
      value: { id: string }[];
    };
    expect(value.map(({ id }) => id)).toEqual([sampleTenant]);
    expect(other).toHaveLength(1);
  });

  test("takes nobody's people or licenses, and comes into no other database", async () => {
    const db = newDatabase();
    expect(await take(db, [contoso])).toBe(0);
    const what =
      /^the database belongs to tenant Contoso Government, 518b93ed.*, the sample of this tool, but /;
    expect(await take(db, [users("sample/a.json", people(1, "a.example"))])).toMatch(what);
    expect(await take(db, [another(`${contoso}/subscribedSkus.json`)])).toMatch(what);
    expect(await take(db, [another(`${contoso}/subscriptions.json`)])).toMatch(what);
    expect(
      await take(db, [`${contoso}/users`, dir.file("contoso-portal/lists")], { isDryRun: true }),
    ).toBeLessThan(2);

    for (const path of [
      users("sample/a.json", people(1, "a.example")),
      report("sample/r.csv", ["0".repeat(31) + "A"]),
    ]) {
      const own = newDatabase();
      expect(await take(own, [path])).toBe(0);
      copyFileSync(own, `${own}.before`);
      expect(await take(own, [contoso])).toMatch(
        /an unnamed tenant .*the sample of this tool|share no object id/,
      );
      expect(readFileSync(own).equals(readFileSync(`${own}.before`))).toBe(true);
    }
  });

  test("is imported by npm start into a database of its own, and the default of all commands is another", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(scripts["start"]).toMatch(/import samples\/contoso --db sample\.duckdb$/);
    expect(dir.run("import", "--help").stdout).toContain('"tenant.duckdb"');
  });
});

test("lists that have object ids alone: pages are one list, two people prove nothing, more are compared", async () => {
  const ids = (name: string, tenant: number, count: number, from = 1): string =>
    dir.write(
      name,
      page(
        "users",
        people(tenant, "", count, from).map(({ id }) => ({ id, accountEnabled: true })),
      ),
    );
  const db = newDatabase();
  expect(await take(db, [ids("bare/1.json", 1, 5), ids("bare/2.json", 1, 5, 20)])).toBe(0);
  expect(await take(db, [ids("bare/3.json", 2, 2)], { isDryRun: true })).toBe(0);
  expect(await take(db, [ids("bare/4.json", 2, 3)])).toMatch(/share no object id/);
  expect(await take(db, [users("bare/5.json", people(2, "b.example"))])).toMatch(/share no object id/);
  expect(await take(db, [users("bare/6.json", people(1, "a.example", 5, 3))], { isDryRun: true })).toBe(0);
});

test("a list with nothing to compare is taken, and the data say so", async () => {
  const db = newDatabase();
  const concealed = report("mute/r.csv", ["0123456789ABCDEF0123456789ABCDEF"]);
  expect(await take(db, [concealed])).toBe(0);
  expect(await take(db, [users("mute/a.json", people(1, "a.example"))])).toBe(0);
  expect(
    dir.query(
      "select severity, affected_records as n, detail from data_quality where finding = 'tenant_not_compared'",
      "--db",
      db,
    ),
  ).toEqual([{ severity: "info", n: 2, detail: expect.stringContaining("r.csv") as unknown }]);
});
