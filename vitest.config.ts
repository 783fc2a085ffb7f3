import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Most of the time a test waits for the program that it runs: one worker more than there are cores.
    maxWorkers: availableParallelism() + 1,
  },
});
