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
export function toPackage({
  files,
  profile,
  dialect,
}: Pick<Manifest, "files" | "profile" | "dialect">): object {
  // A profile says by what the cells are divided, the lines end, and which words stand for nothing.
  const own = profile === null ? undefined : dialect;
  return {
    profile: "tabular-data-package",
    resources: files.map((file) => ({
      name: nameOf(file),
      path: file.file,
      profile: "tabular-data-resource",
      format: "csv",
      mediatype: "text/csv",
      encoding: "utf-8",
      bytes: file.bytes,
      hash: `sha256:${file.sha256}`,
      rows: file.rows,
      ...(own === undefined ? {} : { dialect: toDialect(own) }),
      schema: toSchema(file, files, [...new Set(["", own?.["null"] ?? "", own?.["empty_text"] ?? ""])]),
    })),
  };
}

/** The name of a file without its ending and folder. */
function nameOf({ file }: Pick<ManifestFile, "file">): string {
  return file.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
}

function toDialect(dialect: Manifest["dialect"]): object {
  const lineTerminator = dialect["line_end"] === "CRLF" ? "\r\n" : "\n";
  return { delimiter: dialect["delimiter"], lineTerminator, quoteChar: '"', doubleQuote: true };
}

function toSchema(
  file: ManifestFile,
  files: readonly ManifestFile[],
  missingValues: readonly string[],
): object {
  const { columns, key, relations } = file;
  // A program that reads CSV this way takes an empty text for a missing one.
  const isFull = (name: string): boolean =>
    columns.some((column) => column.name === name && column.nulls + column.empties === 0);
  const foreignKeys = relations
    .filter(({ hard }) => hard)
    .map((relation) => ({
      fields: relation.columns,
      reference: {
        resource: files.filter((other) => other.file === relation.file).map(nameOf)[0] ?? "",
        fields: relation.columns_there,
      },
    }));
  return {
    fields: columns.map(toField),
    missingValues,
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
