// Writes what the program finds ready: dist/template.duckdb, the empty database with which every first import begins, and the list of the schemas that are as they must be.
import { fileURLToPath } from "node:url";
import { builtIn } from "../dist/dataset.js";
import { recordChecked } from "../dist/schema-check.js";
import { writeTemplate } from "../dist/template.js";

recordChecked(builtIn);
await writeTemplate(fileURLToPath(new URL("../dist/template.duckdb", import.meta.url)));
