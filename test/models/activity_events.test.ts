import { expect, test } from "vitest";
import { given } from "./given.ts";
import { activeRow, appRow, signIn, upn, user } from "./people.ts";

const noon = "2026-10-02T12:34:56Z";

test("a user has an event for each workload of which a report shows use, and for each application with a success", async () => {
  const query = await given(
    ["users", [user("ann", { mail: "ann.mail@contoso.example" }), user("bob")]],
    [
      "office365_active_user_detail",
      [
        activeRow("ann", { exchangeLastActivityDate: "2026-10-20", teamsLastActivityDate: "2026-10-21" }),
        activeRow("bob"),
      ],
    ],
    ["m365_app_user_detail", [appRow("ann")]],
    [
      "sign_ins",
      [
        signIn("ann", "2026-10-01T10:00:00Z"),
        signIn("ann", noon, { appDisplayName: "App, renamed" }),
        signIn("bob", "2026-09-02T10:00:00Z", { status: { errorCode: 50126 } }),
        signIn("bob", "2026-09-01T10:00:00Z", { appDisplayName: "App" }),
      ],
    ],
  );
  const rows = await query("from activity_events order by user_principal_name, source desc, workload");
  const ann = ["ann", "ann.mail@contoso.example", upn("ann")];
  expect(rows.map((row) => Object.values(row))).toEqual([
    [...ann, "usage report", "Exchange", null, null, "2026-10-20 00:00:00", "day"],
    [...ann, "usage report", "Microsoft 365 apps", null, null, "2026-10-29 00:00:00", "day"],
    [...ann, "usage report", "Teams", null, null, "2026-10-21 00:00:00", "day"],
    [...ann, "sign-in log", null, "app", "App, renamed", "2026-10-02 12:34:56", "second"],
    ["bob", null, upn("bob"), "sign-in log", null, "app", "App, renamed", "2026-09-01 10:00:00", "second"],
  ]);
});

test("an application without a name has its id, and a failure or a sign-in of an unknown outcome is no event", async () => {
  const query = await given(
    ["users", [user("ann")]],
    [
      "sign_ins",
      [
        signIn("ann", noon, { appId: "nameless", appDisplayName: null }),
        signIn("ann", noon, { id: "2", appId: "failed", status: { errorCode: 50126 } }),
        signIn("ann", noon, { id: "3", appId: "unknown", status: null }),
      ],
    ],
  );
  expect(await query("select app_id, app_name from activity_events")).toEqual([
    { app_id: "nameless", app_name: "nameless" },
  ]);
});

test("who is in no users export has the name of the report, and the output is Partial", async () => {
  const query = await given([
    "office365_active_user_detail",
    [activeRow("ann", { exchangeLastActivityDate: "2026-10-20" })],
  ]);
  expect(await query("select user_id, mail, user_principal_name, workload from activity_events")).toEqual([
    { user_id: null, mail: null, user_principal_name: upn("ann"), workload: "Exchange" },
  ]);
  expect(await query("select data_status from output_status where output = 'activity_events'")).toEqual([
    { data_status: "Partial" },
  ]);
});
