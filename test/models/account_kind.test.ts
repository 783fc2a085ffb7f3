import { expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { e3, given, odd, type GivenFile } from "./given.ts";
import { skus, upn, user } from "./people.ts";

const resource = "440eaaa8-b3e0-484b-a8be-62870b9ba70a";
const sharedDevice = "295a8eb0-f78d-45c7-8b5b-1eed5ed02dff";
const room = "6070a4c8-34c6-4937-8dfb-39bbc6397a60";
const named = { userType: "Member", givenName: "Ann", surname: "Lee" };
const holding = (...ids: readonly string[]): Row => ({ assignedLicenses: ids.map((skuId) => ({ skuId })) });
const guest = { userType: "Guest" };

async function kindOf(record: Row, ...more: readonly GivenFile[]): Promise<unknown> {
  const file: GivenFile = ["users", [{ ...user("ann"), ...record }]];
  const registered: GivenFile = ["user_registration_details", [{ id: "ann", userPrincipalName: upn("ann") }]];
  const query = await given(file, skus, registered, ...more);
  const [row] = await query("select account_kind from mfa_status");
  return row?.["account_kind"];
}

const box = (recipientTypeDetails: string | null, more: Row = {}): GivenFile => [
  "mailboxes",
  [{ externalDirectoryObjectId: "ann", recipientTypeDetails, primarySmtpAddress: upn("ann"), ...more }],
];
const report = (recipientType: string | null, more: Row = {}): GivenFile => [
  "mailbox_usage_detail",
  [{ userPrincipalName: upn("ann"), recipientType, reportRefreshDate: "2026-10-30", ...more }],
];
const subscribed = (skuPartNumber: string): GivenFile => [
  "subscribed_skus",
  [{ id: "other", skuId: odd, skuPartNumber }],
  { name: "others" },
];

test.each<[name: string, record: Row, files: readonly GivenFile[], kind: string]>([
  ["a guest is one whatever licenses it has", { ...guest, ...holding(resource, room) }, [], "Guest"],
  ["user types are compared without case", { userType: "guest" }, [], "Guest"],
  ["a resource account's SKU by GUID", { ...named, ...holding(resource) }, [], "Resource account"],
  ["a shared device's SKU by GUID", { ...named, ...holding(e3, sharedDevice) }, [], "Resource account"],
  ["a resource account goes before a room", holding(resource, room), [], "Resource account"],
  [
    "the GUID goes before the part number",
    { ...named, ...holding(resource) },
    [["subscribed_skus", [{ id: "x", skuId: resource, skuPartNumber: "MEETING_ROOM" }]]],
    "Resource account",
  ],
  [
    "a SKU that Microsoft's list lacks by its part number",
    holding(odd),
    [subscribed("PHONESYSTEM_VIRTUALUSER_USGOV_DOD")],
    "Resource account",
  ],
  ["a room's SKU by its part number", holding(odd), [subscribed("MCOCAP_USGOV_DOD")], "Resource account"],
  [
    "a Teams Rooms SKU of an unknown cloud",
    holding(odd),
    [subscribed("Microsoft_Teams_Rooms_Pro_USGOV")],
    "Room or equipment",
  ],
  [
    "a part number that only contains the mark is none",
    { ...named, ...holding(odd) },
    [subscribed("NO_MEETING_ROOM")],
    "Person",
  ],
  [
    "the department that Teams writes",
    { ...named, department: "Microsoft Communication Application Instance" },
    [],
    "Resource account",
  ],
  ["the property that says so", { ...named, isResourceAccount: true }, [], "Resource account"],
  [
    "the property takes nothing away",
    { ...holding(resource), isResourceAccount: false },
    [],
    "Resource account",
  ],
  [
    "a product that the admin center names",
    { assignedLicenses: null, licenseNames: ["Microsoft Teams Phone Resource Account"] },
    [],
    "Resource account",
  ],
  [
    "a room that the admin center names",
    { assignedLicenses: null, licenseNames: ["Microsoft Teams Rooms Pro"] },
    [],
    "Room or equipment",
  ],
  ["a room's mailbox", named, [box("RoomMailbox")], "Room or equipment"],
  ["equipment's mailbox, on premises", named, [box("RemoteEquipmentMailbox")], "Room or equipment"],
  ["a room's SKU by GUID", { ...named, ...holding(room) }, [box("UserMailbox")], "Room or equipment"],
  ["a shared mailbox with a license", named, [box("SharedMailbox")], "Shared mailbox"],
  ["a shared mailbox by the usage report", named, [report("Shared")], "Shared mailbox"],
  ["a room by the usage report", named, [report("room")], "Room or equipment"],
  ["the mailboxes go before the usage report", named, [box("UserMailbox"), report("Shared")], "Person"],
  ["a mailbox without a type tells nothing", named, [box(null), report("Shared")], "Shared mailbox"],
  [
    "a row of the report on a deleted account is somebody else's",
    named,
    [report("Shared", { isDeleted: true })],
    "Person",
  ],
  [
    "so is one from before the account was created",
    { ...named, createdDateTime: "2026-10-31T00:00:00Z" },
    [report("Shared")],
    "Person",
  ],
  [
    "Entra Connect's own account",
    { ...named, displayName: "On-Premises Directory Synchronization Service Account" },
    [],
    "Service or sync",
  ],
  [
    "Entra Connect's account by its UPN",
    { ...named, userPrincipalName: "Sync_SRV-01_0a1b2c3d4e5f@contoso.onmicrosoft.com" },
    [],
    "Service or sync",
  ],
  [
    "Exchange's own mailbox",
    { userPrincipalName: "DiscoverySearchMailbox{D919BA05-46A6-415F-80AD-7E09334BB852}@contoso.example" },
    [],
    "Service or sync",
  ],
  [
    "a name that only begins alike",
    { ...named, userPrincipalName: "sync_team@contoso.example" },
    [],
    "Person",
  ],
  ["a member with a license", { userType: "Member" }, [], "Person"],
  ["a member with a user mailbox", { userType: "Member", ...holding() }, [box("UserMailbox")], "Person"],
  [
    "a member with a user mailbox by the report",
    { userType: "Member", ...holding() },
    [report("User")],
    "Person",
  ],
  ["a member with a first and a last name", { ...named, ...holding() }, [], "Person"],
  [
    "a member with one name alone",
    { userType: "Member", givenName: "Ann", surname: " ", ...holding() },
    [],
    "Unknown",
  ],
  ["nobody knows whether it is a member", { givenName: "Ann", surname: "Lee" }, [], "Unknown"],
])("%s: %s", async (_name, record, files, kind) => {
  expect(await kindOf(record, ...files)).toBe(kind);
});

test("everybody has a kind where there is no users export", async () => {
  const query = await given(
    ["user_registration_details", [{ id: "ann", userPrincipalName: upn("ann"), userType: "guest" }]],
    ["mailbox_usage_detail", [{ userPrincipalName: upn("info"), recipientType: "Shared" }]],
  );
  expect(await query("select user_principal_name, account_kind from mfa_status order by all")).toEqual([
    { user_principal_name: upn("ann"), account_kind: "Guest" },
    { user_principal_name: upn("info"), account_kind: "Shared mailbox" },
  ]);
});
