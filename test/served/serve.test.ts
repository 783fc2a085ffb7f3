import { expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";
import type { Ran } from "./serve.ts";

/** A folder with a file of two users and one that is no export. */
function makeFolder(): Workdir {
  const dir = new Workdir();
  const users = ["ann", "bob"].map((id) => ({ id, userPrincipalName: `${id}@contoso.example` }));
  dir.write("users.json", page("users", users));
  dir.write("other.json", [{ colour: "red" }]);
  return dir;
}

const commands: readonly (readonly [status: number, ...args: string[]])[] = [
  [0, "--version"],
  [2, "import"],
  [4, "query", "from users"],
  [3, "import", "other.json"],
  [1, "import", "users.json", "other.json", "--json"],
  [0, "import", "users.json", "--as-of", "2026-12-01"],
  [0, "query", "from users", "--format", "json"],
  [2, "query", "from nothing"],
  [5, "export", "users", "--out", "/proc/nowhere"],
  [0, "export", "users", "--out", "out"],
];

test("the program in a process that stays does and says what it does in a process of its own", () => {
  const [served, own] = [makeFolder(), makeFolder()];
  for (const [status, ...args] of commands) {
    const said: Ran = served.run(...args);
    expect([args, said.status]).toEqual([args, status]);
    expect([args, said]).toEqual([args, own.runWith({}, ...args)]);
  }
  expect(served.list()).toEqual(own.list());
  expect(served.read("out/users.csv")).toBe(own.read("out/users.csv"));
});

test("a command line behind one that has ended the process finds another", () => {
  const dir = makeFolder();
  expect(dir.run("--help").stdout).toContain("m365-offline <command>");
  expect(dir.run("schemas", "--json").status).toBe(0);
});
