import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { CliError } from "../../src/index.ts";
import { guid, openPage, sku, tenantIn, told, users, usersPage } from "./tenants.ts";
import { page, Workdir } from "../workdir.ts";

const day = { asOf: "2026-10-31" };
const later = { asOf: "2026-11-30" };

const everybody = users(1, 30);

const registrations = (value: readonly Row[]): object =>
  page(
    "reports/authenticationMethods/userRegistrationDetails",
    value.map(({ id, userPrincipalName, userType }) => ({
      id,
      userPrincipalName,
      userType: String(userType).toLowerCase(),
      isMfaCapable: true,
      isMfaRegistered: true,
      lastUpdatedDateTime: "2026-10-31T01:00:00Z",
    })),
  );

const skus = (units: number): object =>
  page("subscribedSkus", [
    {
      id: `x_${sku}`,
      skuId: sku,
      skuPartNumber: "E3",
      appliesTo: "User",
      capabilityStatus: "Enabled",
      consumedUnits: units,
      prepaidUnits: { enabled: 100, warning: 0, suspended: 0 },
    },
  ]);

const mailboxes = (value: readonly Row[]): string =>
  [
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Storage Used (Byte),Issue Warning Quota (Byte),Report Period",
    ...value.map(({ userPrincipalName }) => `2026-10-30,${String(userPrincipalName)},X,False,1,2,180`),
    "",
  ].join("\r\n");

const state = `select d.data_status, (select count(*)::int from users) as users
  from output_status d where output = 'license_assignments'`;

test.each<[string, string, object | string]>([
  ["units", "subscribedSkus.json", skus(30)],
  ["registrations", "registrations.json", registrations(everybody)],
  ["reports", "MailboxUsageDetail.csv", mailboxes(everybody)],
])(
  "the last page alone is suspected partial by %s, in either order of imports and in one",
  async (_, name, content) => {
    const dir = new Workdir();
    dir.write(`in/${name}`, content);
    dir.write("in/users-3.json", usersPage(users(25, 30)));
    for (const order of [["in"], [`in/${name}`, "in/users-3.json"], ["in/users-3.json", `in/${name}`]]) {
      const tenant = tenantIn(dir, order.join("-").replaceAll("/", "_"));
      const results = [];
      for (const path of order) results.push(await tenant.import([path], day));
      if (order.at(-1) !== `in/${name}`) expect(results.at(-1)?.exitCode).toBe(1);
      const [row] = await tenant.query(
        `select files.completeness, completeness_reason as reason, data_status as status, reasons
         from meta.source_files as files cross join output_status where dataset = 'users' and output = 'users'`,
      );
      expect(row).toEqual({
        completeness: "Incomplete",
        reason: expect.stringMatching(
          /^suspected partial: it lacks 24 of 30 that \w+ of 2026-10-3[01] has$/,
        ) as string,
        status: "Partial",
        reasons: expect.stringContaining(
          "users is incomplete (suspected partial: it lacks 24 of 30",
        ) as string,
      });
    }
  },
);

test("an import that makes a file of an earlier one suspected says so, with exit 1; nothing new says it once only", async () => {
  const dir = new Workdir();
  dir.write("in/users-3.json", usersPage(users(25, 30)));
  dir.write("in/registrations.json", registrations(everybody));
  const tenant = tenantIn(dir);
  const first = await tenant.import(["in/users-3.json"], day);
  expect([first.exitCode, first.suspected]).toEqual([0, []]);
  const second = await tenant.import(["in/registrations.json"], day);
  expect(told(second)).toEqual([1, "in/registrations.json loaded Complete 30"]);
  expect(second.suspected).toEqual([
    expect.objectContaining({
      file: expect.stringMatching(/users-3\.json$/) as string,
      dataset: "users",
      completeness: "Incomplete",
      issues: [expect.objectContaining({ code: "suspected_partial" })],
    }),
  ]);
  // What is good itself is good: the verdict on the other file was said.
  const again = await tenant.import(["in/registrations.json"]);
  expect([again.exitCode, again.suspected]).toEqual([0, []]);
  // More evidence of the same is nothing new either.
  dir.write("in/subscribedSkus.json", skus(30));
  const third = await tenant.import(["in/subscribedSkus.json"], day);
  expect([third.exitCode, third.suspected]).toEqual([0, []]);
});

test("the screen and --json name the earlier file that is suspected now, and what to do", () => {
  const dir = new Workdir();
  dir.write("in/users-3.json", usersPage(users(25, 30)));
  dir.write("in/registrations.json", registrations(everybody));
  const late = ["in/registrations.json", "--as-of", day.asOf];
  for (const db of ["screen.duckdb", "json.duckdb"])
    expect(dir.run("import", "in/users-3.json", "--as-of", day.asOf, "--db", db).status).toBe(0);
  const { status, stderr } = dir.run("import", ...late, "--db", "screen.duckdb");
  expect(status).toBe(1);
  const said = stderr.split("\n").filter((line) => line.includes("users-3.json"));
  expect(said).toEqual([
    expect.stringMatching(
      /^error: .*users-3\.json: was imported before, and beside what came now is suspected partial: it lacks 24 of 30 that user_registration_details of 2026-10-31 has/,
    ),
  ]);
  expect(stderr).toContain("--complete DATASET");
  const json = JSON.parse(dir.run("import", ...late, "--db", "json.duckdb", "--json").stdout) as {
    exit_code: number;
    suspected_earlier: { file: string; completeness: string }[];
  };
  expect([json.exit_code, json.suspected_earlier.map(({ completeness }) => completeness)]).toEqual([
    1,
    ["Incomplete"],
  ]);
});

test("a suspected list displaces nothing, on the same day and later; --complete says that it is whole, also of bytes that are there", async () => {
  const dir = new Workdir();
  dir.write("all/users.json", usersPage(users(1, 30)));
  dir.write("part/users.json", usersPage(users(25, 30)));
  for (const when of [day, later]) {
    const tenant = tenantIn(dir, when.asOf);
    await tenant.import(["all"], day);
    expect(told(await tenant.import(["part"], when))).toEqual([
      1,
      "part/users.json loaded Incomplete 6 suspected_partial",
    ]);
    expect((await tenant.query(state))[0]?.["users"]).toBe(30);
    // Nothing new repeats the verdict, until it is said.
    const result = await tenant.import(
      ["part"],
      when === day ? { ...day, complete: ["users"] } : { complete: ["users"] },
    );
    expect(told(result)).toEqual([0, `part/users.json ${when === day ? "loaded" : "skipped"} Complete 6`]);
    expect((await tenant.query(state))[0]?.["users"]).toBe(6);
    expect(
      await tenant.query("select count(*)::int as n from meta.source_files where is_stated_whole"),
    ).toEqual([{ n: 1 }]);
    expect(told(await tenant.import(["part"]))).toEqual([0, "part/users.json skipped Complete 6"]);
  }
});

test("an older export that comes later tells of the next one, and what is suspected is no measure for the one after it", async () => {
  const dir = new Workdir();
  dir.write("october/users.json", usersPage(users(1, 30)));
  dir.write("november/users.json", usersPage(users(25, 30)));
  dir.write("december/users.json", usersPage(users(24, 30)));
  const tenant = tenantIn(dir);
  await tenant.import(["december"], { asOf: "2026-12-31" });
  await tenant.import(["november"], later);
  await tenant.import(["october"], day);
  const verdicts = "select snapshot_date::varchar as day, completeness from meta.snapshots order by 1";
  expect(await tenant.query(verdicts)).toEqual([
    { day: "2026-10-31", completeness: "Complete" },
    { day: "2026-11-30", completeness: "Incomplete" },
    { day: "2026-12-31", completeness: "Complete" },
  ]);
});

test("a last page that came first, and was known not to be all, and the pages before it are one whole list", async () => {
  const dir = new Workdir();
  dir.write("in/registrations.json", registrations(everybody));
  dir.write("in/users-2.json", usersPage(users(16, 30)));
  const tenant = tenantIn(dir);
  await tenant.import(["in"], day);
  dir.write("in/users-1.json", openPage(users(1, 15)));
  await tenant.import(["in/users-1.json"], day);
  expect(
    await tenant.query("select distinct completeness from meta.snapshots where superseded_by is null"),
  ).toEqual([{ completeness: "Complete" }]);
  expect(await tenant.query("select count(*)::int as n from users")).toEqual([{ n: 30 }]);
});

test("what a list need not have is not missed: guests, the disabled, the deleted, a tenth, four", async () => {
  const dir = new Workdir();
  const guests = users(101, 120, { userType: "Guest" });
  const disabled = users(201, 220, { accountEnabled: false });
  const cases: Record<string, Record<string, object | string>> = {
    "a list of members beside registrations of guests": {
      "users.json": usersPage(users(1, 30)),
      "registrations.json": registrations([...users(1, 30), ...guests]),
    },
    "registrations without the disabled, and without guests": {
      "users.json": usersPage([...users(1, 30), ...guests, ...disabled]),
      "registrations.json": registrations(users(1, 30)),
      "subscribedSkus.json": skus(70),
    },
    "a tenth of many": {
      "users.json": usersPage(users(1, 90)),
      "registrations.json": registrations(users(1, 100)),
    },
    "four of few": {
      "users.json": usersPage(users(1, 4)),
      "registrations.json": registrations(users(1, 8)),
    },
    "names that are concealed": {
      "users.json": usersPage(users(1, 6)),
      "MailboxUsageDetail.csv": mailboxes(
        users(1, 30).map(({ id }) => ({ userPrincipalName: String(id).replaceAll("-", "").toUpperCase() })),
      ),
    },
    "licenses that were not exported": {
      "users.json": usersPage(users(1, 30, { assignedLicenses: undefined })),
      "subscribedSkus.json": skus(30),
    },
  };
  for (const [what, files] of Object.entries(cases)) {
    for (const [name, content] of Object.entries(files)) dir.write(`${what}/${name}`, content);
    const result = await tenantIn(dir, what).import([what], day);
    expect([what, told(result).filter((line) => String(line).includes("Incomplete"))]).toEqual([what, []]);
  }
});

test("other lists are held against those that answer for them: registrations, SKUs, groups, the report on all users, mailboxes", async () => {
  const group = (number: number): string => guid(9000 + number);
  const states = (number: number): Row => ({
    assignedPlans: [{ service: "exchange", capabilityStatus: "Enabled" }],
    licenseAssignmentStates: [
      { skuId: sku, assignedByGroup: group(number % 10), state: "Active", error: "None" },
    ],
  });
  const people = users(1, 30).map((record, index) => ({ ...record, ...states(index) }));
  const report = [
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Has Exchange License,Exchange Last Activity Date",
    ...users(1, 6).map(
      ({ userPrincipalName }) => `2026-10-30,${String(userPrincipalName)},X,False,,True,2026-10-30`,
    ),
    "",
  ].join("\r\n");
  const boxes = [
    "ExternalDirectoryObjectId,UserPrincipalName,PrimarySmtpAddress,DisplayName,RecipientTypeDetails",
    ...users(1, 6).map(
      ({ id, userPrincipalName: upn }) => `${String(id)},${String(upn)},${String(upn)},X,UserMailbox`,
    ),
    "",
  ].join("\r\n");
  const lists: Record<string, Record<string, object | string>> = {
    user_registration_details: { "x.json": registrations(users(1, 6)) },
    subscribed_skus: {
      "x.json": page("subscribedSkus", [
        {
          id: "x_y",
          skuId: guid(1),
          skuPartNumber: "X",
          appliesTo: "User",
          capabilityStatus: "Enabled",
          consumedUnits: 0,
          prepaidUnits: { enabled: 1, warning: 0, suspended: 0 },
        },
      ]),
    },
    groups: {
      "x.json": page("groups", [{ id: group(1), displayName: "G", securityEnabled: true, groupTypes: [] }]),
    },
    office365_active_user_detail: { "x.csv": report },
    mailboxes: { "x.csv": boxes, "MailboxUsageDetail.csv": mailboxes(users(1, 30)) },
  };
  for (const [dataset, files] of Object.entries(lists)) {
    const dir = new Workdir();
    dir.write("in/users.json", usersPage(people));
    for (const [name, content] of Object.entries(files)) dir.write(`in/${name}`, content);
    const result = await tenantIn(dir).import(["in"], day);
    const incomplete = result.files.filter(({ completeness }) => completeness === "Incomplete");
    expect([
      dataset,
      incomplete.map((file) => [file.dataset, file.completeness_reason?.slice(0, 17)]),
    ]).toEqual([dataset, [[dataset, "suspected partial"]]]);
    const whole = await tenantIn(dir, "whole").import(["in"], { ...day, complete: [dataset] });
    expect([dataset, whole.exitCode]).toEqual([dataset, 0]);
  }
});

test("--complete takes lists of one day of which a file is given", async () => {
  const dir = new Workdir();
  dir.write("users.json", usersPage(users(1, 3)));
  for (const complete of ["groups", "sign_ins", "nothing"]) {
    const failure = await tenantIn(dir)
      .import(["users.json"], { complete: [complete] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CliError);
    expect((failure as CliError).exitCode).toBe(2);
  }
});
