import { createHash } from "node:crypto";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { maybeReadList, writeList } from "../../src/handoff/layout.ts";
import { toPackage } from "../../src/handoff/package.ts";
import type { Manifest } from "../../src/handoff/manifest.ts";
import { verifyBundle } from "../../src/handoff/verify.ts";
import { Workdir } from "../workdir.ts";

let dir: Workdir;

beforeAll(() => {
  dir = new Workdir();
  dir.import(dir.sample("contoso"));
  expect(dir.run("export", "--profile", "flexera", "--out", "flexera").status).toBe(0);
});

const edit = (path: string, change: (text: string) => string): void => {
  writeFileSync(path, change(readFileSync(path, "utf8")));
};
const hashOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

type Change = (manifest: Record<string, unknown>) => void;

/** A copy with a damage whose lists, sizes and checksums are written anew, as somebody who hides it would. */
async function codesAfter(
  name: string,
  change: (text: string) => string,
  also: Change = () => {},
): Promise<string[]> {
  const at = dir.file("damaged");
  rmSync(at, { recursive: true, force: true });
  cpSync(dir.file("flexera"), at, { recursive: true });
  if (name !== "") edit(`${at}/${name}`, change);
  const manifest = JSON.parse(readFileSync(`${at}/manifest.json`, "utf8")) as Record<string, unknown>;
  for (const file of manifest["files"] as Record<string, unknown>[]) {
    const path = `${at}/${String(file["file"])}`;
    Object.assign(file, { sha256: hashOf(path), bytes: readFileSync(path).length });
  }
  also(manifest);
  writeFileSync(`${at}/manifest.json`, JSON.stringify(manifest));
  writeFileSync(`${at}/datapackage.json`, JSON.stringify(toPackage(manifest as unknown as Manifest)));
  const list = `${at}/manifest-sha256.txt`;
  const paths = (maybeReadList(readFileSync(list, "utf8")) ?? []).map(({ path }) => path);
  writeFileSync(list, writeList(paths.map((path) => ({ path, sha256: hashOf(`${at}/${path}`) }))));
  return [...new Set((await verifyBundle(at)).differences.map(({ code }) => code))];
}

test("a bundle of a profile whose lists are written anew is whole", async () => {
  expect(await codesAfter("", (text) => text)).toEqual([]);
});

test.each<[string, string, string, (text: string) => string]>([
  ["a header renamed", "header_differs", "users.csv", (text) => text.replace("email", "mail")],
  ["line ends changed", "header_differs", "users.csv", (text) => text.replaceAll("\r\n", "\n")],
  ["a row less", "rows_differ", "users.csv", (text) => text.replace(/[^\n]*\n$/, "")],
  ["a cell more", "type_differs", "users.csv", (text) => text.replace("Member,", "Member,,")],
  [
    "a text for a number",
    "type_differs",
    "subscriptions.csv",
    (text) => text.replace(",Users,40,", ",Users,many,"),
  ],
  [
    "another quantity",
    "total_differs",
    "subscriptions.csv",
    (text) => text.replace(",Users,40,", ",Users,41,"),
  ],
  [
    "a word that there is not",
    "enum_differs",
    "subscriptions.csv",
    (text) => text.replace("Monthly", "Weekly"),
  ],
  [
    "a must that is empty",
    "null_found",
    "users.csv",
    (text) => text.replace(/,[a-z.]+@contoso\.example,/, ",,"),
  ],
  [
    "a user twice",
    "key_repeated",
    "users.csv",
    (text) => {
      const [head, first, , ...rest] = text.split("\r\n");
      return [head, first, first, ...rest].join("\r\n");
    },
  ],
  ["a use by nobody", "relation_broken", "activities.csv", (text) => text.replace(/^021e82c0/m, "121e82c0")],
])("%s is found though every checksum is right: %s", async (_, code, name, change) => {
  expect(await codesAfter(name, change)).toContain(code);
});

test.each<[string, Change]>([
  [
    "usable though a reason was accepted",
    (manifest) =>
      Object.assign(manifest["options"] as object, { accepted: [{ code: "unmatched", text: "x" }] }),
  ],
  ["no profile, though cells are as one has them", (manifest) => Object.assign(manifest, { profile: null })],
  [
    "a dialect that is none",
    (manifest) => Object.assign(manifest, { dialect: { delimiter: ",,", line_end: "LF", null: "\0" } }),
  ],
  ["a file that is no part of it", (manifest) => Object.assign(manifest, { files: [] })],
])("a manifest that lies is found: %s", async (_, change) => {
  expect(await codesAfter("", (text) => text, change)).not.toEqual([]);
});
