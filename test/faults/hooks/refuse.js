// A scanner that looks at each file just when the tool wants it, as on Windows: `node --import refuse.js tool`. Of every
// opening, renaming and removing of a path in REFUSE_IN the first REFUSE_FIRST calls are refused, in turn with each code
// that Windows gives; REFUSE_LOG gets a line for each. Waiting between two tries takes no time.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { resolve } from "node:path";
// The engine's library is chosen by the platform: it must be there before that is another.
import "@duckdb/node-api";

const { REFUSE_IN = "", REFUSE_FIRST = "1", REFUSE_LOG = "" } = process.env;
const codes = ["EBUSY", "EPERM", "EACCES"];
/** @type {Map<string, number>} */
const counts = new Map();
let refused = 0;
const { appendFileSync } = fs;

/** @param {"openSync" | "open" | "renameSync" | "linkSync" | "rmSync" | "rmdirSync" | "unlinkSync"} name @param {number} position */
function watch(name, position) {
  const original = /** @type {(...args: unknown[]) => unknown} */ (fs[name]);
  const replaced = (/** @type {unknown[]} */ ...args) => {
    const path = resolve(String(args[position]));
    const key = `${name} ${path.replaceAll(/\d+-\w+/g, "N")}`;
    const count = (counts.get(key) ?? 0) + 1;
    if (!path.startsWith(REFUSE_IN) || count > Number(REFUSE_FIRST)) return original(...args);
    counts.set(key, count);
    const code = codes[(refused += 1) % codes.length];
    if (REFUSE_LOG !== "") appendFileSync(REFUSE_LOG, `${name} ${path}\n`);
    const error = Object.assign(new Error(`${code}: refused, ${name} '${path}'`), {
      code,
      syscall: name,
      path,
    });
    const done = args.at(-1);
    if (typeof done !== "function") throw error;
    setImmediate(() => done(error));
    return undefined;
  };
  Object.assign(fs, { [name]: replaced });
}
watch("openSync", 0);
watch("open", 0);
watch("renameSync", 1);
watch("linkSync", 1);
watch("rmSync", 0);
watch("rmdirSync", 0);
watch("unlinkSync", 0);
Atomics.wait = () => "timed-out";
Object.defineProperty(process, "platform", { value: "win32" });
syncBuiltinESMExports();
