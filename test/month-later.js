// Makes another month of the sample tenant out of its exports: always the same bytes. Some people leave, licenses and MFA change,
// some fall silent; everything else goes on as it was.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Papa from "papaparse";

/** The day of the second month's exports. */
export const secondDay = "2026-12-01";

const days = 30;
const modified = new Date(`${secondDay}T08:00:00Z`);
const spe_e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";

/** Who left. */
const gone = new Set(["gareth.pendle@contoso.example", "farid.nazari@contoso.example"]);
/** Who was not seen again after the first month. */
const silent = new Set(["aiko.sato@contoso.example", "priya.menon@contoso.example"]);
/** Who lost SPE_E3 and has no other license. */
const unlicensed = new Set(["helena.costa@contoso.example"]);
/** Who was locked out. */
const disabled = new Set(["lukasz.wisniewski@contoso.example"]);
/** New MFA flags: registered, capable. @type {Readonly<Record<string, readonly [boolean, boolean]>>} */
const mfa = {
  "nadia.haddad@contoso.example": [true, true],
  "sukru.yildiz@contoso.example": [false, false],
  "zoe.bruckner@contoso.example": [true, false],
};

/** @typedef {Record<string, any>} Item a record of an export, as JSON has it */

/** Writes the second month of the exports in one folder into another. @param {string} from @param {string} to */
export function writeMonthLater(from, to) {
  for (const name of listFiles(from)) {
    const text = readFileSync(join(from, name), "utf8");
    const path = join(to, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, isTold(name) ? changeFile(name, text) : text);
    utimesSync(path, modified, modified);
  }
}

/** Lists that the tenant keeps do not change. @param {string} name */
function isTold(name) {
  return !/^(organization|subscriptions|groups|domains)\.json$|^mailboxes\.csv$|^lists/.test(name);
}

/** @param {string} folder @returns {string[]} paths in it, sorted, with slashes */
function listFiles(folder, prefix = "") {
  return readdirSync(join(folder, prefix))
    .toSorted()
    .flatMap((name) => {
      const path = prefix === "" ? name : `${prefix}/${name}`;
      return statSync(join(folder, path)).isDirectory() ? listFiles(folder, path) : [path];
    });
}

/** @param {string} name @param {string} text */
function changeFile(name, text) {
  if (name.endsWith(".csv")) return changeCsv(text);
  const page = JSON.parse(text);
  const change = changes[name] ?? (name.startsWith("users/") ? changeUser : changeReported);
  const value = page.value.flatMap((/** @type {Item} */ item) => (hasLeft(item) ? [] : change(item)));
  return `${JSON.stringify({ ...page, value }, null, 2)}\n`;
}

/** @param {Item} item */
function hasLeft(item) {
  return gone.has(item["userPrincipalName"]);
}

/** @type {Readonly<Record<string, (item: Item) => Item>>} */
const changes = {
  "subscribedSkus.json": (sku) =>
    sku["skuId"] === spe_e3
      ? {
          ...sku,
          consumedUnits: sku["consumedUnits"] - 2,
          prepaidUnits: { ...sku["prepaidUnits"], enabled: 35 },
        }
      : sku,
  "userRegistrationDetails.json": (details) => {
    const [isMfaRegistered, isMfaCapable] = mfa[details["userPrincipalName"]] ?? [
      details["isMfaRegistered"],
      details["isMfaCapable"],
    ];
    return {
      ...details,
      isMfaRegistered,
      isMfaCapable,
      lastUpdatedDateTime: later(details["lastUpdatedDateTime"]),
    };
  },
  "signIns.json": (signIn) =>
    silent.has(signIn["userPrincipalName"])
      ? []
      : { ...signIn, id: otherId(signIn["id"]), createdDateTime: later(signIn["createdDateTime"]) },
};

/** @param {Item} user */
function changeUser(user) {
  const upn = user["userPrincipalName"];
  return {
    ...user,
    ...(user["signInActivity"] && !silent.has(upn) && { signInActivity: laterTimes(user["signInActivity"]) }),
    ...(unlicensed.has(upn) && { assignedLicenses: [], licenseAssignmentStates: [], assignedPlans: [] }),
    ...(disabled.has(upn) && { accountEnabled: false }),
  };
}

/** A record of a report. @param {Item} item */
function changeReported(item) {
  return silent.has(item["userPrincipalName"])
    ? { ...item, reportRefreshDate: later(item["reportRefreshDate"]) }
    : laterTimes(item);
}

/** @param {Item} item @returns {Item} */
function laterTimes(item) {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === "string" && /Refresh|Last|last/.test(name) && !name.endsWith("Id")
        ? later(value)
        : value,
    ]),
  );
}

/** @param {string} text */
function changeCsv(text) {
  const { data, meta } = Papa.parse(text.replace(/^\uFEFF/, ""), { header: true, skipEmptyLines: true });
  const rows = data.flatMap((row) => {
    const item = /** @type {Item} */ (row);
    const upn = item["User Principal Name"] ?? item["Owner Principal Name"];
    if (gone.has(upn)) return [];
    return silent.has(upn)
      ? [{ ...item, "Report Refresh Date": later(item["Report Refresh Date"]) }]
      : [laterTimes(item)];
  });
  return `\uFEFF${Papa.unparse(rows, { columns: meta.fields ?? [], newline: "\r\n" })}\r\n`;
}

/** A date or time one month on; what happened never, or long ago, stays. @param {string} text */
function later(text) {
  const date = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
  if (date === undefined || date < "2026-08-01") return text;
  const moved = new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  return moved + text.slice(10);
}

/** The id of another event: the first digit turned round. @param {string} id */
function otherId(id) {
  return (15 - Number.parseInt(id.charAt(0), 16)).toString(16) + id.slice(1);
}
