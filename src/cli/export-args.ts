import type { GlobalArgs } from "./command.ts";
import type { ParameterArgs } from "./options.ts";

/** What `export` takes. */
export interface ExportArgs extends GlobalArgs, ParameterArgs {
  output: string[] | undefined;
  db: string;
  out: string;
  format: "csv" | "json" | "ndjson" | undefined;
  profile: string;
  accept: string[] | undefined;
  maxBytes: number | undefined;
  follows: string | undefined;
  layout: "flat" | "bagit";
  replace: boolean;
  requireComplete: boolean;
  safeCells: boolean;
}
