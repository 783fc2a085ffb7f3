// Imports a 1 GB sign-in document (300,000 records, 5 % twice) and fails when the peak of memory is 500 MB or more: npm run memory
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "m365-offline-memory-"));
const hook =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";
try {
  spawnSync(process.execPath, [join(root, "bench/generate.js"), folder, "1000", "300000"], {
    stdio: "inherit",
  });
  const file = join(folder, "signIns.json");
  const startedAt = performance.now();
  const args = [
    "--import",
    hook,
    join(root, "bin/m365-offline.js"),
    "import",
    file,
    "--db",
    join(folder, "t.duckdb"),
    "--json",
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const seconds = (performance.now() - startedAt) / 1000;
  const [report] = JSON.parse(stdout).files;
  const peak = Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
  console.log(
    `${(statSync(file).size / 1e6).toFixed(0)} MB: ${report.records_read} read = ${report.records_loaded} loaded + ${report.records_rejected} rejected + ${report.records_duplicate} duplicate; exit ${status}`,
  );
  console.log(`${seconds.toFixed(1)} s, peak ${peak.toFixed(0)} MB`);
  if (status !== 0 || report.records_duplicate !== 15000 || !(peak < 500)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
