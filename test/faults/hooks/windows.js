// What Windows does, in Node's modules: `node --import windows.js tool`. WINDOWS_REFUSALS is how often a rename is
// refused and with which code ("3 EBUSY"); WINDOWS_WRITER a program that runs while it is refused the first time.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
// The engine's library is chosen by the platform: it must be there before that is another.
import "@duckdb/node-api";

const [count = "0", code = "EPERM"] = (process.env["WINDOWS_REFUSALS"] ?? "").split(" ");
const writer = process.env["WINDOWS_WRITER"];
let refusals = Number(count);
const { renameSync, linkSync, openSync, fsyncSync } = fs;

/** @param {string} syscall @param {string} why */
const refuse = (syscall, why) => {
  throw Object.assign(new Error(`${why}: operation refused, ${syscall}`), { code: why, syscall });
};

fs.renameSync = (from, to) => {
  if (refusals > 0) {
    refusals -= 1;
    if (refusals === Number(count) - 1 && writer)
      spawnSync(process.execPath, [writer, String(to)], { stdio: "inherit" });
    refuse("rename", code);
  }
  renameSync(from, to);
};
fs.linkSync = (from, to) =>
  process.env["WINDOWS_LINKS"] === "no" ? refuse("link", "EPERM") : linkSync(from, to);
/** @type {Set<number>} */
const folders = new Set();
fs.openSync = (path, flags, mode) => {
  if (
    process.env["WINDOWS_FOLDERS"] === "EISDIR" &&
    fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()
  )
    refuse("open", "EISDIR");
  const file = openSync(path, flags, mode);
  if (fs.fstatSync(file).isDirectory()) folders.add(file);
  return file;
};
fs.fsyncSync = (file) => (folders.has(file) ? refuse("fsync", "EPERM") : fsyncSync(file));
Object.defineProperty(process, "platform", { value: "win32" });
syncBuiltinESMExports();
