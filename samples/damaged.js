// Files with one damage each, as they come out of real exports.
import { guid } from "./deterministic.js";
import { user, usersPage } from "./graph.js";
import { people } from "./people.js";
import { mailboxUsageDetail, oneDriveUsageAccountDetail, toCsv } from "./reports.js";
import { exportDate } from "./tenant.js";

/** @returns {Record<string, string>} contents by file name */
export function damagedFiles() {
  const whole = usersPage(people.slice(0, 3));
  const [good, second, third, last] = people.slice(7, 11).map((person) => JSON.stringify(user(person)));
  const { id: _, ...withoutId } = JSON.parse(third ?? "");
  const mailboxes = mailboxUsageDetail(people.slice(0, 3));
  const drives = toCsv(oneDriveUsageAccountDetail(people.slice(0, 3)), { lineEnd: "\n" }).split("\n");
  return {
    "users-truncated.json": whole.slice(0, whole.lastIndexOf('"capabilityStatus"') + 30),
    "users-next-link.json": usersPage(people.slice(3, 6), 2),
    "users-bad-records.ndjson": `${[
      good,
      second?.replace('"userPrincipalName"', "userPrincipalName"),
      JSON.stringify(withoutId),
      JSON.stringify({
        id: guid("user with a text for a boolean"),
        userPrincipalName: "ida.roth@contoso.example",
        displayName: "Ida Roth",
        accountEnabled: "maybe",
        assignedLicenses: [],
      }),
      last,
    ].join("\n")}\n`,
    "mailbox-without-upn.csv": toCsv(
      {
        header: mailboxes.header.replace("User Principal Name,", ""),
        rows: mailboxes.rows.map((row) => row.toSpliced(1, 1)),
      },
      { lineEnd: "\r\n" },
    ),
    "onedrive-ragged.csv": drives
      .map((line, index) => (index === 2 ? line.slice(0, line.lastIndexOf(",")) : line))
      .join("\n"),
    "userRegistrationDetails-error.json": `${JSON.stringify(
      {
        error: {
          code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
          message: "Neither tenant is B2C or tenant doesn't have premium license",
          innerError: {
            date: `${exportDate}T08:15:42`,
            "request-id": guid("error request"),
            "client-request-id": guid("error client request"),
          },
        },
      },
      null,
      2,
    )}\n`,
    "not-ours.json": `${JSON.stringify(
      {
        name: "printer-inventory",
        printers: [
          { serial: "PX-0417", floor: 3 },
          { serial: "PX-0418", floor: 4 },
        ],
      },
      null,
      2,
    )}\n`,
    "notes.txt": "Exported by hand on Sunday; the mailbox report lost a column on the way.\n",
  };
}
