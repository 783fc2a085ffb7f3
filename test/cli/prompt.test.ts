import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";

const id = "00000000-0000-4000-8000-000000000001";
let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  const user = { id, userPrincipalName: "a@contoso.example", displayName: "Zürich" };
  dir.import(dir.write("exports/users.json", page("users", [user])));
});

describe("what a shell made of a path is told in one line", () => {
  test.each([
    ['exports" --db t.duckdb', "comes from a backslash before it"],
    ["exports\\*.json", "The shell has not put names in place of * or ?: name the folder."],
    ["exports/nothing?.json", "name the folder"],
  ])("%s", (path, cure) => {
    for (const command of ["import", "check"]) {
      const { status, stderr } = dir.run(command, path);
      expect(status).toBe(3);
      expect(stderr).toContain(`${path}: there is no such file or folder. `);
      expect(stderr).toContain(cure);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });

  test("a path that is only not there gets none of this", () => {
    expect(dir.run("import", "nowhere.json").stderr).toBe(
      "m365-offline: nowhere.json: there is no such file or folder. Nothing was imported.\n",
    );
  });
});

describe("on Windows letters beyond ASCII that leave through a pipe", () => {
  const hook = fileURLToPath(new URL("../faults/hooks/winwords.js", import.meta.url));
  const ask = (...args: string[]): string =>
    dir.runWith({ node: ["--import", hook] }, "query", ...args).stderr;
  const notice = /notice: PowerShell may change letters beyond ASCII .* --out FILE/g;

  test("are said to be at risk, once", () => {
    expect(ask("select display_name from users, range(3)").match(notice)).toHaveLength(1);
  });

  test("are nobody's worry in a file, with --quiet, or where there are none", () => {
    expect(ask("select display_name from users", "--out", "rows.csv")).not.toMatch(notice);
    expect(ask("select display_name from users", "--quiet")).not.toMatch(notice);
    expect(ask("select user_id from users")).not.toMatch(notice);
    expect(dir.runWith({}, "query", "select display_name from users").stderr).not.toMatch(notice);
  });
});
