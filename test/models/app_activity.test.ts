import { describe, expect, test } from "vitest";
import { given, type GivenFile } from "./given.ts";
import { signIn, upn, user } from "./people.ts";

const failed = { status: { errorCode: 50126 } };
const interrupted = { status: { errorCode: 50140 } };

test("each application and user has its first and last success; failures are counted apart and interrupts not at all", async () => {
  const query = await given(
    ["users", [user("ann", { userPrincipalName: "new.name@contoso.example" })]],
    [
      "sign_ins",
      [
        signIn("ann", "2026-10-01T10:00:00Z"),
        signIn("ann", "2026-10-02T10:00:00Z", { appDisplayName: "App, renamed" }),
        signIn("ANN", "2026-10-03T10:00:00Z", { appDisplayName: "App, renamed", ...failed }),
        signIn("ann", "2026-10-04T10:00:00Z", { appDisplayName: null, ...interrupted }),
        signIn("ann", "2026-10-05T10:00:00Z", { appId: "Other", appDisplayName: "Other", ...interrupted }),
        signIn("bob", "2026-10-01T10:00:00Z", failed),
        signIn("x", "2026-10-01T10:00:00Z", {
          userId: "00000000-0000-0000-0000-000000000000",
          userPrincipalName: "WHO@contoso.example",
          ...failed,
        }),
        signIn("y", "2026-10-02T10:00:00Z", {
          userId: "",
          userPrincipalName: "who@contoso.example",
          ...failed,
        }),
      ],
    ],
  );
  const rows = await query(
    "select columns(* exclude (interrupted_sign_ins, unknown_sign_ins, active_days)) from app_activity order by app_id, user_id nulls last",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    [
      "app",
      "App, renamed",
      "ann",
      "new.name@contoso.example",
      "2026-10-01 10:00:00",
      "2026-10-02 10:00:00",
      2,
      1,
    ],
    ["app", "App, renamed", "bob", upn("bob"), null, null, 0, 1],
    ["app", "App, renamed", null, "who@contoso.example", null, null, 0, 2],
    ["other", "Other", "ann", "new.name@contoso.example", null, null, 0, 0],
  ]);
});

test("sign-ins after as_of do not count, and those of the very day do", async () => {
  const query = await given([
    "sign_ins",
    [signIn("ann", "2026-10-01T23:59:59Z"), signIn("ann", "2026-10-02T00:00:00Z")],
  ]);
  const sql = "select last_sign_in_at, sign_ins from app_activity";
  expect(await query(sql)).toEqual([{ last_sign_in_at: "2026-10-02 00:00:00", sign_ins: 2 }]);
  expect(await query(sql, { as_of: "2026-10-01" })).toEqual([
    { last_sign_in_at: "2026-10-01 23:59:59", sign_ins: 1 },
  ]);
});

test("sign-ins without a status are neither successes nor failures, and their counts are unknown", async () => {
  const query = await given([
    "sign_ins",
    [
      signIn("ann", "2026-10-01T10:00:00Z", { status: null }),
      signIn("bob", "2026-10-01T10:00:00Z"),
      signIn("bob", "2026-10-02T10:00:00Z", { status: undefined }),
    ],
  ]);
  const rows = await query(
    "select user_id, first_sign_in_at, last_sign_in_at, sign_ins, failed_sign_ins from app_activity order by user_id",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["ann", null, null, null, null],
    ["bob", "2026-10-01 10:00:00", "2026-10-01 10:00:00", 1, null],
  ]);
});

test("sign-ins without an application stand together, apart from the others", async () => {
  const query = await given([
    "sign_ins",
    [
      signIn("ann", "2026-10-01T10:00:00Z", { appId: null, appDisplayName: "" }),
      signIn("ann", "2026-10-02T10:00:00Z"),
    ],
  ]);
  expect(
    await query("select app_id, app_display_name, sign_ins from app_activity order by app_id nulls first"),
  ).toEqual([
    { app_id: null, app_display_name: null, sign_ins: 1 },
    { app_id: "app", app_display_name: "App", sign_ins: 1 },
  ]);
});

test("each application has its users and successes", async () => {
  const query = await given([
    "sign_ins",
    [
      signIn("ann", "2026-10-01T10:00:00Z", { appDisplayName: "Old name" }),
      signIn("ann", "2026-10-02T10:00:00Z"),
      signIn("bob", "2026-10-03T10:00:00Z"),
      signIn("cy", "2026-10-04T10:00:00Z", failed),
      signIn("cy", "2026-10-04T10:00:01Z", { appId: "failing", appDisplayName: "Failing", ...failed }),
      signIn("ann", "2026-10-04T10:00:02Z", { appId: "unclear", appDisplayName: "Unclear", status: null }),
      signIn("bob", "2026-10-04T10:00:03Z", { appId: "unclear", appDisplayName: "Unclear", ...failed }),
      // The newest name, though nobody has got in since.
      signIn("dee", "2026-10-01T10:00:00Z", { appId: "renamed", appDisplayName: "Before" }),
      signIn("cy", "2026-10-02T10:00:00Z", { appId: "renamed", appDisplayName: "After", ...failed }),
    ],
  ]);
  const rows = await query("from app_summary order by app_id");
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["app", "App", 2, 3, "2026-10-03 10:00:00"],
    ["failing", "Failing", 0, 0, null],
    ["renamed", "After", 1, 1, "2026-10-01 10:00:00"],
    ["unclear", "Unclear", null, null, null],
  ]);
});

test("interrupted sign-ins, those of unknown outcome, and the days with a success stand apart", async () => {
  const unknown = { status: null };
  const query = await given([
    "sign_ins",
    [
      signIn("ann", "2026-10-01T10:00:00Z"),
      signIn("ann", "2026-10-01T11:00:00Z"),
      signIn("ann", "2026-10-03T00:00:00Z"),
      signIn("ann", "2026-10-04T00:00:00Z", failed),
      signIn("ann", "2026-10-05T00:00:00Z", interrupted),
      signIn("bob", "2026-10-01T10:00:00Z", failed),
      signIn("cy", "2026-10-01T10:00:00Z"),
      signIn("cy", "2026-10-02T10:00:00Z", unknown),
      signIn("dee", "2026-10-02T10:00:00Z", unknown),
    ],
  ]);
  const rows = await query(
    "select user_id, sign_ins, failed_sign_ins, interrupted_sign_ins, unknown_sign_ins, active_days from app_activity order by 1",
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["ann", 3, 1, 1, 0, 2],
    ["bob", 0, 1, 0, 0, 0],
    ["cy", 1, null, null, 1, 1],
    ["dee", null, null, null, 1, null],
  ]);
});

const zones = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"];

test.each(zones)(
  "each application and day in UTC has its users, successes and failures, seen from %s",
  async (timeZone) => {
    const query = await given([
      "sign_ins",
      [
        signIn("ann", "2026-10-01T00:00:00Z"),
        signIn("ann", "2026-10-01T23:59:59.999999Z", { appDisplayName: "App, renamed" }),
        signIn("bob", "2026-10-01T12:00:00Z"),
        signIn("cy", "2026-10-01T12:00:00Z", failed),
        signIn("cy", "2026-10-01T12:00:01Z", interrupted),
        signIn("ann", "2026-10-02T00:00:00Z", failed),
        signIn("ann", "2026-10-04T00:00:00Z", { status: null }),
        signIn("who", "2026-10-04T00:00:00Z", { appId: "other", appDisplayName: "Other", userId: "" }),
      ],
    ]);
    const rows = await query("from app_activity_daily order by sign_in_date, app_id", { timeZone });
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["app", "App, renamed", "2026-10-01", 2, 3, 1],
      ["app", "App", "2026-10-02", 0, 0, 1],
      ["app", "App", "2026-10-04", null, null, null],
      ["other", "Other", "2026-10-04", 1, 1, 0],
    ]);
    const before = await query("select distinct sign_in_date from app_activity_daily", {
      timeZone,
      as_of: "2026-10-01",
    });
    expect(before).toEqual([{ sign_in_date: "2026-10-01" }]);
  },
);

test.each(zones)("the days of an application are counted in UTC, seen from %s", async (timeZone) => {
  const query = await given([
    "sign_ins",
    [signIn("ann", "2026-10-01T00:30:00Z"), signIn("ann", "2026-10-01T23:30:00Z")],
  ]);
  expect(await query("select active_days from app_activity", { timeZone })).toEqual([{ active_days: 1 }]);
});

test("each day with a success counts once, however long ago: 0 to 800 days before as_of", async () => {
  const newest = Date.parse("2026-10-02T00:00:00Z");
  const days = [0, 1, 2, 118, 119, 120, 121, 239, 240, 241, 358, 359, 360, 361, 479, 480, 719, 720, 800];
  const signIns = days.flatMap((days) =>
    [1, 23].map((hour) =>
      signIn(
        "ann",
        `${new Date(newest - days * 86_400_000).toISOString().slice(0, 11)}${String(hour).padStart(2, "0")}:00:00Z`,
      ),
    ),
  );
  const query = await given(["sign_ins", [...signIns, signIn("ann", "2026-10-01T10:00:00Z", failed)]]);
  const sql = "select sign_ins, active_days from app_activity";
  expect(await query(sql)).toEqual([{ sign_ins: days.length * 2, active_days: days.length }]);
  // A day later all of them are a day older; as of the day before the newest is not there yet.
  const later = await query(sql, { as_of: "2026-10-03" });
  expect(later).toEqual([{ sign_ins: days.length * 2, active_days: days.length }]);
  const earlier = await query(sql, { as_of: "2026-10-01" });
  expect(earlier).toEqual([{ sign_ins: days.length * 2 - 2, active_days: days.length - 1 }]);
});

test("a sign-in counts by id only where there is a users export, and by name where it has no id", async () => {
  const nobody = "00000000-0000-0000-0000-000000000000";
  const query = await given(
    ["users", [user("ann", { createdDateTime: "2020-01-01T00:00:00Z" })], { date: "2026-10-20" }],
    [
      "sign_ins",
      [
        signIn("ann", "2026-10-01T10:00:00Z"),
        signIn("ann", "2026-10-02T10:00:00Z", { userPrincipalName: "ann.old@contoso.example" }),
        ...[null, "", nobody].map((userId, index) =>
          signIn("ann", `2026-10-0${index + 3}T10:00:00Z`, { userId }),
        ),
        signIn("bob", "2026-10-06T10:00:00Z", { userId: nobody }),
      ],
    ],
  );
  const sql =
    "select user_id, user_principal_name, sign_ins, active_days from app_activity order by user_principal_name";
  expect((await query(sql)).map((row) => Object.values(row))).toEqual([
    ["ann", upn("ann"), 5, 3],
    [null, upn("bob"), 1, 1],
  ]);
  // Before it nothing says whose a name is; an id keeps its rows together.
  expect((await query(sql, { as_of: "2026-10-10" })).map((row) => Object.values(row))).toEqual([
    ["ann", "ann.old@contoso.example", 2, 1],
    [null, upn("ann"), 3, 3],
    [null, upn("bob"), 1, 1],
  ]);
  expect(await query("select sum(sign_ins) as n from app_summary")).toEqual([{ n: 6 }]);
});

describe("an application has one name, whoever signed in to it", () => {
  test("the newest, in app_activity and app_summary alike, failures and interrupts included", async () => {
    const query = await given(
      ["users", [user("ann"), user("bob"), user("cy")]],
      [
        "sign_ins",
        [
          signIn("ann", "2026-10-01T10:00:00Z", { appDisplayName: "Oldest" }),
          signIn("ann", "2026-10-09T10:00:00Z", { appDisplayName: null }),
          signIn("bob", "2026-10-05T10:00:00Z", { appDisplayName: "Newest", ...failed }),
          signIn("x", "2026-10-03T10:00:00Z", { userId: null, appDisplayName: "Between" }),
          signIn("cy", "2026-10-02T10:00:00Z", { appId: "other", appDisplayName: "Other" }),
        ],
      ],
    );
    for (const output of ["app_activity", "app_summary"])
      expect(await query(`select distinct app_id, app_display_name from ${output} order by 1`)).toEqual([
        { app_id: "app", app_display_name: "Newest" },
        { app_id: "other", app_display_name: "Other" },
      ]);
    expect(await query("select count(*) as rows from app_activity")).toEqual([{ rows: 4 }]);
  });

  test("without a users export too", async () => {
    const query = await given([
      "sign_ins",
      [
        signIn("ann", "2026-10-01T10:00:00Z", { appDisplayName: "Old" }),
        signIn("bob", "2026-10-05T10:00:00Z", { appDisplayName: "New" }),
      ],
    ]);
    expect(await query("select distinct app_display_name from app_activity")).toEqual([
      { app_display_name: "New" },
    ]);
  });
});

describe("a sign-in by name joins its person the same way in every application", () => {
  const files: GivenFile[] = [
    ["users", [user("ann", { createdDateTime: "2026-10-10T00:00:00Z" })]],
    [
      "sign_ins",
      [
        // Somebody else had the name before: in the one application only then, in the other she signs in since.
        signIn("ann", "2026-10-01T10:00:00Z", { userId: null, appId: "a" }),
        signIn("ann", "2026-10-02T10:00:00Z", { userId: null, appId: "b" }),
        signIn("ann", "2026-10-12T10:00:00Z", { userId: null, appId: "b" }),
        signIn("ann", "2026-10-13T10:00:00Z", { appId: "b" }),
        // An id is never given on.
        signIn("ann", "2026-10-03T10:00:00Z", { appId: "c" }),
      ],
    ],
  ];

  test("in app_activity each by its own time", async () => {
    const query = await given(...files);
    const rows = await query(
      "select app_id, user_id, sign_ins, first_sign_in_at::date as first from app_activity order by app_id, first",
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["a", null, 1, "2026-10-01"],
      ["b", null, 1, "2026-10-02"],
      ["b", "ann", 2, "2026-10-12"],
      ["c", "ann", 1, "2026-10-03"],
    ]);
  });

  test("in app_summary and app_activity_daily as two people", async () => {
    const query = await given(...files);
    expect(await query("select app_id, users from app_summary order by 1")).toEqual([
      { app_id: "a", users: 1 },
      { app_id: "b", users: 2 },
      { app_id: "c", users: 1 },
    ]);
    expect(await query("select sum(users) as users from app_activity_daily")).toEqual([{ users: 5 }]);
  });

  test("in user_activity and orphans as well: what was before is nobody's", async () => {
    const query = await given(...files);
    expect(await query("select last_sign_in_at from user_activity")).toEqual([
      { last_sign_in_at: "2026-10-13 10:00:00" },
    ]);
    expect(await query("select reason, rows, sign_ins from orphans")).toEqual([
      { reason: "Signed in before the account was created", rows: 2, sign_ins: 2 },
    ]);
  });
});
