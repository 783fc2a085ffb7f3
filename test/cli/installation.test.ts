import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { copyProgram } from "../program.ts";
import { isThorough } from "../extent.ts";
import { page, Workdir } from "../workdir.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const id = "00000000-0000-4000-8000-000000000001";
let dir: Workdir;
let home: string;

beforeAll(() => {
  dir = new Workdir();
  home = copyProgram(dir);
  dir.write("users.json", page("users", [{ id, userPrincipalName: "a@contoso.example" }]));
});

function run(...args: string[]): { status: number | null; stderr: string; stdout: string } {
  const options = { cwd: dir.path, encoding: "utf8", env: { ...process.env, M365_OFFLINE_DB: "" } } as const;
  return spawnSync(process.execPath, [join(home, "bin/m365-offline.js"), ...args], options);
}

/** How a copy in which a file is damaged ends, the file whole again behind it. */
function runWithout(name: string, damage: (path: string) => void): ReturnType<typeof run> {
  const path = join(home, name);
  const bytes = readFileSync(path);
  damage(path);
  rmSync(dir.file("tenant.duckdb"), { force: true });
  try {
    return run("import", "users.json");
  } finally {
    cpSync(join(root, name), path);
    expect(readFileSync(path)).toEqual(bytes);
  }
}

const chunk = readdirSync(join(root, "bundle")).find((name) => /^import-.*\.cjs$/.test(name)) ?? "";
const names = [
  "bundle/main.cjs",
  `bundle/${chunk}`,
  "bundle/records.wasm",
  "package.json",
  "schemas/users.schema.json",
  "src/models/ledger/dataset_states.sql",
  "src/models/outputs/users.sql",
];
// Without these the views are made anew, which takes longer.
const slow = ["reference/sku_names.csv", "dist/template.duckdb"];

test.each(isThorough ? [...names, ...slow] : names)(
  "a copy of which %s is missing or cut works, or says to install it anew",
  (name) => {
    const cut = (path: string): void => truncateSync(path, Math.floor(readFileSync(path).length / 2));
    for (const damage of [unlinkSync, cut]) {
      const { status, stderr } = runWithout(name, damage);
      expect([0, 2, 3, 4], stderr).toContain(status);
      if (status === 3 || status === 4)
        expect(stderr).toMatch(/this copy of m365-offline is not .*Install it anew/s);
      if (status === 2) expect(stderr).toContain(`the schema ${join(home, name)} is not usable`);
    }
  },
);

test("a copy for another system says which one it is for, and --version that it has no engine", () => {
  const modules = join(home, "node_modules");
  rmSync(modules);
  mkdirSync(join(modules, "@duckdb"), { recursive: true });
  cpSync(join(root, "node_modules/@duckdb/node-bindings"), join(modules, "@duckdb/node-bindings"), {
    recursive: true,
  });
  const machine = `${process.platform}-${process.arch}`;
  const { status, stderr } = run("import", "users.json");
  expect(status).toBe(4);
  expect(stderr).toContain(`has no DuckDB engine that runs on ${machine}`);
  expect(run("--version")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+ \(no DuckDB engine for /),
  });
});

test("--version names the engine", () => {
  expect(dir.run("--version").stdout).toMatch(/^\d+\.\d+\.\d+ \(DuckDB v\d+\.\d+\.\d+, \S+\)\n$/);
});
