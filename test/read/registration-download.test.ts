import { beforeAll, describe, expect, test } from "vitest";
import { type ImportedFolder, importTexts } from "../ledger/imported.ts";
import { page, Workdir } from "../workdir.ts";

const dir = new Workdir();
const names = ["ann", "bob", "cat", "dan"];
const users = names.map((name, index) => ({
  id: `10000000-0000-4000-8000-00000000000${index + 1}`,
  userPrincipalName: `${name}@contoso.example`,
  displayName: name,
  givenName: name,
  surname: "Example",
  accountEnabled: true,
  userType: "Member",
  createdDateTime: "2022-01-10T08:00:00Z",
  assignedLicenses: [],
}));

/** As the Entra admin center writes it: names of Graph, no id, no isAdmin, no isMfaRegistered, methods as JSON. */
const heading =
  "userPrincipalName,userDisplayName,isMfaCapable,isPasswordlessCapable,isSsprCapable,defaultMfaMethod,methodsRegistered,lastUpdatedDateTime\n";
const row = (name: string, flags: string, method: string, methods: string): string =>
  `${name}@contoso.example,${name},${flags},${method},"${methods.replaceAll('"', '""')}",2026-10-31T21:36:33.918907Z\n`;

const download = [
  heading,
  row(
    "ann",
    "True,False,True",
    "microsoftAuthenticatorPush",
    '["microsoftAuthenticatorPush","softwareOneTimePasscode"]',
  ),
  row("bob", "False,False,False", "none", "[]"),
  row("cat", "True,True,False", "none", '["passKeyDeviceBound"]'),
  row("dan", "False,False,True", "none", '["mobilePhone","email"]'),
].join("");

describe("the User registration details that the Entra admin center downloads", () => {
  let folder: ImportedFolder;
  const ask = async (sql: string): Promise<unknown[][]> =>
    (await folder.query(sql)).map((each) => Object.values(each));

  beforeAll(async () => {
    folder = await importTexts(dir, {
      "users.json": page("users", users),
      "exportUserRegistrationDetails_2026-10-31.csv": download,
    });
  });

  test("are loaded, of the day that they state", () => {
    expect(folder.exitCode).toBe(0);
    expect(
      folder.files.map(({ dataset, snapshot_date: day }) => `${String(dataset)} ${String(day)}`).toSorted(),
    ).toEqual(["user_registration_details 2026-10-31", "users 2026-11-01"]);
  });

  test("give each status, those that are derived with the word for it, and leave isMfaRegistered unknown", async () => {
    const derived = "(derived from methods)";
    expect(
      await ask(
        "select display_name, mfa_status, mfa_status_reason, is_mfa_registered, is_admin from mfa_status order by 1",
      ),
    ).toEqual([
      ["ann", "Enabled", "A strong method is registered and allowed by policy", null, null],
      ["bob", "Disabled", `No strong method is registered ${derived}`, null, null],
      ["cat", "Enabled", "A strong method is registered and allowed by policy", null, null],
      ["dan", "Non-compliant", `A method is registered but policy does not allow it ${derived}`, null, null],
    ]);
  });

  test("give methods, passwordless and password reset", async () => {
    expect(
      await ask(
        "select display_name, methods_registered, phishing_resistant_methods, default_mfa_method, is_passwordless_capable, is_sspr_registered from mfa_status order by 1",
      ),
    ).toEqual([
      [
        "ann",
        "microsoftAuthenticatorPush; softwareOneTimePasscode",
        "",
        "microsoftAuthenticatorPush",
        false,
        true,
      ],
      ["bob", "", "", "none", false, null],
      ["cat", "passKeyDeviceBound", "passKeyDeviceBound", "none", true, null],
      ["dan", "email; mobilePhone", "", "none", false, true],
    ]);
  });

  test("say that isAdmin is missing: admins are unknown, and the outputs Partial", async () => {
    expect(await ask("select distinct admins from mfa_summary")).toEqual([[null]]);
    expect(
      await ask(
        "select data_status from output_status where output in ('mfa_status', 'mfa_summary') order by output",
      ),
    ).toEqual([["Partial"], ["Partial"]]);
    expect(await ask("select data_status from output_status where output = 'admins_without_mfa'")).toEqual([
      ["Not supplied"],
    ]);
  });

  test("explain a derived status by the methods", async () => {
    expect(
      await ask(
        "select property, evidence from lineage.mfa_status where figure = 'mfa_status' and is_chosen and evidence like '%mobilePhone%'",
      ),
    ).toEqual([["methodsRegistered", "email; mobilePhone"]]);
  });
});

test("an empty cell in the place of [] is none for whom it can be, in a list that never writes []", async () => {
  const folder = await importTexts(dir, {
    "users.json": page("users", users),
    "registrations.csv": download.replace('"[]"', ""),
  });
  const sql = "select mfa_status, methods_registered from mfa_status where display_name = 'bob'";
  expect(await folder.query(sql)).toEqual([{ mfa_status: "Disabled", methods_registered: "" }]);
});
