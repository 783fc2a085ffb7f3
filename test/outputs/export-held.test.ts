import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";

const hook = new URL("../faults/hooks/refuse.js", import.meta.url).href;
const outputs = ["license_summary", "mfa_status", "users"];

/** The bytes of all files of a folder, by name. */
function readAll(dir: Workdir, folder: string): [string, string][] {
  return dir.list(folder).map((name) => [name, readFileSync(dir.file(`${folder}/${name}`), "utf8")]);
}

function prepare(): Workdir {
  const dir = new Workdir();
  const user = { id: "00000000-0000-4000-8000-000000000001", userPrincipalName: "a@contoso.com" };
  dir.import(dir.write("users.json", page("users", [user])));
  expect(dir.run("export", ...outputs, "--out", "handoff").status).toBe(0);
  const other = { ...user, userPrincipalName: "b@contoso.com" };
  dir.import(dir.write("more.json", page("users", [other])), "--as-of", "2026-12-01");
  return dir;
}

test("where a file of an earlier export is open in Excel that export stays whole, and the folder is named", () => {
  const dir = prepare();
  const before = readAll(dir, "handoff");
  const run = (first: string): { status: number | null; stderr: string; stdout: string } => {
    const env = { REFUSE_IN: dir.file("handoff"), REFUSE_FIRST: first };
    const replacing = ["--out", "handoff", "--replace"];
    return dir.runWith({ node: ["--import", hook], env }, "export", ...outputs, ...replacing);
  };
  const { status, stdout, stderr } = run("1000");
  expect([status, stdout]).toEqual([5, ""]);
  expect(stderr).toContain("cannot replace handoff: another program has a file in it open");
  expect(readAll(dir, "handoff")).toEqual(before);
  // Closed meanwhile, it is replaced.
  expect(run("30").status).toBe(0);
  expect(dir.list("handoff")).toEqual(before.map(([file]) => file));
  expect(dir.read("handoff/users.csv")).toContain("b@contoso.com");
  expect(dir.list().filter((name) => name.startsWith("."))).toEqual([]);
});

test("where the file of query --out is open in Excel it stays whole and is named, and nothing with data is left", () => {
  const dir = prepare();
  dir.write("users.csv", "as it was");
  const run = (calls: string): { status: number | null; stdout: string; stderr: string } => {
    const env = { REFUSE_IN: dir.file("users.csv"), REFUSE_FIRST: "1000", REFUSE_CALLS: calls };
    const args = ["query", "from raw.users", "--format", "csv", "--out", "users.csv"];
    return dir.runWith({ node: ["--import", hook], env }, ...args);
  };
  const words = /^m365-offline: cannot replace users\.csv: another program has it open.*close that program/;
  for (const calls of ["renameSync", "renameSync rmSync"]) {
    const { status, stdout, stderr } = run(calls);
    expect([status, stdout, dir.read("users.csv")]).toEqual([5, "", "as it was"]);
    expect(stderr).toMatch(words);
    // What holds the new file, too, lets it be emptied at least.
    const left = dir.list().filter((name) => name.endsWith(".partial"));
    expect(left.map((name) => dir.read(name))).toEqual(calls === "renameSync" ? [] : [""]);
  }
  // The next run removes what is left.
  expect(dir.run("query", "from raw.users", "--out", "users.csv").status).toBe(0);
  expect(dir.list()).toEqual(["handoff", "more.json", "tenant.duckdb", "users.csv", "users.json"]);
});
