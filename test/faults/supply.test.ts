import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exitCodes } from "../../src/errors.ts";
import { Workdir } from "../workdir.ts";

interface Entry {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly hasInstallScript?: boolean;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string): string => readFileSync(join(root, name), "utf8");
const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, Entry> };
const entries = Object.entries(lock.packages).filter(([place]) => place !== "");
const manifest = JSON.parse(read("package.json")) as {
  version: string;
  files: string[];
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const placesOf = (isGuilty: (entry: Entry) => boolean): string[] =>
  entries.filter(([, entry]) => isGuilty(entry)).map(([place]) => place);

test("no package runs a script when it is installed, ours neither", () => {
  expect(entries.length).toBeGreaterThan(200);
  expect(placesOf(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  const own = Object.keys(manifest.scripts).filter((name) =>
    /^(pre|post)?(install|prepare|pack)$/.test(name),
  );
  expect(own).toEqual([]);
});

test("every package is held by a hash and comes from the registry", () => {
  // A tool of ours for a system on which nobody checks: this registry does not have it, so that nothing can be hashed.
  const isOfOtherSystem = ({ dev, optional, os }: Entry): boolean =>
    dev === true && optional === true && !!os;
  expect(placesOf((entry) => !entry.integrity?.startsWith("sha512-") && !isOfOtherSystem(entry))).toEqual([]);
  expect(
    placesOf(({ resolved }) => resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/")),
  ).toEqual([]);
});

test("every version is exact", () => {
  const versions = { ...manifest.dependencies, ...manifest.devDependencies };
  const inexact = Object.entries(versions).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(inexact).toEqual([]);
});

test("the database engine of all eight platforms is in the lock file, in the version that is asked for", () => {
  const platforms = [
    "darwin-arm64",
    "darwin-x64",
    "linux-arm64",
    "linux-arm64-musl",
    "linux-x64",
    "linux-x64-musl",
    "win32-arm64",
    "win32-x64",
  ].map((platform) => `node_modules/@duckdb/node-bindings-${platform}`);
  const there = entries.filter(([place]) => place.startsWith("node_modules/@duckdb/node-bindings-"));
  expect(there.map(([place]) => place).toSorted()).toEqual(platforms);
  const version = manifest.dependencies["@duckdb/node-bindings"];
  expect(new Set(there.map(([, entry]) => entry.version))).toEqual(new Set([version]));
  expect(there.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

test("the bill of materials is CycloneDX and has every package that is installed with ours, with its hash", () => {
  const folder = mkdtempSync(join(tmpdir(), "m365-offline-test-"));
  const file = join(folder, "sbom.json");
  const { status, stderr } = spawnSync(process.execPath, ["scripts/sbom.js", file], {
    cwd: root,
    encoding: "utf8",
  });
  expect([status, stderr.includes("packages in")]).toEqual([0, true]);
  const bill = JSON.parse(readFileSync(file, "utf8")) as {
    bomFormat: string;
    specVersion: string;
    serialNumber: string;
    metadata: { component: { name: string; version: string } };
    components: { name: string; version: string; purl: string; hashes: { alg: string; content: string }[] }[];
  };
  rmSync(folder, { recursive: true });
  expect(bill).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: expect.stringMatching(/^1\.[5-9]$/) as string,
    serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/) as string,
    metadata: { component: { name: "m365-offline", version: manifest.version } },
  });
  // A version that lies in several places is one package.
  const due = new Map(
    entries
      .filter(([, { dev }]) => dev !== true)
      .map(
        ([place, { version, integrity = "" }]) =>
          [
            `${place.split("node_modules/").at(-1)}@${version}`,
            Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex"),
          ] as const,
      ),
  );
  const said = bill.components.map(({ name, version, hashes }) => [`${name}@${version}`, hashes[0]?.content]);
  const byName = (left: readonly unknown[], right: readonly unknown[]): number =>
    String(left[0]) < String(right[0]) ? -1 : 1;
  expect(said.toSorted(byName)).toEqual([...due].toSorted(byName));
});

test("SECURITY.md ships, is one page, and names only commands, options and scripts that there are", () => {
  const text = read("SECURITY.md");
  expect(manifest.files).toContain("SECURITY.md");
  expect(read("README.md")).toContain("(SECURITY.md)");
  expect(text.split(/\s+/).length).toBeLessThan(800);
  const dir = new Workdir();
  const helps = ["", "import", "query", "explain", "export"].map((command) => {
    const { status, stdout } = dir.run(...[command].filter((word) => word !== ""), "--help");
    expect(status).toBe(exitCodes.ok);
    return stdout;
  });
  const options = [...text.matchAll(/`(?:m365-offline )?(--[a-z-]+)`/g)].map((match) => match[1] ?? "");
  expect(options.length).toBeGreaterThan(2);
  expect(options.filter((option) => !helps.some((help) => help.includes(option)))).toEqual([]);
  const scripts = [...text.matchAll(/`npm run ([a-z-]+)`/g)].map((match) => match[1] ?? "");
  expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);
  for (const command of ["query", "forget", "explain"])
    expect([text.includes(`\`${command}\``), helps[0]?.includes(`m365-offline ${command}`)]).toEqual([
      true,
      true,
    ]);
});
