import type { ErrorObject } from "ajv";
import { createAjv } from "./meta-schema.ts";
import type { Dataset } from "./dataset.ts";
import type { Issue } from "../issues.ts";

/** The first rule of the schema that a record breaks, undefined for a valid one. */
export type Validator = (record: object) => Issue | undefined;

/** Compiles the schema of a dataset; an annotation that this tool does not know throws. */
export function compileValidator(dataset: Dataset): Validator {
  const validate = createAjv().compile(dataset.schema);
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
