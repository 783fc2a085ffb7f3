// Writes what the program finds ready: dist/template.duckdb, the empty database with which every first import begins, and the list of the schemas that are as they must be.
import { schemasFolder, templateFile } from "../dist/paths.js";
import { recordChecked } from "../dist/schema/meta-schema.js";
import { writeTemplate } from "../dist/transform/build.js";

recordChecked(schemasFolder);
await writeTemplate(templateFile);
