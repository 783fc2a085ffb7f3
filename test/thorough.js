// What the test suite does by samples only: all 200 random tenants, every file and needed property of the sample removed, every report concealed; the campaigns of faults, each in short.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "test/recompute", "test/missing", "test/faults"],
  {
    cwd: root,
    env: { ...process.env, THOROUGH: "all" },
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
