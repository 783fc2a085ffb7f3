import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type SchemaObject } from "ajv";
import { createAjv } from "./ajv.ts";
import { messageOf } from "./errors.ts";

/** Says what is wrong with the schema of a dataset, which was read from this text; undefined where nothing is. */
export type SchemaCheck = (schema: unknown, text: string) => string | undefined;

/** The hashes of the schemas that the build has held against the meta schema, each with that. */
const list = fileURLToPath(new URL("../dist/checked-schemas.json", import.meta.url));

/**
 * Holds schemas against the meta schema. To compile that takes a tenth of a tiny import, and is left out while every
 * schema is one that the build has checked.
 */
export function createSchemaCheck(folder: string): SchemaCheck {
  const meta = readMeta(folder);
  const known = new Set<string>(existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as string[]) : []);
  let check: SchemaCheck | undefined;
  return (schema, text) => {
    if (known.has(hashWith(meta, text))) return undefined;
    check ??= compile(meta);
    return check(schema, text);
  };
}

/** Writes down which schemas of a folder are what the meta schema asks for. */
export function recordChecked(folder: string): void {
  const meta = readMeta(folder);
  const check = compile(meta);
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(folder, name), "utf8"));
  const good = texts.filter((text) => check(JSON.parse(text), text) === undefined);
  writeFileSync(list, JSON.stringify(good.map((text) => hashWith(meta, text))));
}

function readMeta(folder: string): string {
  return readFileSync(join(folder, "meta", "dataset.schema.json"), "utf8");
}

function hashWith(meta: string, text: string): string {
  return createHash("sha256").update(`${meta}\0${text}`).digest("hex");
}

function compile(meta: string): SchemaCheck {
  const { $schema: _draft, ...schema } = JSON.parse(meta) as SchemaObject;
  const ajv = new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    ownProperties: true,
    meta: false,
    validateSchema: false,
  });
  const check = ajv.compile(schema);
  return (value) => {
    if (!check(value)) return ajv.errorsText(check.errors, { dataVar: "schema" });
    // The fast path would take records that no slow one can judge.
    try {
      createAjv().compile(value as SchemaObject);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  };
}
