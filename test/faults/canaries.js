import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import Papa from "papaparse";
import { runTool } from "./tools.js";

/** @typedef {{ path: string, list: () => string[], file: (name: string) => string }} Folder */

const samples = fileURLToPath(new URL("../../samples/contoso", import.meta.url));

/** What is shown on purpose: it is of the tenant or of a product, never of a person. */
const exempt = [
  // Whose data it is: the title of every answer.
  /^organization\.json displayName$/,
  /^subscribedSkus\.json accountName$/,
  // What is bought: the rows of the license table, and findings about them.
  /^subscribedSkus\.json (skuPartNumber|skuId|servicePlanName|capabilityStatus)$/,
  // The words of an error answer, which say why there is no data.
  /^error$/,
];

/** Where each canary stands: the file of the sample and the property. @type {string[]} */
const origins = [];

/** A text that occurs nowhere else. @param {string} origin */
function canary(origin) {
  origins.push(origin);
  return `cnry${origins.length - 1}x`;
}

const formed = /^[0-9a-f]{8}-[0-9a-f-]{27}(_[0-9a-f-]{36})?$|^\d{4}-\d\d-\d\d|^(True|False|Yes|No|\d+)$/i;

/** @typedef {"all" | "unformed" | "types"} Kind */

/** A value of the same shape whose texts are canaries: all, or those but ids and dates; or every value of a wrong type.
 * @param {unknown} value @param {string} origin @param {Kind} kind @returns {unknown} */
function poison(value, origin, kind) {
  if (Array.isArray(value)) return value.map((item) => poison(item, origin, kind));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) =>
        key.startsWith("@odata.") ? [key, item] : [key, poison(item, `${origin.split(" ")[0]} ${key}`, kind)],
      ),
    );
  if (typeof value === "string" && kind !== "types")
    return kind === "unformed" && formed.test(value) ? value : canary(origin);
  return kind === "types" ? (typeof value === "string" ? [canary(origin)] : canary(origin)) : value;
}

/** @param {unknown} document @param {Kind} kind @param {string} name */
const poisonPage = (document, kind, name) => JSON.stringify(poison(document, `${name} -`, kind));

/** The damages of a JSON document, by name. @type {Record<string, (document: unknown, name: string) => string | Buffer>} */
const jsonDamages = {
  texts: (document, name) => poisonPage(document, "all", name),
  unformed: (document, name) => poisonPage(document, "unformed", name),
  types: (document, name) => poisonPage(document, "types", name),
  cut: (document, name) => {
    const text = poisonPage(document, "unformed", name);
    const at = text.lastIndexOf("cnry");
    return text.slice(0, at < 0 ? -3 : at + 6);
  },
  syntax: (document, name) => poisonPage(document, "unformed", name).replaceAll(/x",/g, 'x"'),
  twice: (document, name) =>
    poisonPage(document, "unformed", name).replaceAll(/("\w+":)("cnry\d+x")/g, "$1$2,$1$2"),
  surrogate: (document, name) =>
    poisonPage(document, "unformed", name).replaceAll(/(cnry\d+x)/g, "$1\\ud800"),
  control: (document, name) => poisonPage(document, "unformed", name).replaceAll(/(cnry\d+x)/g, "$1\u0001"),
  bytes: (document, name) =>
    Buffer.from(poisonPage(document, "unformed", name).replaceAll(/(cnry\d+x)/g, "$1\u00ff"), "latin1"),
  unquoted: (document, name) => poisonPage(document, "unformed", name).replaceAll(/"(cnry\d+x)"/g, "$1"),
  bare: (document, name) => {
    const records =
      /** @type {{ value?: unknown[] }} */ (JSON.parse(poisonPage(document, "all", name))).value ?? [];
    return records.map((record) => JSON.stringify(record)).join("\n");
  },
  list: (document, name) =>
    JSON.stringify([...poisonPage(document, "all", name).matchAll(/cnry\d+x/g)].flat()),
  keys: (document, name) => {
    const texts = [...poisonPage(document, "all", name).matchAll(/cnry\d+x/g)].flat();
    return JSON.stringify({
      value: [Object.fromEntries(texts.map((text) => [`${text}@contoso.example`, 1]))],
    });
  },
};

/** @typedef {string[][]} Rows */
/** @param {Rows} rows */
const csvOf = (rows) =>
  `${rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? JSON.stringify(cell) : cell)).join(",")).join("\n")}\n`;
/** @param {Rows} rows @param {Kind} kind @param {string} name @returns {Rows} */
const poisonRows = ([header = [], ...rows], kind, name) => [
  header,
  ...rows.map((row) => row.map((cell, index) => String(poison(cell, `${name} ${header[index]}`, kind)))),
];

/** The damages of a CSV document, by name. @type {Record<string, (rows: Rows, name: string) => string | Buffer>} */
const csvDamages = {
  texts: (rows, name) => csvOf(poisonRows(rows, "all", name)),
  unformed: (rows, name) => csvOf(poisonRows(rows, "unformed", name)),
  headless: (rows, name) => csvOf(poisonRows(rows, "all", name).slice(1)),
  halfheadless: (rows, name) => csvOf(poisonRows(rows, "unformed", name).slice(1)),
  ragged: (rows, name) =>
    csvOf(poisonRows(rows, "unformed", name).map((row, index) => (index === 0 ? row : [...row, ...row]))),
  unclosed: (rows, name) => csvOf(poisonRows(rows, "unformed", name)).replaceAll(/(cnry\d+x)/g, '"$1'),
  inner: (rows, name) => csvOf(poisonRows(rows, "unformed", name)).replaceAll(/(cnry\d+x)/g, '"$1"$1'),
  semicolon: (rows, name) => csvOf(poisonRows(rows, "all", name)).replaceAll(",", ";"),
  control: (rows, name) => csvOf(poisonRows(rows, "unformed", name)).replaceAll(/(cnry\d+x)/g, "$1\0"),
  bytes: (rows, name) =>
    Buffer.from(csvOf(poisonRows(rows, "unformed", name)).replaceAll(/(cnry\d+x)/g, "$1\u00ff"), "latin1"),
  cut: (rows, name) => csvOf(poisonRows(rows, "unformed", name)).slice(0, -4),
  oneHeader: (rows, name) =>
    csvOf([
      ["Name"],
      ...poisonRows(rows, "all", name)
        .slice(1)
        .map((row) => row.slice(0, 1)),
    ]),
};

/** Writes each file of the sample with every damage. @param {string} target @param {number} scale */
function writeDamaged(target, scale) {
  const files = readdirSync(samples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|csv)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  let number = 0;
  for (const file of files) {
    // The sample is mixed with nobody, and poisoned its files are of several tenants.
    const text = readFileSync(file, "utf8")
      .replace(/^\uFEFF/, "")
      .replaceAll("518b93ed-619a-4b95-a7d1-74ede5a7d18d", "00000000-619a-4b95-a7d1-74ede5a7d18d");
    const name = basename(file);
    const isJson = name.endsWith(".json");
    const rows = isJson ? [] : Papa.parse(text, { skipEmptyLines: true }).data;
    for (const damage of Object.keys(isJson ? jsonDamages : csvDamages)) {
      number += 1;
      if (scale < 1 && damage !== "unformed" && number % Math.round(1 / scale) !== 0) continue;
      const content = isJson
        ? jsonDamages[damage]?.(trim(JSON.parse(text)), name)
        : csvDamages[damage]?.(/** @type {Rows} */ (rows).slice(0, 8), name);
      const path = join(target, damage, name);
      mkdirSync(join(target, damage), { recursive: true });
      writeFileSync(path, content ?? "");
      utimesSync(path, new Date("2026-11-02T08:00:00Z"), new Date("2026-11-02T08:00:00Z"));
    }
  }
  const answer = {
    error: { code: canary("error"), message: canary("error"), innerError: { date: canary("error body") } },
  };
  writeFileSync(join(target, "answer.json"), JSON.stringify(answer));
}

/** A few records show what many would. @param {unknown} document */
function trim(document) {
  const page = /** @type {{ value?: unknown }} */ (document);
  return Array.isArray(page.value) ? { ...page, value: page.value.slice(0, 8) } : document;
}

/** Imports a tenant whose every text is a canary, damaged in every way, and looks for one where none may be. @param {Folder} folder @param {number} scale @param {string[]} failures */
export function sweepCanaries(folder, scale, failures) {
  origins.length = 0;
  writeDamaged(folder.file("in"), scale);
  const ledger = ["issues", "rejected_records", "source_files", "source_properties", "snapshots"];
  const commands = [
    ["import", "in", "--same-tenant", "--as-of", "2026-11-02"],
    ["import", "in", "--same-tenant", "--json", "--db", "second.duckdb", "--time-zone", "Europe/Berlin"],
    ["check", "in"],
    ["check", "in", "--json", "--strict"],
    ["rejects"],
    ["rejects", "--json"],
    ["rejects", "retry", "in"],
    ["status"],
    ["status", "--json"],
    ["forget", "--import", "1", "--dry-run"],
    [
      "query",
      `select ${ledger.map((table) => `(select list(t) from meta.${table} as t)`).join(", ")}`,
      "--format",
      "json",
    ],
  ];
  /** @type {Map<string, Set<string>>} */
  const leaks = new Map();
  for (const [index, command] of commands.entries()) {
    const isTaken =
      scale === 1 ||
      index === 0 ||
      command[0] === "query" ||
      (command[0] === "check" && !command.includes("--json"));
    if (!isTaken) continue;
    const { status, stdout, stderr } = runTool(folder.path, command);
    // The files are of several tenants, which check refuses; the imports say that they are of one.
    const isRefused = command[0] === "check" && status === 4;
    if (status === null || (status > 1 && !isRefused))
      failures.push(`${command.join(" ")} ended with ${status}: ${stderr.slice(0, 300)}`);
    note(leaks, command.slice(0, 2).join(" "), stdout + stderr);
  }
  runTool(folder.path, ["export", "--out", "out"]);
  note(leaks, "the manifest", readFileSync(join(folder.path, "out", "manifest.json"), "utf8"));
  for (const [where, found] of leaks)
    failures.push(`${where} shows values of ${[...found].slice(0, 12).join(", ")}`);
  // What is found nowhere above is found here: the sweep is able to see it.
  const { stdout } = runTool(folder.path, ["check", "in", "--show-values"]);
  const shown = new Set([...stdout.matchAll(/cnry\d+x/g)].flat());
  if (shown.size < 5) failures.push(`check --show-values shows ${shown.size} values only`);
  checkShown(folder, failures);
  return origins.length;
}

/** @param {Map<string, Set<string>>} leaks @param {string} where @param {string} text */
function note(leaks, where, text) {
  for (const [, number] of text.matchAll(/cnry(\d+)x/g)) {
    const origin = origins[Number(number)] ?? "?";
    if (exempt.some((pattern) => pattern.test(origin))) continue;
    const place = text.slice(
      Math.max(0, text.indexOf(`cnry${number}x`) - 60),
      text.indexOf(`cnry${number}x`) + 20,
    );
    leaks.set(where, (leaks.get(where) ?? new Set()).add(`${origin} (…${place.replaceAll("\n", " ")}…)`));
  }
}

/** With --show-values they are on the screen, and still not in the ledger. @param {Folder} folder @param {string[]} failures */
function checkShown(folder, failures) {
  const record = { id: "00000000-0000-4000-8000-000000000001", accountEnabled: "cnry-shown" };
  const page = { "@odata.context": "https://graph.microsoft.us/v1.0/$metadata#users", value: [record] };
  writeFileSync(folder.file("users.json"), JSON.stringify(page));
  const { stderr } = runTool(folder.path, ["import", "users.json", "--show-values", "--db", "shown.duckdb"]);
  if (!stderr.includes('/accountEnabled is not a boolean: "cnry-shown"'))
    failures.push(`--show-values shows nothing: ${stderr}`);
  for (const table of ["issues", "rejected_records"]) {
    const { stdout } = runTool(folder.path, [
      "query",
      `from meta.${table}`,
      "--format",
      "json",
      "--db",
      "shown.duckdb",
    ]);
    if (!stdout.includes("boolean") || stdout.includes("cnry-shown"))
      failures.push(`--show-values: meta.${table} ${stdout}`);
  }
  const { stderr: quiet } = runTool(folder.path, ["import", "users.json", "--db", "quiet.duckdb"]);
  if (quiet.includes("cnry-shown")) failures.push("a value is shown without --show-values");
}
