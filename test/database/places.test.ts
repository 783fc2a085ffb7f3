import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { expect, test } from "vitest";
import { patience } from "../../src/database/backup-copy.ts";
import { importFiles } from "../../src/pipeline/import.ts";
import { bin, page, Workdir } from "../workdir.ts";

const domain = { id: "contoso.com", isDefault: true, isInitial: false, isVerified: true };
const more = ["import", "domains.json", "--as-of", "2026-12-01"];

function prepare(): Workdir {
  const dir = new Workdir();
  dir.write("domains.json", page("domains", [domain]));
  return dir;
}

test.each(["-t", "what*/x[1] é;'%20.duckdb"])(
  "a database at %s is imported into, read, exported and forgotten from",
  (db) => {
    const dir = prepare();
    if (db.includes("/")) mkdirSync(dir.file("what*"));
    const run = (...args: string[]): unknown[] => {
      const { status, stderr } = dir.run(...args, `--db=${db}`);
      return [args[0], status, stderr.split("\n").filter((line) => line.startsWith("m365-offline"))];
    };
    const all = [
      ["import", "domains.json"],
      more,
      ["query", "from raw.domains"],
      ["export", "--out", "o"],
      ["forget", "--import", "1"],
      ["status"],
    ];
    for (const args of all) expect(run(...args)).toEqual([args[0], 0, []]);
    expect(dir.query("select count(*) as n from raw.domains", `--db=${db}`)).toEqual([{ n: 1 }]);
    const [folder, name] = db.includes("/") ? ["what*", "x[1] é;'%20.duckdb"] : [".", db];
    expect(dir.list(folder).filter((file) => file.startsWith(name))).toEqual([name]);
  },
);

test("a path with a question mark, which the engine takes for more than a path, is refused before anything is made", () => {
  const dir = prepare();
  mkdirSync(dir.file("what?"));
  for (const db of ["a?b.duckdb", "what?/x.duckdb", "x.duckdb?access_mode=READ_WRITE"]) {
    const { status, stderr } = dir.run("import", "domains.json", "--db", db);
    expect([status, stderr]).toEqual([2, expect.stringContaining("question mark")]);
  }
  const { status, stderr } = dir.runWith({ env: { TMPDIR: dir.file("what?") } }, "check", "domains.json");
  expect([status, stderr]).toEqual([5, expect.stringContaining("set the environment variable TMPDIR")]);
  expect([dir.list(), dir.list("what?")]).toEqual([["domains.json", "what?"], []]);
});

test("the answer of an import into a database whose name begins with a dash is printed", () => {
  const dir = prepare();
  const { status, stdout } = dir.runWith({}, "import", "domains.json", "--db=-t");
  expect([status, stdout]).toEqual([0, expect.stringContaining("Unnamed tenant")]);
});

test("a link that leads to nothing, an empty file, a folder, a device and a pipe are refused by every command, untouched", () => {
  const dir = prepare();
  symlinkSync(dir.file("nothing"), dir.file("link.duckdb"));
  writeFileSync(dir.file("empty.duckdb"), "");
  mkdirSync(dir.file("folder.duckdb"));
  spawnSync("mkfifo", [dir.file("pipe.duckdb")]);
  const before = dir.list();
  const words = {
    "link.duckdb": "is a link that leads to no file",
    "empty.duckdb": "is an empty file and no database",
    "folder.duckdb": "is not a file",
    "/dev/null": "is not a file",
    "pipe.duckdb": "is not a file",
  };
  for (const [db, why] of Object.entries(words))
    for (const command of [more, ["query", "select 1"], ["status"], ["forget", "--import", "1"]]) {
      const { status, stdout, stderr } = dir.run(...command, "--db", db);
      expect([db, ...command, status, stdout, stderr]).toEqual([
        db,
        ...command,
        4,
        "",
        expect.stringContaining(why),
      ]);
    }
  expect([dir.list(), readFileSync(dir.file("empty.duckdb"), "utf8")]).toEqual([before, ""]);
});

test.skipIf(process.platform === "win32")(
  "with few file handles a command ends well or with exit 5 and says so, whatever it is",
  () => {
    const dir = prepare();
    dir.write(
      "users.json",
      page("users", [{ id: "00000000-0000-4000-8000-000000000001", userPrincipalName: "a@contoso.com" }]),
    );
    dir.import("domains.json", "users.json");
    const ended = new Set<number | null>();
    for (let files = 19; files <= 31; files += 3)
      for (const command of [
        ["status"],
        ["import", "domains.json", "users.json", "--as-of", "2026-12-01", "--dry-run"],
      ]) {
        const args = ["-c", `ulimit -n ${files}; exec "$@"`, "bash", process.execPath, bin, ...command];
        const { status, stderr } = spawnSync("bash", args, { cwd: dir.path, encoding: "utf8" });
        // Node itself needs some.
        if (status === null || stderr.includes("node:internal") || /^node\[|Assertion|FATAL/.test(stderr))
          continue;
        ended.add(status);
        expect([files, ...command, status, stderr]).toEqual([
          files,
          ...command,
          expect.toSatisfy((code) => code === 0 || code === 5),
          status === 0 ? expect.anything() : expect.stringContaining("too many open files"),
        ]);
      }
    expect(ended).toEqual(new Set([0, 5]));
  },
);

test.skipIf(process.platform === "win32")(
  "a copying process that hangs is not waited for for ever, and the database stays as it is",
  async () => {
    const dir = prepare();
    const options = { paths: [dir.file("domains.json")], db: dir.file("tenant.duckdb"), asOf: "2026-12-01" };
    await importFiles(options);
    const before = readFileSync(options.db);
    const { execPath } = process;
    const { ms } = patience;
    writeFileSync(dir.file("hangs"), "#!/bin/sh\nexec sleep 600\n", { mode: 0o755 });
    try {
      process.execPath = dir.file("hangs");
      patience.ms = 200;
      await expect(importFiles({ ...options, asOf: "2026-12-02" })).rejects.toMatchObject({
        exitCode: 5,
        message: expect.stringContaining(
          "the copying process was ended by SIGKILL, or did nothing",
        ) as string,
      });
    } finally {
      process.execPath = execPath;
      patience.ms = ms;
    }
    expect([readFileSync(options.db).equals(before), dir.list()]).toEqual([
      true,
      ["domains.json", "hangs", "tenant.duckdb"],
    ]);
  },
);

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)("an import by root leaves a database to its owner, with its mode", () => {
  const dir = prepare();
  dir.import("domains.json");
  const db = dir.file("tenant.duckdb");
  chownSync(db, 1234, 2345);
  chmodSync(db, 0o640);
  for (const command of [more, ["forget", "--import", "1"]]) {
    expect(dir.run(...command).status).toBe(0);
    const { uid, gid, mode } = statSync(db);
    expect([uid, gid, mode & 0o777]).toEqual([1234, 2345, 0o640]);
  }
});

test.skipIf(!isRoot || process.platform !== "linux")(
  "a file that is mounted by itself is refused before the work, with what to do",
  () => {
    const dir = prepare();
    dir.import("domains.json");
    mkdirSync(dir.file("a b"));
    writeFileSync(dir.file("a b/t.duckdb"), "");
    const { status, stdout, stderr } = spawnSync(
      "unshare",
      [
        "-m",
        "bash",
        "-c",
        `mount --bind tenant.duckdb "a b/t.duckdb" && exec "$@"`,
        "bash",
        process.execPath,
        bin,
        ...more,
        "--db",
        "a b/t.duckdb",
      ],
      { cwd: dir.path, encoding: "utf8" },
    );
    // Where nothing may be mounted there is nothing to see.
    if (/unshare|mount:/.test(stderr)) return;
    expect([status, stdout]).toEqual([5, ""]);
    expect(stderr).toContain("t.duckdb is mounted by itself");
    expect(dir.list("a b")).toEqual(["t.duckdb"]);
  },
);

test("rows are not written over a database, this one or another, by whatever name", () => {
  const dir = prepare();
  dir.import("domains.json");
  copyFileSync(dir.file("tenant.duckdb"), dir.file("other.duckdb"));
  symlinkSync("tenant.duckdb", dir.file("rows.csv"));
  const before = readFileSync(dir.file("tenant.duckdb"));
  for (const out of ["tenant.duckdb", "./tenant.duckdb", "rows.csv", "other.duckdb"])
    expect([out, dir.run("query", "select 1", "--out", out)]).toEqual([
      out,
      {
        status: 5,
        stdout: "",
        stderr: `m365-offline: ${out} is a DuckDB database, and rows would take its place. Choose another file.\n`,
      },
    ]);
  for (const name of ["tenant.duckdb", "other.duckdb"])
    expect(readFileSync(dir.file(name)).equals(before)).toBe(true);
});

test.skipIf(process.getuid?.() !== 0)(
  "a database in a folder that may not be entered is not called missing",
  () => {
    const dir = prepare();
    mkdirSync(dir.file("closed"));
    dir.import("domains.json", "--db", "closed/tenant.duckdb");
    chmodSync(dir.path, 0o755);
    chmodSync(dir.file("closed"), 0o700);
    const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath, bin];
    for (const command of [["status"], ["query", "select 1"], ["export", "--out", "/tmp/never"]]) {
      const { status, stderr } = spawnSync(
        "setpriv",
        [...nobody, ...command, "--db", "closed/tenant.duckdb"],
        {
          cwd: dir.path,
          encoding: "utf8",
        },
      );
      expect([status, stderr]).toEqual([
        4,
        expect.stringContaining("permission denied for a folder above it"),
      ]);
    }
  },
);
