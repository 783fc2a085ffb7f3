import { expect } from "vitest";
import { openPage, told, tenantIn, user, users, usersPage } from "./tenants.ts";
import { suiteTest, thoroughTest } from "../extent.ts";
import { page, Workdir } from "../workdir.ts";

const count = "select count(*)::int as users from users";

suiteTest(
  "two exports of a list whose days nothing tells apart are refused by name, in folders and in one, and nothing is left of them",
  async () => {
    const october = users(1, 20);
    const later: Record<string, object[]> = {
      "a record changed": [...users(1, 19), user(20, { department: "Sales" })],
      "some left and some came": users(3, 22),
      "some left": users(4, 20),
      "a license was taken back": [user(1, { assignedLicenses: [] }), ...users(2, 20)],
    };
    for (const [what, november] of Object.entries(later)) {
      const places = [
        ["exports/ten/users.json", "exports/eleven/users.json"],
        ["exports/users.json", "exports/users (1).json"],
      ];
      for (const [one = "", other = ""] of places) {
        const folder = new Workdir();
        folder.write(one, usersPage(october));
        folder.write(other, usersPage(november as never));
        const tenant = tenantIn(folder);
        const result = await tenant.import(["exports"]);
        expect([what, result.exitCode, result.files.map(({ status }) => status)]).toEqual([
          what,
          3,
          ["refused", "refused"],
        ]);
        expect(result.files.every(({ issues }) => issues.some(({ code }) => code === "two_exports"))).toBe(
          true,
        );
        expect(folder.has("tenant.duckdb")).toBe(false);
      }
    }
  },
);

thoroughTest(
  "beside other files the exports that are refused leave exit 1, and one at a time each is a snapshot of its own day",
  async () => {
    const dir = new Workdir();
    const [one, other] = [
      dir.write("exports/ten/users.json", usersPage(users(1, 20))),
      dir.write("exports/eleven/users.json", usersPage(users(3, 22))),
    ].map((path) => path.slice(dir.path.length + 1)) as [string, string];
    dir.write("exports/groups.json", page("groups", []));
    const tenant = tenantIn(dir);
    expect((await tenant.import(["exports"])).exitCode).toBe(1);
    expect(await tenant.query("select count(*)::int as rows from raw.users")).toEqual([{ rows: 0 }]);
    await tenant.import([one], { asOf: "2026-10-31" });
    await tenant.import([other], { asOf: "2026-11-30" });
    const days =
      "select snapshot_date::varchar as day, records_loaded::int as n from meta.source_files where dataset = 'users' and snapshot_id is not null order by 1";
    expect(await tenant.query(days)).toEqual([
      { day: "2026-10-31", n: 20 },
      { day: "2026-11-30", n: 20 },
    ]);
  },
);

thoroughTest("the same list told twice, overlapping pages, and parts of a list are one list", async () => {
  const dir = new Workdir();
  const cases: Record<string, [Record<string, object>, number]> = {
    "a copy": [{ "users.json": usersPage(users(1, 20)), "users (1).json": usersPage(users(1, 20)) }, 20],
    "a copy in another folder": [
      { "a/users.json": usersPage(users(1, 20)), "b/users.json": usersPage(users(1, 20).toReversed()) },
      20,
    ],
    "a copy of the last page": [
      {
        "users-1.json": openPage(users(1, 15)),
        "users-2.json": usersPage(users(16, 20)),
        "users-2 (1).json": usersPage(users(16, 20)),
      },
      20,
    ],
    "pages that overlap": [
      {
        "users-1.json": openPage(users(1, 15)),
        "users-2.json": usersPage([user(14, { department: "Sales" }), ...users(15, 20)]),
      },
      20,
    ],
    "a list that has licenses in another order": [
      {
        "users.json": usersPage(users(1, 20, { businessPhones: ["1", "2"] })),
        "users (1).json": usersPage(users(1, 20, { businessPhones: ["2", "1"] })),
      },
      20,
    ],
    "two regions": [{ "emea.json": usersPage(users(1, 12)), "apac.json": usersPage(users(13, 20)) }, 20],
    "departments that share a few people": [
      {
        "it.json": usersPage(users(1, 12)),
        "hr.json": usersPage([user(1, { city: "Bonn" }), ...users(12, 20)]),
      },
      20,
    ],
  };
  for (const [what, [files, expected]] of Object.entries(cases)) {
    const folder = what.replaceAll(" ", "-");
    for (const [name, content] of Object.entries(files)) dir.write(`${folder}/${name}`, content);
    const tenant = tenantIn(dir, folder);
    const result = await tenant.import([folder]);
    expect([what, result.exitCode, await tenant.query(count)]).toEqual([what, 0, [{ users: expected }]]);
    const parts = result.files.filter(({ issues }) => issues.some(({ code }) => code === "part_of_list"));
    expect([what, parts.length]).toEqual([what, what === "two regions" ? 2 : 0]);
  }
});

suiteTest(
  "two downloads of the same pages at two times are refused also where their pages stand between each other",
  async () => {
    const dir = new Workdir();
    for (const [copy, department] of [
      ["", "Sales"],
      [" (1)", "Law"],
    ] as const) {
      dir.write(`exports/users-1${copy}.json`, openPage(users(1, 10, { department })));
      dir.write(`exports/users-2${copy}.json`, usersPage(users(11, 16, { department })));
    }
    expect(told(await tenantIn(dir).import(["exports"]))).toEqual([
      3,
      ...["users-1 (1).json", "users-1.json", "users-2 (1).json", "users-2.json"].map(
        (name) => `exports/${name} refused Incomplete 0 two_exports`,
      ),
    ]);
  },
);

suiteTest(
  "files with other properties of the same people complete each other, Graph's first, in either order",
  async () => {
    const signIn = { lastSignInDateTime: "2026-10-30T08:00:00Z" };
    const list = (from: number, to: number): string =>
      [
        "Display name,User principal name,Object Id,Block credential,Licenses,Department",
        ...Array.from(
          { length: to - from + 1 },
          (_, index) =>
            `Other,user${from + index}@contoso.example,${String(user(from + index)["id"]).toUpperCase()},False,Office 365 E3,Sales`,
        ),
        "",
      ].join("\r\n");
    for (const [first, second, third] of [
      ["a", "b", "c"],
      ["c", "b", "a"],
      ["b", "a", "c"],
    ]) {
      const dir = new Workdir();
      dir.write(`exports/${first}.json`, usersPage(users(1, 20)));
      dir.write(
        `exports/${second}.json`,
        page(
          "users(id,signInActivity)",
          users(1, 18).map(({ id }) => ({ id, signInActivity: signIn })),
        ),
      );
      dir.write(`exports/${third}.csv`, list(1, 20));
      const tenant = tenantIn(dir);
      const result = await tenant.import(["exports"]);
      expect(result.exitCode).toBe(0);
      const loaded = Object.fromEntries(
        result.files.map(({ file, records_loaded: there, records_duplicate: twice }) => [
          file.split(/[\\/]/).at(-1),
          [there, twice],
        ]),
      );
      expect(loaded).toEqual({
        [`${first}.json`]: [20, 0],
        [`${second}.json`]: [0, 18],
        [`${third}.csv`]: [0, 20],
      });
      expect(
        await tenant.query(
          `select count(*)::int as users, count(distinct displayName)::int as names, count(department)::int as departments,
           count(signInActivity.lastSignInDateTime)::int as times, sum(len(assignedLicenses))::int as licenses from raw.users`,
        ),
      ).toEqual([{ users: 20, names: 20, departments: 20, times: 18, licenses: 20 }]);
      // What all records have from one file or another is no gap.
      expect(
        await tenant.query(
          "select reasons from output_status where output = 'license_assignments' and reasons like '%not exported in%'",
        ),
      ).toEqual([]);
    }
  },
);
