// Compares the views with the second computation on all 200 random tenants; the test suite takes 60 of them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, "run", "test/recompute"], {
  cwd: root,
  env: { ...process.env, TENANTS: "all" },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
