import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeList } from "../../src/handoff/layout.ts";
import { writeFolder } from "../../src/handoff/place.ts";
import { bin, page, Workdir } from "../workdir.ts";

const zeros = "0".repeat(64);
let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.write("users.json", page("users", [{ id: "1", userPrincipalName: "a@contoso.com" }])));
});

/** Writes a small bundle, and the same again beside it where asked for. */
async function write(folder: string, text = "new", replaces = false, amid = () => {}): Promise<void> {
  await writeFolder({ folder: dir.file(folder), replaces }, async (aside) => {
    for (const name of ["manifest.json", "users.csv"]) writeFileSync(join(aside, name), text);
    const sha256 = text === "new" ? zeros : zeros.replaceAll("0", "1");
    const listed = ["manifest.json", "users.csv"].map((path) => ({ path, sha256 }));
    writeFileSync(join(aside, "manifest-sha256.txt"), writeList(listed));
    amid();
  });
}

const files = ["manifest-sha256.txt", "manifest.json", "users.csv"];
const hidden = (): string[] => dir.list().filter((name) => name.startsWith("."));

test("a bundle takes the place of nothing and of an empty folder, whose mode it keeps", async () => {
  await write("fresh/deep");
  expect([dir.list("fresh/deep"), statSync(dir.file("fresh/deep")).mode & 0o777]).toEqual([files, 0o700]);
  mkdirSync(dir.file("empty"));
  chmodSync(dir.file("empty"), 0o755);
  await write("empty");
  expect([dir.list("empty"), statSync(dir.file("empty")).mode & 0o777]).toEqual([files, 0o755]);
});

test("a bundle is replaced only where that is asked for, with its signature, and by way of a link", async () => {
  await write("place", "old");
  await expect(write("place")).rejects.toThrow("holds a bundle already");
  expect(dir.read("place/users.csv")).toBe("old");
  dir.write("place/manifest-sha256.txt.sig", "signature");
  symlinkSync(dir.file("place"), dir.file("link"));
  await write("link", "new", true);
  expect([dir.list("place"), dir.read("link/users.csv")]).toEqual([files, "new"]);
  expect(hidden()).toEqual([]);
});

test.each([
  ["a file of somebody's", (at: string) => writeFileSync(join(at, "mine.txt"), ""), "mine.txt"],
  ["a folder", (at: string) => mkdirSync(join(at, "sub")), "sub"],
  [
    "a file in the folder of a bag",
    (at: string) => mkdirSync(join(at, "data/x"), { recursive: true }),
    "data/x",
  ],
  [
    "a signature of another file",
    (at: string) => writeFileSync(join(at, "users.csv.sig"), ""),
    "users.csv.sig",
  ],
  ["a file missing", (at: string) => rmSync(join(at, "users.csv")), "users.csv"],
  ["no root file", (at: string) => rmSync(join(at, "manifest-sha256.txt")), "manifest.json, users.csv"],
  [
    "a root file that is none",
    (at: string) => writeFileSync(join(at, "manifest-sha256.txt"), "x"),
    "manifest.json",
  ],
  ["no manifest", (at: string) => rmSync(join(at, "manifest.json")), "manifest-sha256.txt, users.csv"],
])("a folder with %s is not touched, with --replace neither", async (name, change, stranger) => {
  const folder = `other ${name}`;
  await write(folder, "old");
  change(dir.file(folder));
  const before = dir.list(folder);
  await expect(write(folder, "new", true)).rejects.toThrow(stranger);
  expect(dir.list(folder)).toEqual(before);
  expect(hidden()).toEqual([]);
});

test("of two exports at once the one that is put in place first stays, and the other says so", async () => {
  for (const replaces of [false, true]) {
    const folder = `race ${String(replaces)}`;
    const other = write(folder, "second", replaces, () => {
      mkdirSync(dir.file("raced"));
      for (const name of files) writeFileSync(dir.file(`raced/${name}`), "first");
      writeFileSync(
        dir.file("raced/manifest-sha256.txt"),
        writeList(["manifest.json", "users.csv"].map((path) => ({ path, sha256: zeros }))),
      );
      renameSync(dir.file("raced"), dir.file(folder));
    });
    await expect(other).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining("another export"),
    });
    expect(dir.read(`${folder}/users.csv`)).toBe("first");
  }
  // The earlier one was another when the work began.
  await write("changed", "old");
  const late = write("changed", "second", true, () => {
    rmSync(dir.file("changed"), { recursive: true });
    renameSync(dir.file("race true"), dir.file("changed"));
  });
  await expect(late).rejects.toThrow("another export");
  expect([dir.read("changed/users.csv"), hidden()]).toEqual(["first", []]);
});

test("where the work fails the earlier bundle stays, and nothing beside it", async () => {
  await write("whole", "old");
  const fail = (): never => {
    throw new Error("too bad");
  };
  await expect(write("whole", "new", true, fail)).rejects.toThrow("too bad");
  await expect(write("never/there", "new", true, fail)).rejects.toThrow("too bad");
  expect([dir.read("whole/users.csv"), dir.has("never"), hidden()]).toEqual(["old", false, []]);
});

test("what killed exports left beside a place is removed, what the living and others made is not, and an earlier bundle comes back", async () => {
  await write("killed", "old");
  const end = spawnSync(process.execPath, ["-e", "console.log(process.pid)"], { encoding: "utf8" });
  const dead = end.stdout.trim();
  // The machine's mark is in the names that we make.
  let mark = "";
  await write("marked", "new", false, () => {
    mark = /^\.marked\.([0-9a-f]{8})-/.exec(hidden()[0] ?? "")?.[1] ?? "";
  });
  const name = (pid: string, ending: string, machine = mark): string =>
    dir.file(`.killed.${machine}-${pid}-01234567.${ending}`);
  renameSync(dir.file("killed"), name(dead, "earlier"));
  mkdirSync(name(dead, "partial"));
  const stay = [name(String(process.pid), "partial"), name(dead, "partial", "ffffffff")];
  for (const path of stay) mkdirSync(path);
  writeFileSync(name(dead, "partial").replace("01234567", "01234568"), "a file of somebody's");
  await expect(write("killed")).rejects.toThrow("holds a bundle already");
  expect(dir.read("killed/users.csv")).toBe("old");
  expect(hidden()).toHaveLength(3);
  for (const path of hidden()) rmSync(dir.file(path), { recursive: true });
});

test("exports at once into one place: one ends with 0 and its bundle is whole, the others with 5 and their words", async () => {
  const script = `for i in 1 2 3; do "$0" ${bin} export users --out together --quiet >$i.out 2>$i.err & pids="$pids $!"; done; for p in $pids; do wait $p; echo $?; done`;
  const { stdout } = spawnSync("sh", ["-c", script, process.execPath], { cwd: dir.path, encoding: "utf8" });
  expect(stdout.trim().split("\n").toSorted()).toEqual(["0", "5", "5"]);
  const check = ["-c", "--quiet", "manifest-sha256.txt"];
  expect(spawnSync("sha256sum", check, { cwd: dir.file("together") }).status).toBe(0);
  const words = [1, 2, 3].map((index) => dir.read(`${index}.err`)).join("");
  expect(words.match(/another export|holds a bundle already/g)).toHaveLength(2);
  expect(hidden()).toEqual([]);
});

test("a bag is one to sha256sum, and says its day, tenant and size alone", () => {
  const { status, stdout } = dir.run("export", "users", "mfa_status", "--out", "bag", "--layout", "bagit");
  expect([status, stdout]).toEqual([0, expect.stringMatching(/\nbundle [0-9a-f]{64}\n$/)]);
  const top = [
    "VERIFY.txt",
    "bag-info.txt",
    "bagit.txt",
    "data",
    "datapackage.json",
    "manifest-sha256.txt",
    "manifest.json",
    "tagmanifest-sha256.txt",
  ];
  expect([dir.list("bag"), dir.list("bag/data")]).toEqual([top, ["mfa_status.csv", "users.csv"]]);
  for (const list of ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
    expect(spawnSync("sha256sum", ["-c", "--quiet", list], { cwd: dir.file("bag") }).status).toBe(0);
  const bytes = ["users", "mfa_status"].map((name) => dir.read(`bag/data/${name}.csv`).length);
  expect(dir.read("bag/bag-info.txt")).toBe(
    `Bagging-Date: 2026-11-02\nPayload-Oxum: ${(bytes[0] ?? 0) + (bytes[1] ?? 0)}.2\n`,
  );
  const root = spawnSync("sha256sum", ["tagmanifest-sha256.txt"], { cwd: dir.file("bag"), encoding: "utf8" });
  expect(stdout).toContain(root.stdout.slice(0, 64));
});
