// Writes dist/template.duckdb: the empty database with which every first import begins.
import { fileURLToPath } from "node:url";
import { writeTemplate } from "../dist/template.js";

await writeTemplate(fileURLToPath(new URL("../dist/template.duckdb", import.meta.url)));
