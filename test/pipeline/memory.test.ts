import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Workdir } from "../workdir.ts";

const generator = fileURLToPath(new URL("../../bench/generate.js", import.meta.url));
const hook =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";

test("a sign-in document of 200 MB is never held whole, and what stands twice in it is removed", () => {
  const dir = new Workdir();
  spawnSync(process.execPath, [generator, dir.path, "1000", "60000"]);
  const { status, stdout, stderr } = dir.runWith(
    { node: ["--import", hook] },
    "import",
    "signIns.json",
    "--json",
  );
  const { files } = JSON.parse(stdout) as { files: { records_loaded: number; records_duplicate: number }[] };
  expect([status, files[0]?.records_loaded, files[0]?.records_duplicate]).toEqual([0, 57_000, 3000]);
  const peakMegabytes = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
  expect(peakMegabytes).toBeGreaterThan(50);
  expect(peakMegabytes).toBeLessThan(500);
});
