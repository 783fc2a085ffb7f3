// Five million damaged records and half as many rows of all datasets, judged by the fast path as by the slow one; test/wasm-reader/differential.test.ts takes 200,000 of them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));
const records = 5_000_000;
const day = 86_400_000;

/** @type {import("../tools.js").Campaign["run"]} */
export async function run({ scale, seed }) {
  const count = Math.ceil(records * scale);
  const args = [vitest, "run", "test/wasm-reader/differential.test.ts", "--testTimeout", String(day)];
  const env = { ...process.env, FUZZED: String(count), SEED: String(seed) };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
  const shares = [...stdout.matchAll(/fast path: (.*)/g)].map(([, share]) => share);
  const figures = `${count} damaged records and ${count / 2} rows; read by the fast path: ${shares.join(", ")}`;
  const isWhole = status === 0 && shares.length === 3;
  return { figures, failures: isWhole ? [] : `${stdout}${stderr}`.split("\n").slice(-20) };
}
