import { createHash } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

interface Program {
  readonly main: (given?: readonly string[]) => Promise<void>;
}

/** A file of the bundle, as V8 has it. */
interface Chunk {
  readonly file: string;
  readonly source: Uint8Array;
  readonly script: Script;
  readonly module: { readonly exports: object };
}

export interface Code {
  readonly program: Program;
  readonly chunks: readonly Chunk[];
}

const folder = fileURLToPath(new URL("../bundle", import.meta.url));
const digestBytes = 32;

/** As errors.ts has it, which comes with the bundle. */
const bugCode = 70;

/**
 * Loads the program with what V8 made of it when it was built, beside each of its files: to read that again takes a
 * sixth of a tiny import less than to compile. Where it is missing, of another source, of another version of Node or
 * damaged, V8 compiles.
 */
export function loadProgram(): Code {
  const chunks = new Map<string, Chunk>();
  const requireOther = createRequire(join(folder, "cli.cjs"));
  const load = (name: string): object => {
    const known = chunks.get(name);
    if (known) return known.module.exports;
    const chunk = readChunk(join(folder, name));
    chunks.set(name, chunk);
    const run = chunk.script.runInThisContext() as (...args: readonly unknown[]) => void;
    const { module, file } = chunk;
    run(module.exports, requireAny, module, file, dirname(file));
    return module.exports;
  };
  const requireAny = (wanted: string): unknown =>
    wanted.startsWith("./") ? load(basename(wanted)) : requireOther(wanted);
  const program = load("cli.cjs") as Program;
  return {
    program,
    get chunks() {
      return [...chunks.values()];
    },
  };
}

/** Runs the program. */
export function runProgram(): void {
  process.once("beforeExit", sayUndone);
  void loadProgram()
    .program.main()
    .then(() => process.off("beforeExit", sayUndone));
}

/** What is left undone when nothing more can happen was no success. */
function sayUndone(): void {
  process.exitCode ||= bugCode;
}

function readChunk(file: string): Chunk {
  const source = readFileSync(file);
  const text = `(function (exports, require, module, __filename, __dirname) {${source.toString()}\n})`;
  const script = new Script(text, { filename: file, cachedData: maybeCache(file, source) });
  return { file, source, script, module: { exports: {} } };
}

/** V8 compares no more of the source than its length, and believes what it is given. */
function maybeCache(file: string, source: Uint8Array): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(cacheOf(file));
  } catch {
    return undefined;
  }
  const data = bytes.subarray(digestBytes);
  return digestOf(source, data).equals(bytes.subarray(0, digestBytes)) ? data : undefined;
}

/** Writes down what V8 has compiled until now. */
export function keepCode({ chunks }: Code): void {
  for (const { file, source, script } of chunks) {
    const data = script.createCachedData();
    writeFileSync(cacheOf(file), Buffer.concat([digestOf(source, data), data]));
    // Whoever runs the program reads it, whatever it has made private.
    chmodSync(cacheOf(file), 0o644);
  }
}

function cacheOf(file: string): string {
  return file.replace(/\.cjs$/, ".cache");
}

function digestOf(source: Uint8Array, data: Uint8Array): Buffer {
  const { version, platform, arch } = process;
  const hash = createHash("sha256").update(`${version} ${platform} ${arch} ${source.length}\n`);
  return hash.update(source).update(data).digest();
}
