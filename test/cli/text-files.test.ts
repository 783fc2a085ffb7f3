import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { page, Workdir } from "../workdir.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sql = "select user_principal_name\r\nfrom users\r\nwhere display_name = 'Zürich €'\r\n";
const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const ways: [string, Buffer][] = [
  ["UTF-8 without mark", Buffer.from(sql)],
  ["UTF-8 with mark", Buffer.from(`\uFEFF${sql}`)],
  ["UTF-8 with two marks", Buffer.from(`\uFEFF\uFEFF${sql}`)],
  ["UTF-16LE with mark", Buffer.from(`\uFEFF${sql}`, "utf16le")],
  ["UTF-16BE with mark", utf16be(`\uFEFF${sql}`)],
  ["UTF-16LE without mark", Buffer.from(sql, "utf16le")],
  ["UTF-16BE without mark", utf16be(sql)],
];
let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  const id = "00000000-0000-4000-8000-000000000001";
  const user = { id, userPrincipalName: "a@contoso.example", displayName: "Zürich €" };
  dir.import(dir.write("users.json", page("users", [user])));
});

describe("SQL that Windows tools write is read as what it says", () => {
  test.each(ways)("in %s, from a file and from standard input", (_, bytes) => {
    dir.write("q.sql", bytes);
    const { stdout } = dir.run("query", "--file", "q.sql", "--format", "csv");
    expect(stdout.split("\n").slice(1)).toEqual(["a@contoso.example", ""]);
    const piped = dir.runWith(
      { node: [], input: bytes as unknown as string },
      "query",
      "-",
      "--format",
      "csv",
    );
    expect(piped.stdout).toBe(stdout);
  });

  test("in windows-1252 it is refused, with the fix, and read where --encoding names that", () => {
    dir.write("q.sql", Buffer.from(sql.replace("€", "\x80"), "latin1"));
    const { status, stdout, stderr } = dir.run("query", "--file", "q.sql");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(
      "q.sql: it is no text in utf-8. Save it as UTF-8, or name what it is written in: --encoding windows-1252",
    );
    const read = dir.run("query", "--file", "q.sql", "--encoding", "windows-1252", "--format", "csv");
    expect(read.stdout).toContain("a@contoso.example");
  });

  test("with NULs or cut in a character it is refused", () => {
    for (const bytes of [Buffer.from("select \0 1 as one, 2 as two"), Buffer.from(sql).subarray(0, 57)]) {
      dir.write("q.sql", bytes);
      expect(dir.run("query", "--file", "q.sql")).toMatchObject({ status: 2, stdout: "" });
    }
  });
});

test.each(ways.slice(1))("a schema in %s is one", (way) => {
  const text = readFileSync(join(root, "schemas/domains.schema.json"), "utf8").replaceAll(
    "domains",
    "my_domains",
  );
  const recoded = recode(way, text);
  dir.write("schemas/my_domains.schema.json", recoded);
  const { status, stdout, stderr } = dir.run("schemas", "--schemas", "schemas");
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("my_domains");
});

function recode(way: string, text: string): Buffer {
  const marks = way.includes("two") ? "\uFEFF\uFEFF" : way.includes("without") ? "" : "\uFEFF";
  const marked = `${marks}${text}`;
  if (way.startsWith("UTF-16LE")) return Buffer.from(marked, "utf16le");
  return way.startsWith("UTF-16BE") ? utf16be(marked) : Buffer.from(marked);
}

test("a schema that is no text is refused, with the fix", () => {
  dir.write("bad/x.schema.json", Buffer.from('{"title": "Z\xfcrich"}', "latin1"));
  const { status, stderr } = dir.run("schemas", "--schemas", "bad");
  expect(status).toBe(2);
  expect(stderr).toContain("is not usable: it is no text in utf-8. Save it as UTF-8");
});

/** Texts whose bytes tests compare, and programs. */
const folders = ["test/golden", "test/fixtures", "samples", "reference", "schemas", "src/models", "scripts"];

test("a clone by Git for Windows has every byte that was committed", () => {
  const git = (cwd: string, ...args: string[]): void => {
    const known = ["-c", "user.name=x", "-c", "user.email=x@x.example", "-c", "commit.gpgsign=false"];
    const { status, stderr } = spawnSync("git", [...known, ...args], { cwd, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  const origin = dir.file("origin");
  mkdirSync(origin);
  for (const name of [".gitattributes", ".ci/run", "README.md", ...folders])
    if (existsSync(join(root, name))) cpSync(join(root, name), join(origin, name), { recursive: true });
  git(origin, "-c", "core.autocrlf=false", "init", "--quiet");
  git(origin, "-c", "core.autocrlf=false", "add", "--all", "--force");
  git(origin, "commit", "--quiet", "--message", "all");
  git(dir.path, "-c", "core.autocrlf=true", "clone", "--quiet", "origin", "clone");
  const files = readdirSync(origin, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/origin[\\/]\.git([\\/]|$)/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(300);
  const changed = files.filter(
    (file) => !readFileSync(file).equals(readFileSync(file.replace(origin, dir.file("clone")))),
  );
  expect(changed).toEqual([]);
});
