import type { DateOrder } from "../normalize/dates.ts";
import type { Dataset } from "../schema/dataset.ts";
import type { InputFile } from "../source/discover.ts";
import type { Encoding } from "../files.ts";
import type { Issue } from "../issues.ts";
import type { CsvShape } from "./csv.ts";

export type Wrapper = "page" | "array" | "objects" | "csv" | "error" | "not_loaded" | "unknown";

/** What the user said of the files. */
export interface Hints {
  /** Every record is parsed and judged by ajv, none over its bytes. */
  readonly isSlow?: boolean | undefined;
  readonly as?: Dataset | undefined;
  readonly dateOrder?: DateOrder | undefined;
  readonly timeZone?: string | undefined;
  /** Whether problems of records are shown with their values. */
  readonly showsValues?: boolean | undefined;
}

/** What a file is: its dataset and shape, or the issues that keep it from being read. */
export interface Recognition {
  readonly file: InputFile;
  readonly dataset: Dataset | undefined;
  readonly wrapper: Wrapper;
  readonly encoding: Encoding;
  readonly csv: CsvShape | undefined;
  /** The context that a page states: it has the host of the cloud. */
  readonly context?: string | undefined;
  readonly hints: Hints;
  /** False when there are no records to load: nothing was recognised, or the file is an error answer. */
  readonly isReadable: boolean;
  readonly issues: readonly Issue[];
}

/** What was found in a file; of a JSON file without records that are known there is no dataset. */
export interface Finding {
  readonly dataset?: Dataset | undefined;
  readonly wrapper: Wrapper;
  readonly csv?: CsvShape;
  readonly context?: string | undefined;
  readonly issues?: readonly Issue[];
}
