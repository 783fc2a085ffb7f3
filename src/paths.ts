import { fileURLToPath } from "node:url";

/** Files that the program brings along, found from src (under test), dist (as a library) and bundle (as the program) alike. */
const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const packageFile = at("package.json");
/** The schemas of the datasets. */
export const schemasFolder = at("schemas");
/** The JSON Schema of manifest.json. */
export const manifestSchemaFile = at("schemas/meta/manifest.schema.json");
/** The JSON Schema of a profile. */
export const profileSchemaFile = at("schemas/meta/profile.schema.json");
/** The profiles that ship with the program. */
export const profilesFolder = at("schemas/profiles");
/** Lists that ship with the program. */
export const referenceFolder = at("reference");
/** The SQL of the views. */
export const modelsFolder = at("src/models");
/** What the build compiles: programs of threads and processes, and WebAssembly. */
export const bundleFolder = at("bundle");
/** The empty database of this version, with which a first import begins. */
export const templateFile = at("dist/template.duckdb");
/** The schemas that the build found to be as they must be, with their sizes and times. */
export const checkedSchemasFile = at("dist/checked-schemas.json");
/** The folder of this copy of the program. */
export const installationFolder = at("");
/** The SHA-256 of each file that runs, as the build left it. */
export const installationFile = at("bundle/installation.json");
