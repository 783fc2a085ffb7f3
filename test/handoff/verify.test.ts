import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { maybeReadList, writeList } from "../../src/handoff/layout.ts";
import { verifyBundle } from "../../src/handoff/verify.ts";
import { isWhole } from "../extent.ts";
import { bin, Workdir } from "../workdir.ts";

let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.sample("contoso"));
  dir.run("export", "--out", "flat");
  dir.run("export", "users", "mfa_status", "--out", "bag", "--layout", "bagit");
  dir.run("export", "users", "--out", "lines", "--format", "ndjson");
});

/** A copy with a damage. */
function damage(of: string, change: (at: string) => void): string {
  const at = dir.file("damaged");
  rmSync(at, { recursive: true, force: true });
  cpSync(dir.file(of), at, { recursive: true });
  change(at);
  return at;
}

const codesOf = async (at: string): Promise<string[]> => [
  ...new Set((await verifyBundle(at)).differences.map(({ code }) => code)),
];
const edit = (path: string, change: (text: string) => string): void => {
  writeFileSync(path, change(readFileSync(path, "utf8")));
};

test("bundles as they were written are whole, and signatures change nothing of that", async () => {
  for (const of of ["flat", "bag", "lines"]) expect([of, await codesOf(dir.file(of))]).toEqual([of, []]);
  const signed = damage("flat", (at) => writeFileSync(`${at}/manifest-sha256.txt.sig`, "any"));
  expect(await codesOf(signed)).toEqual([]);
});

test.each<[string, string, (at: string) => void]>([
  [
    "a byte changed",
    "sha256_differs",
    (at) => edit(`${at}/users.csv`, (text) => text.replace("true", "tRue")),
  ],
  ["cut", "sha256_differs", (at) => edit(`${at}/users.csv`, (text) => text.slice(0, -9))],
  ["emptied", "sha256_differs", (at) => writeFileSync(`${at}/users.csv`, "")],
  [
    "a text transfer",
    "sha256_differs",
    (at) => edit(`${at}/users.csv`, (text) => text.replaceAll("\n", "\r\n")),
  ],
  ["a mark", "sha256_differs", (at) => edit(`${at}/users.csv`, (text) => `\uFEFF${text}`)],
  ["a file missing", "missing_file", (at) => rmSync(`${at}/users.csv`)],
  ["renamed", "extra_file", (at) => renameSync(`${at}/users.csv`, `${at}/people.csv`)],
  ["a file more", "extra_file", (at) => writeFileSync(`${at}/old.csv`, "")],
  ["a folder more", "extra_file", (at) => mkdirSync(`${at}/more`)],
  ["a folder of data with a file", "extra_file", (at) => cpSync(`${at}/users.csv`, `${at}/data/old.csv`)],
  [
    "a link for a file",
    "extra_file",
    (at) => {
      renameSync(`${at}/users.csv`, dir.file("elsewhere.csv"));
      symlinkSync(dir.file("elsewhere.csv"), `${at}/users.csv`);
    },
  ],
  ["a name that is none", "unsafe_name", (at) => writeFileSync(`${at}/a b.csv`, "")],
  [
    "manifest.json changed",
    "sha256_differs",
    (at) => edit(`${at}/manifest.json`, (text) => text.replace("Contoso", "Fabrikam")),
  ],
  [
    "the list shortened",
    "extra_file",
    (at) => edit(`${at}/manifest-sha256.txt`, (text) => text.replace(/^.*\n/, "")),
  ],
  ["a list that is none", "list_differs", (at) => writeFileSync(`${at}/manifest-sha256.txt`, "x")],
  [
    "a path out of the folder",
    "unsafe_name",
    (at) => edit(`${at}/manifest-sha256.txt`, (text) => `${"0".repeat(64)}  ../../etc/passwd\n${text}`),
  ],
  ["no root file", "missing_file", (at) => rmSync(`${at}/manifest-sha256.txt`)],
  ["no manifest", "missing_file", (at) => rmSync(`${at}/manifest.json`)],
  ["deep JSON", "sha256_differs", (at) => writeFileSync(`${at}/manifest.json`, "[".repeat(200_000))],
])("%s is found: %s", async (_, code, change) => {
  expect(await codesOf(damage("flat", change))).toContain(code);
});

/** Writes the lists anew, as somebody who hides a change would. */
function relist(at: string): void {
  const list = `${at}/manifest-sha256.txt`;
  const files = maybeReadList(readFileSync(list, "utf8")) ?? [];
  const hash = (path: string): string =>
    createHash("sha256")
      .update(readFileSync(`${at}/${path}`))
      .digest("hex");
  const manifest = JSON.parse(readFileSync(`${at}/manifest.json`, "utf8")) as {
    files: { file: string; sha256: string; bytes: number }[];
  };
  for (const file of manifest.files) {
    file.sha256 = hash(file.file);
    file.bytes = readFileSync(`${at}/${file.file}`).length;
  }
  writeFileSync(`${at}/manifest.json`, `${JSON.stringify(manifest)}\n`);
  edit(`${at}/datapackage.json`, (text) => {
    const said = JSON.parse(text) as { resources: { path: string; bytes: number; hash: string }[] };
    for (const resource of said.resources) {
      resource.bytes = readFileSync(`${at}/${resource.path}`).length;
      resource.hash = `sha256:${hash(resource.path)}`;
    }
    return JSON.stringify(said);
  });
  writeFileSync(list, writeList(files.map(({ path }) => ({ path, sha256: hash(path) }))));
}

test.each<[string, string, (text: string) => string]>([
  ["a row fewer", "rows_differ", (text) => text.replace(/\n[^\n]*\n$/, "\n")],
  ["a row twice", "key_repeated", (text) => text.replace(/\n([^\n]*\n)$/, "\n$1$1")],
  ["other columns", "header_differs", (text) => text.replace("user_id", "id")],
  ["a word for yes", "type_differs", (text) => text.replace(",true,", ",yes,")],
  ["a row too short", "type_differs", (text) => text.replace(/\n([^\n,]*),[^\n]*\n$/, "\n$1\n")],
  ["a value that is none", "enum_differs", (text) => text.replace(",Enabled,", ",Maybe,")],
  ["a value fewer", "null_found", (text) => text.replace(",Enabled,", ",,")],
  ["other bytes in all", "total_differs", (text) => text.replace(/(\d{8,})\n/, "1$1\n")],
  ["a user that is another", "relation_broken", (text) => text.replace(/\n[0-9a-f]{8}-/, "\n00000000-")],
])("%s is found behind checksums that fit: %s", async (_, code, change) => {
  const at = damage("flat", (path) => {
    edit(`${path}/users.csv`, change);
    relist(path);
  });
  expect(await codesOf(at)).toContain(code);
});

test("of many random damages none passes and none is a crash", async () => {
  let state = Number(process.env["SEED"] ?? 1);
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const files = ["users.csv", "mfa_status.csv"].map((name) => `data/${name}`);
  const all = [
    ...files,
    "manifest.json",
    "datapackage.json",
    "VERIFY.txt",
    "bagit.txt",
    "bag-info.txt",
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
  ];
  const id = (await verifyBundle(dir.file("bag"))).bundleId;
  const wrong: string[] = [];
  for (let index = 0; index < (isWhole ? 10_000 : 300); index += 1) {
    const name = all[random(all.length)] ?? "";
    const kind = random(4);
    const at = damage("bag", (path) => {
      const bytes = readFileSync(`${path}/${name}`);
      const place = random(bytes.length);
      if (kind === 0) bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8));
      const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)];
      const changed = [
        bytes,
        head,
        Buffer.concat([head, Buffer.from([random(256)]), tail]),
        Buffer.concat([tail, head, Buffer.from("x")]),
      ][kind];
      writeFileSync(`${path}/${name}`, changed ?? bytes);
    });
    const words = await verifyBundle(at).then(
      ({ differences, bundleId }) => (differences.length > 0 || bundleId !== id ? "" : "passed"),
      (error: unknown) => ((error as { exitCode?: number }).exitCode === 3 ? "" : String(error)),
    );
    if (words !== "") wrong.push(`${index}: ${name}, kind ${kind}: ${words}`);
  }
  expect(wrong).toEqual([]);
}, 3_600_000);

test("verify says in a line that a bundle is whole, a line for each difference, and ends as it says", () => {
  const { status, stdout } = dir.run("verify", "flat", "--require-complete");
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(
      /^Whole: 25 files, \d+ rows, Contoso Government as of 2026-11-01, bundle [0-9a-f]{64}\n$/,
    ),
  ]);
  const id = stdout.trim().slice(-64);
  expect(dir.run("verify", "flat", "--expect", id, "--max-age-days", "5", "--on", "2026-11-06").status).toBe(
    0,
  );
  const other = dir.run(
    "verify",
    "flat",
    "--expect",
    "0".repeat(64),
    "--max-age-days",
    "5",
    "--on",
    "2026-11-07",
    "--json",
  );
  const { verdict, checks } = JSON.parse(other.stdout) as { verdict: string; checks: { code: string }[] };
  expect([other.status, verdict, checks.map(({ code }) => code)]).toEqual([
    1,
    "differs",
    ["id_differs", "too_old"],
  ]);
  damage("flat", (at) => writeFileSync(`${at}/old.csv`, ""));
  const damaged = dir.run("verify", "damaged");
  expect([damaged.status, damaged.stdout]).toEqual([1, "old.csv: extra_file\n"]);
  expect(damaged.stderr).toContain("do not upload");
  mkdirSync(dir.file("nothing"));
  expect([
    dir.run("verify", "nothing").status,
    dir.run("verify", "nowhere").status,
    dir.run("verify").status,
  ]).toEqual([3, 3, 2]);
  damage("flat", (at) =>
    edit(`${at}/manifest.json`, (text) => text.replace('"manifest_version": "2"', '"manifest_version": "3"')),
  );
  expect(dir.run("verify", "damaged")).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("version 3, which is newer"),
  });
});

test("verify loads no engine", () => {
  const script = `const load = process.dlopen; process.dlopen = () => { throw new Error("an engine"); };
    process.argv.splice(1, 1, ${JSON.stringify(bin)}); require(${JSON.stringify(bin)});`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", script, "x", "verify", "flat"], {
    cwd: dir.path,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  const query = spawnSync(process.execPath, ["-e", script, "x", "query", "select 1"], {
    cwd: dir.path,
    encoding: "utf8",
  });
  expect(query.status).not.toBe(0);
});

const hasKeygen = spawnSync("ssh-keygen", ["-?"]).error === undefined;

test.skipIf(!hasKeygen).each([
  ["ed25519", []],
  ["ecdsa", ["-b", "256"]],
  ["ecdsa", ["-b", "521"]],
  ["rsa", ["-b", "3072"]],
])(
  "a signature by a key of kind %s %s holds where ssh-keygen says so, and no longer behind a changed byte",
  (type, size) => {
    const at = damage("flat", () => {});
    const key = dir.file(`key ${type} ${size.join("")}`);
    const run = (args: readonly string[], input = ""): number | null =>
      spawnSync("ssh-keygen", args, { cwd: at, encoding: "utf8", input }).status;
    run(["-q", "-t", type, ...size, "-N", "", "-f", key]);
    const signers = dir.write("signers", `ann@contoso.example ${readFileSync(`${key}.pub`, "utf8")}`);
    const look = (identity: string): unknown[] => {
      const { status, stdout } = dir.run(
        "verify",
        "damaged",
        "--signers",
        signers,
        "--identity",
        identity,
        "--no-content",
      );
      const input = readFileSync(`${at}/manifest-sha256.txt`, "utf8");
      const said = run(
        [
          "-Y",
          "verify",
          "-f",
          signers,
          "-I",
          identity,
          "-n",
          "m365-offline",
          "-s",
          "manifest-sha256.txt.sig",
        ],
        input,
      );
      return [status, /signature_\w+|signer_\w+/.exec(stdout)?.[0], said === 0];
    };
    expect(look("ann@contoso.example")).toEqual([1, "signature_missing", false]);
    expect(run(["-Y", "sign", "-q", "-n", "file", "-f", key, "manifest-sha256.txt"])).toBe(0);
    expect(look("ann@contoso.example")).toEqual([1, "signature_bad", false]);
    rmSync(`${at}/manifest-sha256.txt.sig`);
    expect(run(["-Y", "sign", "-q", "-n", "m365-offline", "-f", key, "manifest-sha256.txt"])).toBe(0);
    expect(look("ann@contoso.example")).toEqual([0, undefined, true]);
    expect(look("bob@contoso.example")).toEqual([1, "signer_unknown", false]);
    edit(`${at}/manifest-sha256.txt`, (text) => text.replace("a", "b"));
    expect(look("ann@contoso.example")).toEqual([1, "signature_bad", false]);
  },
);

test("the files that a bundle was made of are found again by their bytes, whatever their names", () => {
  cpSync(dir.file("contoso"), dir.file("sources"), { recursive: true });
  expect(dir.run("verify", "flat", "--no-content", "--sources", "sources").status).toBe(0);
  renameSync(dir.file("sources/domains.json"), dir.file("sources/other name.json"));
  rmSync(dir.file("sources/groups.json"));
  edit(dir.file("sources/users/users-2.json"), (text) => `${text} `);
  const { status, stdout } = dir.run("verify", "flat", "--no-content", "--sources", "sources");
  expect(dir.run("verify", "flat", "--no-content", "--sources", "nowhere").status).toBe(5);
  expect([status, stdout]).toEqual([1, "groups.json: source_missing\nusers-2.json: source_differs\n"]);
});
