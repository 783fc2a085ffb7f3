import { describe, expect, test } from "vitest";
import type { Row } from "../../src/database/open.ts";
import { given, type Facts, type GivenFile } from "./given.ts";
import { signIn, upn } from "./people.ts";

const interactive = { isInteractive: true };
const background = { isInteractive: false };

const log = (records: readonly Row[], facts?: Facts): GivenFile => ["sign_ins", records, facts];
const zones = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"];

test.each(zones)(
  "each kind has its runs of days, the gaps between them and what was not supplied, seen from %s",
  async (timeZone) => {
    const query = await given(
      log([
        signIn("ann", "2026-10-02T00:00:00Z", interactive),
        signIn("ann", "2026-10-03T23:59:59Z", interactive),
        signIn("bob", "2026-10-03T12:00:00Z", { ...interactive, status: { errorCode: 50126 } }),
        signIn("ann", "2026-10-07T00:00:00Z", interactive),
        signIn("ann", "2026-10-03T10:00:00Z", { ...background, id: "b" }),
      ]),
      ["users", [{ id: "ann" }], { date: "2026-10-08" }],
    );
    const rows = await query(
      "select * exclude (explanation) from sign_in_coverage order by sign_in_kind, first_date",
      { timeZone },
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      [
        "Interactive",
        "Covered",
        "2026-10-02",
        "2026-10-03",
        2,
        3,
        "2026-10-02 00:00:00",
        "2026-10-03 23:59:59",
      ],
      ["Interactive", "Gap", "2026-10-04", "2026-10-06", 3, null, null, null],
      [
        "Interactive",
        "Covered",
        "2026-10-07",
        "2026-10-07",
        1,
        1,
        "2026-10-07 00:00:00",
        "2026-10-07 00:00:00",
      ],
      ["Interactive", "Gap", "2026-10-08", "2026-10-08", 1, null, null, null],
      ["Managed identity", "Not supplied", "2026-10-02", "2026-10-08", 7, null, null, null],
      ["Non-interactive", "Gap", "2026-10-02", "2026-10-02", 1, null, null, null],
      [
        "Non-interactive",
        "Covered",
        "2026-10-03",
        "2026-10-03",
        1,
        1,
        "2026-10-03 10:00:00",
        "2026-10-03 10:00:00",
      ],
      ["Non-interactive", "Gap", "2026-10-04", "2026-10-08", 5, null, null, null],
      ["Service principal", "Not supplied", "2026-10-02", "2026-10-08", 7, null, null, null],
    ]);
  },
);

test("the runs end with as_of", async () => {
  const query = await given(
    log([
      signIn("ann", "2026-10-01T10:00:00Z", interactive),
      signIn("ann", "2026-10-05T10:00:00Z", interactive),
    ]),
  );
  const rows = await query(
    "select state, first_date, last_date from sign_in_coverage where sign_in_kind = 'Interactive' order by first_date",
    { as_of: "2026-10-03" },
  );
  expect(rows.map((row) => Object.values(row))).toEqual([
    ["Covered", "2026-10-01", "2026-10-01"],
    ["Gap", "2026-10-02", "2026-10-03"],
  ]);
  expect(await query("from sign_in_coverage", { as_of: "2026-09-30" })).toEqual([]);
});

describe("the kind of a sign-in", () => {
  const silent = { isInteractive: undefined };
  const application = { userId: "", userPrincipalName: "", servicePrincipalId: "sp" };
  const cases: (readonly [name: string, sign: Row, file: string, kind: string])[] = [
    ["isInteractive says it", interactive, "signIns.json", "Interactive"],
    ["isInteractive denies it", background, "signIns.json", "Non-interactive"],
    [
      "signInEventTypes names it",
      { signInEventTypes: ["nonInteractiveUser"] },
      "signIns.json",
      "Non-interactive",
    ],
    [
      "signInEventTypes go before isInteractive",
      { ...background, signInEventTypes: ["interactiveUser"] },
      "signIns.json",
      "Interactive",
    ],
    [
      "an application",
      { ...background, ...application, signInEventTypes: ["servicePrincipal"] },
      "signIns.json",
      "Service principal",
    ],
    [
      "an application without the type",
      { ...background, ...application },
      "signIns.json",
      "Service principal",
    ],
    [
      "a managed identity",
      { ...application, signInEventTypes: ["managedIdentity"] },
      "signIns.json",
      "Managed identity",
    ],
    [
      "a user whose record names a service principal too",
      { ...interactive, servicePrincipalId: "sp" },
      "signIns.json",
      "Interactive",
    ],
    [
      "a list of the portal by its name",
      silent,
      "lists/InteractiveSignIns_2026-10-01_2026-10-02.csv",
      "Interactive",
    ],
    ["another by its name", silent, "NonInteractiveSignIns_2026-10-01_2026-10-02.csv", "Non-interactive"],
    ["of applications", silent, "ApplicationSignIns_2026-10-01_2026-10-02.csv", "Service principal"],
    ["of managed identities", silent, "MSISignIns_2026-10-01_2026-10-02.csv", "Managed identity"],
    [
      "what the record says goes before the name",
      background,
      "InteractiveSignIns_2026-10-01_2026-10-02.json",
      "Non-interactive",
    ],
    ["nothing says it", silent, "signIns.csv", "Unknown"],
  ];
  test.each(cases)("%s", async (_name, sign, name, kind) => {
    const query = await given(log([signIn("ann", "2026-10-01T10:00:00Z", sign)], { name }));
    expect(
      await query("select sign_in_kind as kind, sign_ins from sign_in_coverage where state = 'Covered'"),
    ).toEqual([{ kind, sign_ins: 1 }]);
  });
});

describe("what nobody knows is not called missing", () => {
  const states = "select sign_in_kind, state, sign_ins from sign_in_coverage order by sign_in_kind";
  const statusOf = "select data_status, reasons from output_status where output = 'sign_in_coverage'";

  test("sign-ins of an unknown kind may be of any", async () => {
    const query = await given(log([signIn("ann", "2026-10-01T10:00:00Z")]));
    expect((await query(states)).map((row) => Object.values(row))).toEqual([
      ["Interactive", "Unknown", null],
      ["Managed identity", "Unknown", null],
      ["Non-interactive", "Unknown", null],
      ["Service principal", "Unknown", null],
      ["Unknown", "Covered", 1],
    ]);
    expect((await query(statusOf))[0]?.["data_status"]).toBe("Partial");
  });
  test("no sign-ins at all are not supplied", async () => {
    const query = await given(["users", [{ id: "ann", userPrincipalName: upn("ann") }]]);
    expect(await query(states)).toEqual([]);
    expect((await query(statusOf))[0]).toEqual({
      data_status: "Not supplied",
      reasons: "sign_ins was not supplied",
    });
  });
  test("a cut log is Partial", async () => {
    const query = await given(
      log([signIn("ann", "2026-10-01T10:00:00Z", interactive)], {
        completeness: "Incomplete",
        reason: "it is cut",
      }),
    );
    expect(await query(statusOf)).toEqual([
      { data_status: "Partial", reasons: "sign_ins is incomplete (it is cut)" },
    ]);
  });
});
