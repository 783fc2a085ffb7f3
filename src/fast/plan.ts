import type { SchemaObject } from "ajv";

/** How the values of one property are checked over bytes; compiled from the JSON Schema that ajv gets. */
export interface Field {
  readonly name: string;
  readonly kind:
    | "text"
    | "uuid"
    | "date"
    | "date-time"
    | "integer"
    | "number"
    | "boolean"
    | "list"
    | "object"
    | "any";
  readonly isNullable: boolean;
  readonly isFilled: boolean;
  readonly minimum: number;
  readonly isConcealable: boolean;
  /** Of a list, what its items are; of an object, what it has. */
  readonly items: Field | undefined;
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: readonly string[];
}

/** Keywords that say nothing of what is valid, beside those that are checked here. */
const silent = /^(x-.*|title|description|\$id|\$schema)$/;
const checked = new Set(["type", "format", "properties", "required", "items", "minLength", "minimum"]);

/** Keywords by which a null may be refused that the type allows. */
const ofNull = new Set(["enum", "const", "not", "allOf", "anyOf", "oneOf", "if", "$ref"]);

/** The plan of a record of a schema; any other rule in it makes its property a matter for the slow path. */
export function planRecord(schema: SchemaObject): Field {
  const properties = Object.entries((schema["properties"] as Record<string, SchemaObject> | undefined) ?? {});
  const fields = properties.map(([name, value]) => planField(name, value));
  return { ...planField("", schema), fields: new Map(fields.map((field) => [field.name, field])) };
}

function planField(name: string, schema: SchemaObject): Field {
  const types = [schema["type"] as string | string[]].flat();
  const properties = Object.entries((schema["properties"] as Record<string, SchemaObject> | undefined) ?? {});
  const items = schema["items"] as SchemaObject | undefined;
  const minLength = (schema["minLength"] as number | undefined) ?? 0;
  const fields = new Map(properties.map(([key, value]) => [key, planField(key, value)]));
  return {
    name,
    kind: kindOf(schema, types),
    isNullable: types.includes("null") && Object.keys(schema).every((key) => !ofNull.has(key)),
    isFilled: minLength === 1,
    minimum: (schema["minimum"] as number | undefined) ?? -Infinity,
    isConcealable: schema["x-concealable"] === true,
    items: items && planField("", items),
    fields,
    required: (schema["required"] as string[] | undefined) ?? [],
  };
}

function kindOf(schema: SchemaObject, types: readonly string[]): Field["kind"] {
  const isKnown = Object.keys(schema).every((key) => checked.has(key) || silent.test(key));
  const isPlain = types.filter((type) => type !== "null").length === 1;
  const minLength = schema["minLength"] as number | undefined;
  if (!isKnown || !isPlain || (minLength !== undefined && minLength > 1)) return "any";
  const [type] = types;
  const { format } = schema as { format?: Field["kind"] };
  switch (type) {
    case "string":
      // Whether a text with a format is concealed is for the slow path to say.
      return schema["x-concealable"] === true && format ? "any" : (format ?? "text");
    case "integer":
    case "number":
    case "boolean":
      return format === undefined ? type : "any";
    case "array":
      return schema["items"] === undefined ? "any" : "list";
    case "object":
      return schema["properties"] === undefined ? "any" : "object";
    default:
      return "any";
  }
}
