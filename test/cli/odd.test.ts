import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { bin, page, Workdir } from "../workdir.ts";

// Of 186 odd situations over all commands, those that once ended with 70 or with words that did not help.

const dir = new Workdir();
const user = { id: "00000000-0000-4000-8000-000000000001", userPrincipalName: "a@contoso.com" };
beforeAll(() => {
  dir.import(dir.write("users.json", page("users", [user])));
  symlinkSync("loop", dir.file("loop"));
});

const long = "n".repeat(300);
const deep = "d/".repeat(2500);
const named = /^m365-offline: --\w+ needs the name of a file/;
const once = /was given more than once; give it once/;

test.each<[number, RegExp, ...string[]]>([
  [2, once, "status", "--db", "a.duckdb", "--db", "b.duckdb"],
  [2, once, "import", "users.json", "--db", "a.duckdb", "--db", "b.duckdb"],
  [2, once, "query", "select 1", "--out", "a", "--out", "b"],
  [2, once, "export", "--out", "a", "--out", "b"],
  [2, once, "status", "--as-of", "2026-11-01", "--as-of", "2026-11-02"],
  [2, once, "forget", "--import", "1", "--import", "2"],
  [2, once, "check", "users.json", "--as", "users", "--as", "domains"],
  [2, named, "import", "users.json", "--db", ""],
  [2, named, "query", "select 1", "--db", ""],
  [2, named, "query", "select 1", "--out", ""],
  [2, named, "export", "--out", ""],
  [2, named, "import", "users.json", "--db", "folder/"],
  [5, /its name is too long/, "import", "users.json", "--db", `${long}.duckdb`],
  [5, /its name is too long/, "import", "users.json", "--db", `${deep}x.duckdb`],
  [5, /its name is too long/, "query", "select 1", "--out", long],
  [5, /its name is too long/, "export", "--out", long],
  [5, /its links lead to each other/, "query", "select 1", "--out", "loop"],
  [2, /DuckDB refused the SQL: .*date/, "query", "set variable as_of = 'x'; from mfa_status"],
])("exit %s %s: %s %s %s %s", (code, words, ...args) => {
  const before = dir.list();
  const { status, stdout, stderr } = dir.run(...args);
  expect([status, stdout, stderr]).toEqual([code, "", expect.stringMatching(words)]);
  expect(dir.list()).toEqual(before);
});

test("lists may still be given one by one, and switches twice", () => {
  const lists = ["--schemas", "s", "--schemas", "s", "--complete", "users", "--complete", "domains"];
  mkdirSync(dir.file("s"));
  expect(dir.run("import", "users.json", ...lists, "--dry-run", "--quiet", "--quiet").status).not.toBe(70);
  const workloads = ["--without-workload", "Teams", "--without-workload", "Yammer"];
  expect(dir.run("status", ...workloads).status).toBe(0);
});

test.skipIf(process.platform === "win32")("where no scratch folder can be made TMPDIR is named", () => {
  for (const TMPDIR of ["/nowhere", dir.file("users.json")]) {
    const { status, stderr } = dir.runWith({ env: { TMPDIR } }, "check", "users.json");
    expect([status, stderr]).toEqual([5, expect.stringMatching(/no folder can be made in .*TMPDIR/)]);
  }
});

test.skipIf(process.platform === "win32")("in a folder that was removed the program says so", () => {
  const script = `mkdir gone; cd gone; rmdir ../gone; "${process.execPath}" "${bin}" status`;
  const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: dir.path, encoding: "utf8" });
  expect([status, stderr]).toEqual([2, expect.stringContaining("is not there any more; change to another")]);
});

test.skipIf(process.platform !== "linux")(
  "with little memory a command ends well or says that it is too little, whatever it is",
  () => {
    for (const kilobytes of [1_500_000, 2_500_000])
      for (const command of ["status", "import users.json --as-of 2026-12-01 --dry-run"]) {
        const script = `ulimit -v ${kilobytes}; exec "${process.execPath}" "${bin}" ${command}`;
        const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: dir.path, encoding: "utf8" });
        // Node itself needs some.
        if (status === null || /node:internal|FATAL|Fatal/.test(stderr)) continue;
        expect([kilobytes, command, status, stderr]).toEqual([
          kilobytes,
          command,
          expect.toSatisfy((code) => code === 0 || code === 5),
          status === 0 ? expect.anything() : expect.stringContaining("too little memory"),
        ]);
      }
  },
);
