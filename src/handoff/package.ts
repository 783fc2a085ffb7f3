import type { ColumnType, Manifest, ManifestColumn, ManifestFile } from "./manifest.ts";

/** The words of Table Schema for our types. */
const types: Readonly<Record<ColumnType, string>> = {
  text: "string",
  integer: "integer",
  decimal: "number",
  number: "number",
  boolean: "boolean",
  date: "date",
  time: "datetime",
};

/** The Data Package (v1) that says the same as a manifest, for other programs to check it by. */
export function toPackage({ files }: Pick<Manifest, "files">): object {
  return {
    profile: "tabular-data-package",
    resources: files.map((file) => ({
      name: file.output,
      path: file.file,
      profile: "tabular-data-resource",
      format: "csv",
      mediatype: "text/csv",
      encoding: "utf-8",
      bytes: file.bytes,
      hash: `sha256:${file.sha256}`,
      rows: file.rows,
      schema: toSchema(file, files),
    })),
  };
}

function toSchema(file: ManifestFile, files: readonly ManifestFile[]): object {
  const { columns, key, relations } = file;
  // A program that reads CSV this way takes an empty text for a missing one.
  const isFull = (name: string): boolean =>
    columns.some((column) => column.name === name && column.nulls + column.empties === 0);
  const foreignKeys = relations
    .filter(({ hard }) => hard)
    .map((relation) => ({
      fields: relation.columns,
      reference: {
        resource: files.find((other) => other.file === relation.file)?.output ?? "",
        fields: relation.columns_there,
      },
    }));
  return {
    fields: columns.map(toField),
    missingValues: [""],
    ...(key.length > 0 && key.every(isFull) ? { primaryKey: key } : {}),
    ...(foreignKeys.length > 0 ? { foreignKeys } : {}),
  };
}

function toField({ name, type, nullable, empties, enum: values, meaning }: ManifestColumn): object {
  const constraints = {
    ...(nullable || empties > 0 ? {} : { required: true }),
    ...(values ? { enum: values } : {}),
  };
  return {
    name,
    type: types[type],
    ...(type === "boolean" ? { trueValues: ["true"], falseValues: ["false"] } : {}),
    ...(meaning === "" ? {} : { description: meaning }),
    ...(Object.keys(constraints).length > 0 ? { constraints } : {}),
  };
}
