import { expect, test } from "vitest";
import { page } from "../workdir.ts";
import { Tenant } from "./tenant.ts";

const guid = (number: number): string => `10000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const sku = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const person = {
  id: guid(1),
  userPrincipalName: "a@contoso.example",
  displayName: "A",
  accountEnabled: true,
  assignedLicenses: [{ skuId: sku, disabledPlans: [] }],
  licenseAssignmentStates: [],
  assignedPlans: [],
};

test("a file that is nearly a dataset is told what is missing for it, or what it has that no record of it has", async () => {
  const near = {
    "devices.json": [{ id: guid(1), displayName: "PC", accountEnabled: true }],
    "skus.json": [{ id: "a", skuId: sku, skuPartNumber: "E3", servicePlans: [] }],
    "full.json": [{ id: guid(1), displayName: "PC", accountEnabled: true, deviceId: guid(2) }],
    "groups.csv": `id,displayName,mail,visibility\n${guid(1)},G,g@contoso.example,Public\n`,
    "cars.csv": "Make,Model\nA,B\n",
  };
  const files = await new Tenant().import("2026-11-01", near);
  expect(
    Object.fromEntries(files.map(({ file, issues }) => [file.replace(/^.*[\\/]/, ""), issues[0]?.message])),
  ).toEqual({
    "devices.json": 'no dataset is recognised; users is nearest, but "userPrincipalName" is missing',
    "skus.json": 'no dataset is recognised; subscribed_skus is nearest, but "prepaidUnits" is missing',
    "full.json": 'no dataset is recognised; users would be nearest, but has no "deviceId"',
    "groups.csv": 'no dataset is recognised; groups is nearest, but "groupTypes" is missing',
    "cars.csv": "no dataset is recognised",
  });
});

const head =
  "Date (UTC),Request ID,User ID,User,Username,Application,Application ID,Status,Sign-in error code,Client app";

test.each([
  ["InteractiveSignIns_2026-10-01_2026-10-30.csv", true, "interactiveUser"],
  ["NonInteractiveSignIns_2026-10-01_2026-10-30.csv", false, "nonInteractiveUser"],
  ["ApplicationSignIns_2026-10-01_2026-10-30.csv", null, "servicePrincipal"],
  ["MSISignIns_2026-10-01_2026-10-30.csv", null, "managedIdentity"],
])("what the name of %s says is stored, and no finding asks for it", async (name, isInteractive, type) => {
  const tenant = new Tenant();
  const row = `2026-10-29T08:00:00Z,${guid(50)},${guid(1)},A,a@contoso.example,App,${guid(60)},Success,0,Browser`;
  const [file] = await tenant.import("2026-11-01", { [name]: `${head}\n${row}\n` });
  const absent = file?.issues.find(({ code }) => code === "columns_differ")?.message;
  expect(absent).not.toContain('"signInEventTypes"');
  if (isInteractive !== null) expect(absent).not.toContain('"isInteractive"');
  expect(
    await tenant.query("select isInteractive, signInEventTypes::text as types from raw.sign_ins"),
  ).toEqual([{ isInteractive, types: `[${type}]` }]);
  const asked = await tenant.query("select detail from data_quality where dataset = 'sign_ins'");
  expect(asked).toEqual([]);
});

test("a name that says nothing leaves the kind of sign-ins unknown, and the finding asks for it", async () => {
  const tenant = new Tenant();
  const row = `2026-10-29T08:00:00Z,${guid(50)},${guid(1)},A,a@contoso.example,App,${guid(60)},Success,0,Browser`;
  await tenant.import("2026-11-01", { "log.csv": `${head}\n${row}\n` });
  const asked = await tenant.query("select detail from data_quality where dataset = 'sign_ins'");
  expect(asked).toEqual([{ detail: "isInteractive is missing in all 1 records" }]);
});

test("what is said of a refused file goes when a later import brings a good one of its dataset or name, not before", async () => {
  const tenant = new Tenant();
  const broken = {
    "users.csv": "Display name,User principal name,Licenses\nA,a@contoso.example,Unlicensed\n",
    "odd.json": [{ id: guid(1), displayName: "A" }],
  };
  const told = async (): Promise<unknown> =>
    await tenant.query(
      "select finding from data_quality where finding in ('missing_columns', 'unrecognised') order by all",
    );
  await tenant.import("2026-11-01", {
    ...broken,
    "domains.json": page("domains", [{ id: "contoso.example" }]),
  });
  expect(await told()).toEqual([{ finding: "missing_columns" }, { finding: "unrecognised" }]);
  await tenant.import("2026-11-01", { "users.json": page("users", [person]) });
  expect(await told()).toEqual([{ finding: "unrecognised" }]);
  await tenant.import("2026-11-02", { "odd.json": page("users", [person]) });
  expect(await told()).toEqual([]);
});

test("subscribed SKUs whose service plans PowerShell cut at depth 2 make Partial what loses by it, with the reason", async () => {
  const tenant = new Tenant();
  const cut = {
    id: `${guid(9)}_${sku}`,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 1,
    prepaidUnits: { enabled: 5, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: "Microsoft.Graph.PowerShell.Models.MicrosoftGraphServicePlanInfo",
    skuId: sku,
    skuPartNumber: "SPE_E3",
  };
  await tenant.import("2026-11-01", { "users.json": page("users", [person]), "skus.json": [cut] });
  const rows = await tenant.query(
    "select output, data_status from output_status where reasons like '%lost servicePlans%' order by all",
  );
  expect(rows).toEqual(
    [
      ["license_assignments", "Partial"],
      ["license_costs", "Not supplied"],
      ["license_overlaps", "Partial"],
      ["license_summary", "Partial"],
      ["subscriptions", "Not supplied"],
    ].map(([output, data_status]) => ({ output, data_status })),
  );
});
