import { readFileSync } from "node:fs";
import { packageFile } from "./paths.ts";

/** The version of this tool, from package.json. */
export const version = (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
