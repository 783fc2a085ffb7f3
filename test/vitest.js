import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

/**
 * Runs files of tests at another length than `npm test` does, and takes its exit code over.
 * @param {readonly string[]} files @param {{ options: readonly string[], thorough: "short" | "all" }} how
 */
export function runVitest(files, { options, thorough }) {
  // Some files have blocks of which only `npm test` runs something.
  const { status } = spawnSync(process.execPath, [vitest, "run", "--passWithNoTests", ...files, ...options], {
    cwd: root,
    env: { ...process.env, THOROUGH: thorough },
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
