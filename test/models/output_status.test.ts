import { readFileSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadDatasets } from "../../src/schema/dataset.ts";
import type { Row } from "../../src/database/open.ts";
import { isMovedToNotAvailable } from "../outputs/missing.ts";
import { given, givenSettled, today, type Facts, type GivenFile, type Query } from "./given.ts";
import { activeRow, user } from "./people.ts";
import { everything, withoutDataset, withoutProperty } from "./tenant.ts";

const datasets = loadDatasets();
const folder = new URL("../../src/models/outputs/", import.meta.url);

interface Need {
  readonly dataset: string;
  readonly property?: string;
  readonly substitute?: boolean;
}

/** Per output what it needs, from its needs file: groups of which one is enough. */
const needs = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith(".needs.json"))
    .map((file) => {
      const { essential, helpful, columns } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as {
        essential?: Need[][];
        helpful?: Need[][];
        columns?: Record<string, (string | string[])[]>;
      };
      const asked = Object.entries(columns ?? {}).flatMap(([dataset, names]) =>
        names.map((name): Need[] => [name].flat().map((property) => ({ dataset, property }))),
      );
      return [
        file.replace(".needs.json", ""),
        { essential: essential ?? [], helpful: helpful ?? [], columns: asked },
      ];
    }),
);

/** What only a list of a portal has in place of something else: never missed. */
const isSubstitute = ({ dataset, property = "" }: Need): boolean =>
  ["licenseNames", "signInStatus", "details", "signInEventTypes"].includes(property) ||
  ["credential_user_registration_details", "license_products"].includes(dataset);

const isSame = (left: Need, right: Need): boolean =>
  left.dataset === right.dataset && left.property === right.property;

const outputs = [
  "admins_without_mfa",
  "activity_events",
  "activity_history",
  "app_activity",
  "app_activity_daily",
  "app_summary",
  "device_usage",
  "license_assignments",
  "license_capacity",
  "license_costs",
  "license_history",
  "license_overlaps",
  "license_summary",
  "mfa_breakdown",
  "mfa_history",
  "mfa_status",
  "mfa_summary",
  "orphans",
  "sign_in_coverage",
  "subscriptions",
  "user_activity",
  "user_roster",
  "users",
];

async function statuses(query: Query): Promise<Record<string, unknown>> {
  const rows = await query("select output, data_status from output_status");
  return Object.fromEntries(rows.map(({ output, data_status }) => [String(output), data_status]));
}

async function reasonsFor(output: string, ...files: readonly GivenFile[]): Promise<Row | undefined> {
  const query = await given(...files);
  const [row] = await query(
    `select data_status as status, reasons from output_status where output = '${output}'`,
    { as_of: today },
  );
  return row;
}

const withFacts = (name: string, facts: Facts): GivenFile[] =>
  everything.map(([dataset, records, old]) => [dataset, records, dataset === name ? facts : old]);

test("with everything supplied every output is Complete, without a word", async () => {
  const query = await given(...everything);
  const rows = await query("from output_status");
  expect(rows).toEqual(
    [...outputs, "data_quality", "output_status"]
      .toSorted()
      .map((output) => ({ output, data_status: "Complete", reasons: null })),
  );
});

test("with nothing supplied every output that needs data is Not supplied and empty", async () => {
  const query = await given();
  expect(await statuses(query)).toEqual({
    ...Object.fromEntries(outputs.map((output) => [output, "Not supplied"])),
    data_quality: "Complete",
    output_status: "Complete",
  });
  for (const output of outputs) expect(await query(`from ${output}`)).toEqual([]);
});

describe("each dataset removed in turn", () => {
  const cases: (readonly [dataset: string, expected: Record<string, string>])[] = [
    [
      "users",
      {
        activity_events: "Partial",
        subscriptions: "Partial",
        user_roster: "Not supplied",
        license_assignments: "Not supplied",
        license_overlaps: "Not supplied",
        users: "Not supplied",
        license_costs: "Partial",
        license_summary: "Partial",
        admins_without_mfa: "Partial",
        mfa_breakdown: "Partial",
        mfa_status: "Partial",
        mfa_summary: "Partial",
        user_activity: "Partial",
        app_activity: "Partial",
        orphans: "Not supplied",
        device_usage: "Partial",
        license_history: "Partial",
      },
    ],
    [
      "subscribed_skus",
      {
        subscriptions: "Partial",
        license_summary: "Partial",
        license_assignments: "Partial",
        license_capacity: "Not supplied",
        license_costs: "Partial",
        license_history: "Partial",
        license_overlaps: "Partial",
      },
    ],
    [
      "user_registration_details",
      {
        user_roster: "Partial",
        admins_without_mfa: "Not supplied",
        mfa_breakdown: "Not supplied",
        mfa_status: "Not supplied",
        mfa_summary: "Not supplied",
        mfa_history: "Not supplied",
        users: "Partial",
      },
    ],
    [
      "office365_active_user_detail",
      {
        activity_events: "Partial",
        subscriptions: "Partial",
        user_roster: "Partial",
        user_activity: "Partial",
        activity_history: "Partial",
        license_summary: "Partial",
        license_assignments: "Partial",
        license_costs: "Partial",
        users: "Partial",
      },
    ],
    [
      "mailbox_usage_detail",
      {
        activity_events: "Partial",
        user_roster: "Partial",
        user_activity: "Partial",
        activity_history: "Partial",
        users: "Partial",
      },
    ],
    [
      "onedrive_usage_account_detail",
      {
        activity_events: "Partial",
        user_roster: "Partial",
        user_activity: "Partial",
        activity_history: "Partial",
        users: "Partial",
      },
    ],
    [
      "sign_ins",
      {
        activity_events: "Partial",
        app_activity: "Not supplied",
        app_activity_daily: "Not supplied",
        app_summary: "Not supplied",
        sign_in_coverage: "Not supplied",
      },
    ],
    ["m365_app_user_detail", { user_roster: "Partial", device_usage: "Not supplied" }],
    ["office365_activations_user_detail", { device_usage: "Partial" }],
    ["mailboxes", {}],
    ["directory_subscriptions", { subscriptions: "Not supplied", license_capacity: "Partial" }],
    ["groups", {}],
    ["sku_prices", { license_costs: "Not supplied" }],
  ];
  test.each(cases)("%s", async (dataset, expected) => {
    const query = await given(...withoutDataset(dataset));
    const complete = Object.fromEntries(
      [...outputs, "data_quality", "output_status"].map((output) => [output, "Complete"]),
    );
    expect(await statuses(query)).toEqual({ ...complete, ...expected });
    for (const output of Object.keys(expected))
      expect(
        (await query(`select reasons from output_status where output = '${output}'`))[0]?.["reasons"],
      ).toContain(`${dataset} was not supplied`);
  });
});

describe("each needed property removed in turn", () => {
  const groups = [...needs.values()].flatMap(({ essential, helpful }) => [...essential, ...helpful]);
  const nameOf = (group: readonly Need[]): string =>
    group.map(({ dataset, property }) => `${dataset}.${property ?? ""}`).join(" and ");
  /** The names in reports are required; without them a file is refused, and concealed ones have a test of their own. */
  const isRemovable = ([first]: readonly Need[]): boolean =>
    first?.property !== undefined && (first.dataset === "users" || !first.property.endsWith("rincipalName"));
  const removable = new Map(groups.filter(isRemovable).map((group) => [nameOf(group), group]));
  test.each([...removable])("%s", async (_name, group) => {
    const files = group.reduce(
      (left, { dataset, property }) =>
        property === undefined ? withoutDataset(dataset, left) : withoutProperty(dataset, property, left),
      everything,
    );
    const isGone = (other: readonly Need[]): boolean =>
      other.every((need) => isSubstitute(need) || group.some((gone) => isSame(gone, need)));
    const rows = await (await given(...files))("select output, data_status, reasons from output_status");
    for (const { output, data_status: status, reasons } of rows) {
      const { essential = [], helpful = [], columns: all = [] } = needs.get(String(output)) ?? {};
      // Of what was not supplied no column is missed.
      const columns = all.filter(([column]) => files.some(([dataset]) => dataset === column?.dataset));
      const isMissing = essential.some(isGone);
      const isPartial = helpful.some(isGone) || columns.some(isGone);
      expect(status, String(output)).toBe(isMissing ? "Not supplied" : isPartial ? "Partial" : "Complete");
      if (!isMissing && !isPartial) continue;
      // Nobody is asked for what only stands in for something else.
      const asked = [...essential, ...helpful, ...columns]
        .filter(isGone)
        .flat()
        .filter(({ substitute }) => !substitute);
      for (const { dataset, property } of asked)
        expect(reasons).toContain(
          property === undefined
            ? `${dataset} was not supplied`
            : `${dataset} was exported without ${property}`,
        );
    }
  });

  const properties = everything.flatMap(([dataset, [record]]) => {
    const required = new Set(
      datasets.get(dataset)?.properties.flatMap(({ name, isRequired }) => (isRequired ? name : [])),
    );
    const names = Object.keys(record ?? {}).filter((name) => !required.has(name));
    return names.map((name) => [dataset, name] as const);
  });
  const isTouched = (dataset: string, output: string): boolean => {
    const { essential = [], helpful = [] } = needs.get(output) ?? {};
    return [...essential, ...helpful].flat().some((need) => need.dataset === dataset);
  };
  /** Of many outputs all are settled first: to plan each of them takes longer. All have to be as of today. */
  const read = async (files: readonly GivenFile[], names: readonly string[]): Promise<Map<string, Row[]>> => {
    const query = await (names.length > 3 ? givenSettled : given)(...files);
    expect(await query("select newest_date from meta.newest_date")).toEqual([{ newest_date: today }]);
    const answers = new Map<string, Row[]>();
    for (const name of names) answers.set(name, await query(`from ${name}`));
    return answers;
  };
  let full: Map<string, Row[]>;
  // Of three the suite takes one.
  beforeAll(async () => {
    full = await read(everything, outputs);
  });
  test.each(properties)(
    "no figure becomes 0, false, none or worse because %s.%s is missing",
    async (dataset, property) => {
      // Outputs with a row per value have cases of their own.
      const touched = outputs.filter((name) => isTouched(dataset, name) && full.get(name)?.length === 1);
      for (const [name, rows] of await read(withoutProperty(dataset, property), touched))
        for (const row of rows)
          expectNoInvention(`${name} without ${dataset}.${property}`, full.get(name)?.[0], row);
    },
    180_000,
  );
});

/** A cell stays or becomes unknown; words about the data, and what the newest remaining evidence says, may change. */
function expectNoInvention(what: string, full: Row | undefined, less: Row): void {
  const words =
    /row_kind|unknown_sign_ins|reason|source|covers|data_status|assignment_path|days_since|as_of|last_|storage_used/;
  for (const [column, value] of Object.entries(less))
    if (!words.test(column) && !(full && isMovedToNotAvailable(column, full, less)))
      expect([full?.[column], null, "Not Available", "Unknown"], `${what}: ${column}`).toContain(value);
}

describe("why an output is Partial", () => {
  const cases: (readonly [
    name: string,
    output: string,
    files: readonly GivenFile[],
    status: string,
    reasons: string | null,
  ])[] = [
    [
      "an error answer in place of the data",
      "mfa_status",
      [
        ...withoutDataset("user_registration_details"),
        ["user_registration_details", [], { error: ["Authorization_RequestDenied", "Not allowed"] }],
      ],
      "Not supplied",
      "user_registration_details could not be exported (Authorization_RequestDenied: Not allowed)",
    ],
    [
      "an error answer beside the data takes nothing away",
      "mfa_status",
      [...everything, ["user_registration_details", [], { error: ["Oops", ""] }]],
      "Complete",
      null,
    ],
    [
      "an incomplete export",
      "mfa_status",
      withFacts("user_registration_details", {
        completeness: "Incomplete",
        reason: "the file is cut or damaged",
      }),
      "Partial",
      "user_registration_details is incomplete (the file is cut or damaged)",
    ],
    [
      "rejected records",
      "license_summary",
      withFacts("users", { rejected: 2 }),
      "Partial",
      "rejected records of users: 2",
    ],
    [
      "a newer export that is incomplete",
      "mfa_status",
      [...everything, ["users", [user("bob")], { date: "2026-11-30", completeness: "Incomplete" }]],
      "Complete",
      null,
    ],
    [
      "a property that some files lack",
      "mfa_summary",
      [
        ...everything,
        ["users", [{ id: "bob", userPrincipalName: "bob@contoso.example", accountEnabled: true }]],
      ],
      "Partial",
      "assignedLicenses was not exported in 1 records of users",
    ],
    [
      "concealed names",
      "user_activity",
      [
        ...withoutDataset("office365_active_user_detail"),
        [
          "office365_active_user_detail",
          [{ ...activeRow("x"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" }],
        ],
      ],
      "Partial",
      "office365_active_user_detail conceals userPrincipalName",
    ],
    [
      "some concealed names",
      "license_assignments",
      everything.map(([dataset, records, facts]) => [
        dataset,
        dataset === "office365_active_user_detail"
          ? [...records, { ...activeRow("x"), userPrincipalName: "0123456789ABCDEF0123456789ABCDEF" }]
          : records,
        facts,
      ]),
      "Partial",
      "office365_active_user_detail conceals userPrincipalName in 1 records",
    ],
    [
      "a report more than 7 days older than the users",
      "user_activity",
      withFacts("office365_active_user_detail", { date: "2026-10-23" }),
      "Partial",
      "the activity in office365_active_user_detail reaches to 2026-10-23, more than 7 days before the users export of 2026-10-31",
    ],
    [
      "but not one 7 days older",
      "user_activity",
      withFacts("office365_active_user_detail", { date: "2026-10-24" }),
      "Complete",
      null,
    ],
    [
      "nor MFA, which has nothing to do with it",
      "mfa_status",
      withFacts("office365_active_user_detail", { date: "2026-10-01" }),
      "Complete",
      null,
    ],
    [
      "files that cannot show their end: only a note",
      "app_summary",
      withFacts("sign_ins", { completeness: "Unknown" }),
      "Complete",
      "note: the files of sign_ins cannot show that they are whole",
    ],
  ];
  test.each(cases)("%s", async (_name, output, files, status, reasons) => {
    expect(await reasonsFor(output, ...files)).toEqual({ status, reasons });
  });

  test("a newer export that is incomplete is named, once as_of reaches it", async () => {
    const query = await given(...everything, [
      "users",
      [user("bob")],
      { date: "2026-11-02", completeness: "Incomplete" },
    ]);
    expect(await query("select data_status, reasons from output_status where output = 'mfa_status'")).toEqual(
      [{ data_status: "Partial", reasons: "a newer export of users is incomplete and was passed over" }],
    );
    expect(await query("select user_id from mfa_status")).toEqual([{ user_id: "ann" }]);
  });
});
