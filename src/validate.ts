import { Ajv, type ErrorObject } from "ajv";
import type { Dataset } from "./dataset.ts";
import { isDate, isDateTime, isUuid } from "./formats.ts";
import type { Issue } from "./issue.ts";

/** The first rule of the schema that a record breaks, undefined for a valid one. */
export type Validator = (record: object) => Issue | undefined;

const annotations = [
  "x-kind",
  "x-key",
  "x-context",
  "x-recognise",
  "x-foreign",
  "x-snapshot-date",
  "x-snapshot-period",
  "x-export",
  "x-header",
  "x-inverted-header",
  "x-split",
  "x-true",
  "x-false",
  "x-none",
  "x-text",
  "x-concealable",
];

/** Compiles the schema of a dataset; an annotation that this tool does not know throws. */
export function compileValidator(dataset: Dataset): Validator {
  // The schema was held against our own meta schema when it was read; compiling that of JSON Schema costs more than all else.
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
  const validate = ajv.compile(dataset.schema);
  return (record) => (validate(record) ? undefined : toIssue(validate.errors?.[0]));
}

function toIssue(error: ErrorObject | undefined): Issue {
  const pointer = error?.instancePath ?? "";
  const params = error?.params as Record<string, unknown> | undefined;
  switch (error?.keyword) {
    case "required":
      return { code: "missing_property", pointer: `${pointer}/${String(params?.["missingProperty"])}` };
    case "type":
      return { code: "wrong_type", pointer: withoutIndexes(pointer), expected: typeNames(params?.["type"]) };
    case "format":
      return { code: "bad_format", pointer: withoutIndexes(pointer), expected: String(params?.["format"]) };
    default:
      return { code: "not_allowed", pointer: withoutIndexes(pointer), rule: error?.keyword ?? "rules" };
  }
}

/** `/assignedLicenses/3/skuId` and `/assignedLicenses/4/skuId` are the same issue. */
function withoutIndexes(pointer: string): string {
  return pointer.replaceAll(/\/\d+(?=\/|$)/g, "/*");
}

function typeNames(types: unknown): string {
  const names = [types].flat().filter((type) => type !== "null");
  return names
    .map((name) => (/^[aeiou]/.test(String(name)) ? `an ${String(name)}` : `a ${String(name)}`))
    .join(" or ");
}
