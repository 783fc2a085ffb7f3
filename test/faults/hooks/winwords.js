// Held files as on Windows, on Linux: `node --import winwords.js tool`. The engine tells of them in the words of Windows, in
// English or (WORDS=de) in German; opening one is EBUSY, as is renaming over one; removing one succeeds, as it does on NTFS,
// since DuckDB 1.5 opens with FILE_SHARE_DELETE and newer libuv removes as POSIX does.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DuckDBInstance } from "@duckdb/node-api";

const words =
  process.env["WORDS"] === "de"
    ? "Der Prozess kann nicht auf die Datei zugreifen, da sie von einem anderen Prozess verwendet wird."
    : "The process cannot access the file because it is being used by another process.";
const create = DuckDBInstance.create.bind(DuckDBInstance);
DuckDBInstance.create = async (path, config) => {
  try {
    return await create(path, config);
  } catch (error) {
    const [, program, pid] = /held in (.*?) ?\(PID (\d+)\)/s.exec(String(error)) ?? [];
    if (pid === undefined) throw error;
    const end = `File is already open in \nC:\\Program Files\\${program}.exe (PID ${pid})`;
    throw new Error(`IO Error: Cannot open file "${path}": ${words}\r\n\r\n${end}`, { cause: error });
  }
};

const { openSync, renameSync } = fs;

/** How processes hold a file, this one too: "READ" leaves it to other readers. @param {fs.PathLike} path */
function findHolds(path) {
  const file = fs.statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
  if (file === undefined) return [];
  const lines = fs.readFileSync("/proc/locks", "utf8").split("\n");
  return lines
    .filter((line) => line.includes(`:${file} `))
    .map((line) => (/ READ /.test(line) ? "READ" : "WRITE"));
}

/** @param {string} syscall */
function refuse(syscall) {
  throw Object.assign(new Error(`EBUSY: resource busy or locked, ${syscall}`), { code: "EBUSY", syscall });
}

fs.openSync = (path, flags, mode) => {
  const holds = String(path).startsWith("/proc/") ? [] : findHolds(path);
  if (holds.includes("WRITE") || (holds.length > 0 && flags !== "r")) refuse("open");
  return openSync(path, flags, mode);
};
fs.renameSync = (from, to) => {
  if (findHolds(to).length > 0) refuse("rename");
  renameSync(from, to);
};
Object.defineProperty(process, "platform", { value: "win32" });
syncBuiltinESMExports();
