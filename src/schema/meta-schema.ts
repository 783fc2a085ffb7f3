import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type SchemaObject } from "ajv";
import { messageOf } from "../errors.ts";
import { isDate, isDateTime, isUuid } from "./formats.ts";
import { checkedSchemasFile } from "../paths.ts";

/** Says what is wrong with the schema of a dataset, which was read from this text; undefined where nothing is. */
export type SchemaCheck = (schema: unknown, text: string) => string | undefined;

/** The hashes of the schemas that the build has held against the meta schema, each with that. */

/**
 * Holds schemas against the meta schema. To compile that takes a tenth of a tiny import, and is left out while every
 * schema is one that the build has checked.
 */
export function createSchemaCheck(folder: string): SchemaCheck {
  const meta = readMeta(folder);
  const known = new Set<string>(
    existsSync(checkedSchemasFile) ? (JSON.parse(readFileSync(checkedSchemasFile, "utf8")) as string[]) : [],
  );
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
  writeFileSync(checkedSchemasFile, JSON.stringify(good.map((text) => hashWith(meta, text))));
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

const annotations = [
  "x-kind",
  "x-key",
  "x-context",
  "x-recognise",
  "x-foreign",
  "x-odata-type",
  "x-always",
  "x-never-empty",
  "x-never-only",
  "x-deleted",
  "x-snapshot-date",
  "x-snapshot-period",
  "x-directory",
  "x-export",
  "x-header",
  "x-inverted-header",
  "x-spare-header",
  "x-split",
  "x-split-codes",
  "x-true",
  "x-false",
  "x-none",
  "x-text",
  "x-known",
  "x-or-object",
  "x-concealable",
  "x-bounds-day",
  "x-file-name",
  "x-identifies",
  "x-compare",
];

/** What compiles schemas of datasets, strictly: a keyword that says nothing where it stands, or that this tool does not know, throws. */
export function createAjv(): Ajv {
  // A schema is held against our own meta schema when it is read; compiling that of JSON Schema costs more than all else.
  const ajv = new Ajv({
    strict: true,
    ownProperties: true,
    validateFormats: true,
    strictNumbers: true,
    meta: false,
    validateSchema: false,
  });
  ajv.addVocabulary(annotations);
  ajv.addFormat("uuid", isUuid);
  ajv.addFormat("date", isDate);
  ajv.addFormat("date-time", isDateTime);
  return ajv;
}
