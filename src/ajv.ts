import { Ajv } from "ajv";
import { isDate, isDateTime, isUuid } from "./formats.ts";

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
