import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyProgram } from "../program.ts";
import { Workdir } from "../workdir.ts";

const dir = new Workdir();

test("a program that stops with its work undone does not end as if it were done", () => {
  const home = copyProgram(dir);
  const file = join(home, "bundle/main.cjs");
  const help = (): number | null =>
    spawnSync(process.execPath, [join(home, "bin/m365-offline.js"), "--help"]).status;
  const source = readFileSync(file, "utf8");
  expect(help()).toBe(0);
  writeFileSync(file, "exports.main = () => new Promise(() => {});");
  expect(help()).toBe(70);
  writeFileSync(file, source);
});
