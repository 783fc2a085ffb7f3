import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { copyProgram } from "./program.ts";
import { Workdir } from "./workdir.ts";

const dir = new Workdir();
let home = "";
const at = (name: string): string => join(home, "bundle", name);

beforeAll(() => {
  home = copyProgram(dir);
});

function readHelp(): string {
  const { stdout, stderr } = spawnSync(process.execPath, [join(home, "bin/m365-offline.js"), "--help"], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout;
}

/** Of each file of the program that an import needs, whether V8 refused what the build had made of it; null where there was nothing. */
function readRefusals(): Record<string, boolean | null> {
  writeFileSync(dir.file("users.json"), '[{"id":"a","userPrincipalName":"a@contoso.example"}]');
  const script = `
    const { loadProgram } = await import(${JSON.stringify(pathToFileURL(join(home, "dist/start.js")).href)});
    const code = loadProgram();
    await code.program.main(["import", "users.json", "--as", "users", "--as-of", "2026-11-01", "--json", "--quiet"]);
    const said = code.chunks.map(({ file, script }) => [file.split(/[\\\\/]/).at(-1), script.cachedDataRejected ?? null]);
    console.error(JSON.stringify(Object.fromEntries(said)));`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: dir.path,
    encoding: "utf8",
  });
  return JSON.parse(stderr) as Record<string, boolean | null>;
}

test("the program starts with what V8 made of it when it was built", () => {
  const refusals = readRefusals();
  expect(Object.keys(refusals).length).toBeGreaterThan(5);
  expect(Object.values(refusals).filter((isRefused) => isRefused !== false)).toEqual([]);
});

test("what was compiled of another source is not taken, though that is as long", () => {
  const help = readHelp();
  expect(help).toContain("No network, ever.");
  const source = readFileSync(at("cli.cjs"), "utf8");
  writeFileSync(at("cli.cjs"), source.replaceAll("No network, ever.", "No NETWORK, ever."));
  expect(readHelp()).toBe(help.replaceAll("No network, ever.", "No NETWORK, ever."));
  writeFileSync(at("cli.cjs"), source);
});

test("a program that stops with its work undone does not end as if it were done", () => {
  const source = readFileSync(at("cli.cjs"), "utf8");
  writeFileSync(at("cli.cjs"), "exports.main = () => new Promise(() => {});");
  const { status } = spawnSync(process.execPath, [join(home, "bin/m365-offline.js"), "--help"]);
  writeFileSync(at("cli.cjs"), source);
  expect(status).toBe(70);
});

test("what was compiled and then damaged, cut or removed is done without", () => {
  const help = readHelp();
  const cache = readFileSync(at("cli.cache"));
  for (const place of [0, 31, 32, 40, cache.length >> 1, cache.length - 1]) {
    const damaged = Buffer.from(cache);
    damaged[place] = (damaged[place] ?? 0) ^ 1;
    writeFileSync(at("cli.cache"), damaged);
    expect(readHelp()).toBe(help);
    expect(readRefusals()["cli.cjs"]).toBe(null);
  }
  for (const length of [0, 10, 32, cache.length - 1]) {
    writeFileSync(at("cli.cache"), cache.subarray(0, length));
    expect(readHelp()).toBe(help);
  }
  for (const name of readdirSync(join(home, "bundle")).filter((file) => file.endsWith(".cache")))
    rmSync(at(name));
  expect(readHelp()).toBe(help);
});
