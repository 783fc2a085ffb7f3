import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, makeFolder, runTool } from "../tools.js";

/** Every code point on which a terminal acts, or which hides or turns text: C0 without the line end, C1, bidi and format marks. */
const codes = [
  ...range(0x00, 0x09),
  ...range(0x0b, 0x1f),
  ...range(0x7f, 0x9f),
  0x00ad,
  0x061c,
  0x180e,
  ...range(0x200b, 0x200f),
  ...range(0x2028, 0x202e),
  ...range(0x2060, 0x206f),
  0xfeff,
  ...range(0xfff9, 0xfffb),
  0xe0041,
];
const characters = codes.map((code) => String.fromCodePoint(code));
const escapes = [
  "\u001b[31m",
  "\u001b]8;;http://x\u0007link\u001b]8;;\u0007",
  "\u001b]0;title\u0007",
  "\u009b2J",
];
/** In the middle of a name, and behind it a line that would pass for one of ours. */
const payload = `a${characters.join("")}${escapes.join("")}b\nFORGED: all is well\r\nFORGED: too`;
const withoutNul = payload.replaceAll("\0", "");
/** A name that a folder takes: no NUL, no slash, at most 255 bytes. */
const name = `a${characters.filter((character) => character !== "\0").join("")}b\nFORGED: n`;

/** @param {number} first @param {number} last */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** @type {import("../tools.js").Campaign["run"]} */
export async function run({ scale, seed }) {
  const folder = makeFolder();
  /** @type {string[]} */
  const failures = [];
  let runs = 0;
  /** @param {string} what @param {{ stdout: string, stderr: string, status: number | null }} answer @param {number | undefined} due */
  const judge = (what, { stdout, stderr, status }, due) => {
    runs += 1;
    const text = stdout + stderr;
    const raw = codes.filter((code) => text.includes(String.fromCodePoint(code)));
    if (raw.length > 0) failures.push(`${what} prints raw ${raw.map((code) => code.toString(16)).join(" ")}`);
    if (/^FORGED/m.test(text)) failures.push(`${what} lets data begin a line`);
    if (status !== due) failures.push(`${what} ended with ${status}: ${text.slice(0, 300)}`);
    if (text === "") failures.push(`${what} printed nothing`);
  };
  try {
    prepare(folder);
    // A short run takes what comes first, on which the rest builds, and every fifth of the rest that needs no other database.
    const isTaken = (/** @type {(string | number)[]} */ command, /** @type {number} */ index) =>
      scale === 1 || index === 0 || (index % 5 === seed % 5 && !/second|third/.test(command.join(" ")));
    for (const [due, ...args] of commands(folder.path).filter(isTaken))
      judge(
        args
          .join(" ")
          .replaceAll(/[^ -~]+/g, "…")
          .slice(0, 80),
        runTool(folder.path, args.map(String)),
        Number(due),
      );
    for (const [what, args, node, due] of crashes())
      judge(what, runTool(folder.path, args, { node: ["--import", node] }), due);
    const help = runTool(folder.path, ["query", "--help"], { env: { M365_OFFLINE_DB: withoutNul } });
    judge("the help with a default out of the environment", help, 0);
    const onTerminal = runOnTerminal(folder);
    if (onTerminal !== undefined) judge("CSV on a terminal", onTerminal, 0);
    checkExact(folder, failures);
    const skipped = onTerminal === undefined ? "; no program `script`: CSV on a terminal was skipped" : "";
    return { figures: `${codes.length} code points and 3 forged lines in ${runs} runs${skipped}`, failures };
  } finally {
    folder.remove();
  }
}

/** A tenant of whose every text somebody made the worst. @param {ReturnType<typeof makeFolder>} folder */
function prepare(folder) {
  const evil = join(folder.path, "in", name);
  mkdirSync(evil, { recursive: true });
  const id = "00000000-0000-4000-8000-000000000001";
  const sku = "00000000-0000-4000-8000-0000000000aa";
  const graph = "https://graph.microsoft.us/v1.0/$metadata#";
  /** @param {string} file @param {unknown} content */
  const write = (file, content) =>
    writeFileSync(join(evil, file), typeof content === "string" ? content : JSON.stringify(content));
  const user = {
    id,
    userPrincipalName: "user1@contoso.example",
    displayName: payload,
    department: `=${payload}`,
    country: payload,
    mail: payload,
    accountEnabled: true,
    assignedLicenses: [{ skuId: sku, disabledPlans: [] }],
    [payload]: payload,
    lastHired: payload,
  };
  const other = { ...user, id: id.replace(/1$/, "2"), userPrincipalName: payload };
  const badUser = { ...user, id: payload };
  write(`${name}.json`, { "@odata.context": `${graph}users`, value: [user, other, badUser, { id: 5 }] });
  write("skus.json", {
    "@odata.context": `${graph}subscribedSkus`,
    value: [
      {
        id: `${id}_${sku}`,
        accountId: id,
        accountName: payload,
        skuId: sku,
        skuPartNumber: payload,
        capabilityStatus: payload,
        consumedUnits: 1,
        appliesTo: "User",
        prepaidUnits: { enabled: 5, suspended: 0, warning: 0, lockedOut: 0 },
        servicePlans: [],
      },
    ],
  });
  write("organization.json", {
    "@odata.context": `${graph}organization`,
    value: [{ id, displayName: payload, verifiedDomains: [] }],
  });
  write("registration.json", { error: { code: payload, message: payload, innerError: { date: payload } } });
  write("userRegistrationDetails.json", { error: { code: "Denied", message: payload } });
  write("printers.csv", `"${payload}","Colour"\nx,y\n`);
  write(
    "mailbox.csv",
    `Report Refresh Date,User Principal Name,Display Name,Is Deleted,Item Count,"${payload}"\n2026-11-01,"${payload}","${payload}",False,"${payload}",1\n2026-11-01,a\n`,
  );
  write("headless.csv", `2026-11-01,"${payload}",x\n`);
  write("broken.json", `{"value":[{"id":"${id}","x":"${payload}`);
  write(`${name}.txt`, "x");
  writeFileSync(join(evil, "archive.zip"), zipOf(`${withoutNul}.csv`, `"${payload}",x\n1,2\n`));
  const domains = fileURLToPath(new URL("../../../schemas/domains.schema.json", import.meta.url));
  const schema = JSON.parse(readFileSync(domains, "utf8"));
  Object.assign(schema, { $id: "evil", title: payload, description: payload });
  for (const key of Object.keys(schema["x-export"])) schema["x-export"][key] = payload;
  for (const property of Object.values(schema.properties)) property.description = payload;
  for (const [place, content] of Object.entries({ schemas: schema, "bad-schemas": { [payload]: payload } })) {
    mkdirSync(folder.file(place));
    writeFileSync(join(folder.file(place), "evil.schema.json"), JSON.stringify(content));
  }
}

/** @param {string} folder @returns {(string | number)[][]} */
function commands(folder) {
  const file = join(folder, "in", name, `${name}.json`);
  return [
    [1, "import", "in", "--as-of", "2026-11-02"],
    [1, "import", "in", "--as-of", "2026-11-03", "--json", "--db", "second.duckdb"],
    [1, "check", "in"],
    [1, "check", "in", "--json"],
    [0, "status"],
    [0, "status", "--json"],
    [0, "query", "from users"],
    [0, "query", "from users", "--format", "markdown"],
    [0, "query", "from users", "--format", "json"],
    [0, "query", "from users", "--format", "ndjson"],
    [0, "query", "from mfa_status"],
    [0, "query", `select 1 as "${withoutNul}"`],
    [
      0,
      "query",
      `select '${withoutNul}' as x, ['${withoutNul}'] as list, {'${withoutNul.slice(0, 9)}': 1} as object`,
    ],
    [0, "export", "users", "--out", `out/${name}`],
    [0, "export", "users", "--out", `out/${name}`, "--json", "--replace"],
    [0, "explain", "00000000-0000-4000-8000-000000000001"],
    [0, "explain", "00000000-0000-4000-8000-000000000001", "--json"],
    [0, "diff", "--from", "2026-11-02"],
    [0, "diff", "--from", "2026-11-02", "--json"],
    [0, "rejects"],
    [0, "rejects", "--json"],
    [1, "rejects", "retry", "in"],
    [0, "forget", "--import", "1", "--dry-run"],
    [2, "query", withoutNul],
    [2, "query", `select * from "${withoutNul}"`],
    [2, "query", `select error(display_name) from users`],
    [2, "query", `select display_name::integer from users`],
    [2, "query", `from '${withoutNul}.csv'`],
    [2, "query", "--file", withoutNul],
    [2, "query", "select 1", "--format", withoutNul],
    [2, "explain", withoutNul],
    [2, "explain", "00000000-0000-4000-8000-000000000001", "--sku", withoutNul],
    [2, "export", withoutNul, "--out", "x"],
    [2, "import", file, "--as", withoutNul],
    [2, "import", file, "--as-of", withoutNul],
    [2, "import", file, "--encoding", withoutNul],
    [2, "import", file, "--time-zone", withoutNul],
    [2, "import", file, `--${withoutNul}`],
    [2, withoutNul],
    [2, "schemas", withoutNul],
    [3, "import", withoutNul],
    [4, "status", "--db", withoutNul],
    [5, "import", file, "--db", `${name}/x.duckdb`],
    [5, "export", "users", "--out", `/proc/${name}`],
    [1, "import", file, "--tenant", withoutNul, "--db", "third.duckdb", "--as-of", "2026-12-01"],
    [1, "import", file, "--tenant", "x", "--db", "third.duckdb", "--as-of", "2026-12-02"],
    [0, "status", "--db", "third.duckdb"],
    [2, "schemas", "--schemas", "bad-schemas"],
    [0, "schemas", "--schemas", "schemas"],
    [0, "schemas", "evil", "--schemas", "schemas"],
    [0, "schemas", "evil", "--json", "--schemas", "schemas"],
  ];
}

/** Faults of ours whose words hold data: the stack is printed. @returns {[string, string[], string, number][]} */
function crashes() {
  const body = `import fs from 'node:fs';import {syncBuiltinESMExports} from 'node:module';const real=fs.realpathSync;fs.realpathSync=(...args)=>{if(args[0]==='tenant.duckdb')throw new Error(${JSON.stringify(payload)});return real(...args)};syncBuiltinESMExports();`;
  return [["a crash", ["status"], `data:text/javascript,${encodeURIComponent(body)}`, 70]];
}

/** What a query prints in CSV on a terminal; undefined where there is no program that makes one. @param {ReturnType<typeof makeFolder>} folder */
function runOnTerminal(folder) {
  const command = `'${process.execPath}' '${bin}' query 'select display_name from users' --format csv --db tenant.duckdb`;
  const { status, stdout, error } = spawnSync("script", ["-qec", command, "/dev/null"], {
    cwd: folder.path,
    encoding: "utf8",
    input: "",
  });
  if (error !== undefined) return undefined;
  // A terminal itself turns a line end into two characters, and ends its input with two.
  const text = stdout.replaceAll("\r\n", "\n").replace("^D\b\b", "");
  // In quotes a line of a cell is CSV as it must be; nobody takes what was asked for as CSV for words of ours.
  return { status, stdout: text.replaceAll(/^FORGED/gm, "cell"), stderr: "" };
}

/** In a pipe and in files data is exact. @param {ReturnType<typeof makeFolder>} folder @param {string[]} failures */
function checkExact(folder, failures) {
  const sql = "select display_name as name from users limit 1";
  const asJson = runTool(folder.path, ["query", sql, "--format", "json"]);
  if (JSON.parse(asJson.stdout)[0]?.name !== payload) failures.push("JSON does not give the text back");
  const asCsv = runTool(folder.path, ["query", sql, "--format", "csv"]);
  if (asCsv.stdout !== `name\n"${payload}"\n`) failures.push("CSV in a pipe does not give the text back");
}

/** A zip archive with one stored entry. @param {string} entry @param {string} content */
function zipOf(entry, content) {
  const [label, data] = [Buffer.from(entry), Buffer.from(content)];
  const head = Buffer.alloc(26);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(0x800, 2);
  head.writeUInt32LE(crc32(data), 10);
  head.writeUInt32LE(data.length, 14);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt16LE(label.length, 22);
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), head, label, data]);
  const rest = Buffer.alloc(14);
  const central = Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\0"), head, rest, label]);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

/** @param {Buffer} data */
function crc32(data) {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
