import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Workdir } from "./workdir.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The program in a folder of its own. */
export function copyProgram(dir: Workdir): string {
  const home = dir.file("program");
  mkdirSync(home);
  for (const name of ["bin", "bundle", "dist", "schemas", "reference", "src", "package.json"])
    cpSync(join(root, name), join(home, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  return home;
}
