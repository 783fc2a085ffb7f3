import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
  activeHead,
  activeRow,
  oneDriveHead,
  oneDriveRow,
  registration,
  signIn,
  sku,
  user,
} from "./records.js";

/** @typedef {(index: number) => string} Line */

/** Writes `count` lines between a head and a foot. @param {string} path @param {{ count: number, line: Line, head?: string, separator?: string, foot?: string }} content */
function writeLines(path, { count, line, head = "", separator = "\n", foot = "\n" }) {
  const aside = `${path}.partial`;
  const file = openSync(aside, "w");
  writeSync(file, head);
  for (let start = 0; start < count; start += 1000) {
    const lines = Array.from({ length: Math.min(1000, count - start) }, (_, index) => line(start + index));
    writeSync(file, (start === 0 ? "" : separator) + lines.join(separator));
  }
  writeSync(file, foot);
  closeSync(file);
  renameSync(aside, path);
}

/** @param {string} context */
const pageHead = (context) =>
  `{"@odata.context":"https://graph.microsoft.us/v1.0/$metadata#${context}","value":[\n`;

/** A page with `count` records, or with `isLines` its copy as NDJSON. @param {string} path @param {{ context: string, count: number, record: (index: number) => object, isLines?: boolean }} content */
export function writePage(path, { context, count, record, isLines = false }) {
  const line = (/** @type {number} */ index) => JSON.stringify(record(index));
  if (isLines) writeLines(path, { count, line });
  else writeLines(path, { count, line, head: pageHead(context), separator: ",\n", foot: "\n]}\n" });
}

const pages = 201;

/** Each is written when it is asked for and not there yet. @type {Record<string, (path: string, isLines: boolean) => void>} */
const writers = {
  "users.json": (path, isLines) =>
    writePage(path, { context: "users", count: 200_000, record: user, isLines }),
  "users-1m.json": (path, isLines) =>
    writePage(path, { context: "users", count: 1_000_000, record: user, isLines }),
  "signIns.json": (path, isLines) => writeSignIns(path, { signIns: 300_000, hasTwice: false, isLines }),
  "signIns-twice.json": (path, isLines) => writeSignIns(path, { signIns: 300_000, hasTwice: true, isLines }),
  "signIns-3m.json": (path, isLines) => writeSignIns(path, { signIns: 3_000_000, hasTwice: false, isLines }),
  "signIns-1m.json": (path, isLines) => writeSignIns(path, { signIns: 1_000_000, hasTwice: false, isLines }),
  "signIns-10mb.json": (path, isLines) => writeSignIns(path, { signIns: 3_300, hasTwice: false, isLines }),
  "subscribedSkus.json": (path, isLines) =>
    writePage(path, { context: "subscribedSkus", count: 12, record: sku, isLines }),
  "registration.json": (path, isLines) =>
    writePage(path, {
      context: "reports/authenticationMethods/userRegistrationDetails",
      count: 200_000,
      record: registration,
      isLines,
    }),
  "active.csv": (path) =>
    writeLines(path, {
      count: 200_000,
      line: activeRow,
      head: `\uFEFF${activeHead}\r\n`,
      separator: "\r\n",
      foot: "\r\n",
    }),
  "onedrive.csv": (path) =>
    writeLines(path, {
      count: 200_000,
      line: oneDriveRow,
      head: `\uFEFF${oneDriveHead}\r\n`,
      separator: "\r\n",
      foot: "\r\n",
    }),
  pages: writePages,
};

/** @param {string} path @param {{ signIns: number, hasTwice: boolean, isLines: boolean }} sizes */
function writeSignIns(path, { signIns, hasTwice, isLines }) {
  const record = (/** @type {number} */ index) => signIn(index, { users: 200_000, signIns, hasTwice });
  writePage(path, { context: "auditLogs/signIns", count: signIns, record, isLines });
}

/** A folder of pages as they come out of a loop over next links: the last one has none. @param {string} path @param {boolean} isLines */
function writePages(path, isLines) {
  mkdirSync(path);
  for (let page = 0; page < pages; page += 1) {
    const next = `,"@odata.nextLink":"https://graph.microsoft.us/v1.0/users?$skiptoken=${page}"`;
    const line = (/** @type {number} */ index) => JSON.stringify(user(page * 999 + index));
    const name = join(path, `users-${String(page + 1).padStart(3, "0")}.${isLines ? "ndjson" : "json"}`);
    if (isLines) writeLines(name, { count: 999, line });
    else
      writeLines(name, {
        count: 999,
        line,
        head: pageHead("users"),
        separator: ",\n",
        foot: `\n]${page === pages - 1 ? "" : next}}\n`,
      });
  }
}

/** The path of a file of the benchmark; with `isLines` of its copy as NDJSON. @param {string} folder @param {string} name */
export function dataOf(folder, name, isLines = false) {
  mkdirSync(folder, { recursive: true });
  const path = join(
    folder,
    isLines ? name.replace(/\.json$/, "") + (name === "pages" ? "-lines" : ".ndjson") : name,
  );
  if (!existsSync(path)) {
    console.error(`writing ${path}`);
    writers[name]?.(path, isLines);
  }
  return path;
}
