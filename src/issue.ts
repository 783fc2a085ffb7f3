/** How much an issue costs: an error loses data or trust, a warning may, an info does not. */
export type Severity = "error" | "warning" | "info";

/** One kind of problem with what is needed to word it; never a value out of a record. */
export type Issue =
  | { readonly code: "file_empty" }
  | { readonly code: "unrecognised"; readonly found: readonly string[] }
  | { readonly code: "ambiguous"; readonly datasets: readonly string[] }
  | { readonly code: "missing_columns"; readonly columns: readonly string[] }
  | { readonly code: "unused_columns"; readonly columns: readonly string[] }
  | { readonly code: "absent_columns"; readonly columns: readonly string[] }
  | { readonly code: "unused_properties"; readonly properties: readonly string[] }
  | { readonly code: "error_body"; readonly errorCode: string; readonly errorMessage: string }
  | { readonly code: "next_link" }
  | { readonly code: "count_mismatch"; readonly stated: number; readonly found: number }
  | { readonly code: "empty_value" }
  | { readonly code: "truncated" }
  | { readonly code: "json_damage" }
  | { readonly code: "invalid_utf8" }
  | { readonly code: "invalid_utf16" }
  | { readonly code: "json_syntax" }
  | { readonly code: "not_an_object" }
  | { readonly code: "too_deep"; readonly limit: number }
  | { readonly code: "too_large"; readonly limit: number }
  | { readonly code: "lone_surrogate" }
  | { readonly code: "missing_property"; readonly pointer: string }
  | { readonly code: "wrong_type"; readonly pointer: string; readonly expected: string }
  | { readonly code: "bad_format"; readonly pointer: string; readonly expected: string }
  | { readonly code: "not_allowed"; readonly pointer: string; readonly rule: string }
  | { readonly code: "integer_range"; readonly pointer: string }
  | { readonly code: "ragged_row"; readonly expected: number; readonly found: number }
  | { readonly code: "bad_quotes" }
  | { readonly code: "engine_refused" }
  | { readonly code: "concealed_names"; readonly properties: readonly string[] }
  | { readonly code: "date_guessed"; readonly date: string }
  | { readonly code: "refused_by_strict" };

export type IssueCode = Issue["code"];

/** Where in its file an issue was met: record counted from 1, byte offset and length from 0 in the decoded file. */
export interface Place {
  readonly record: number;
  readonly offset: number;
  readonly length: number;
}

interface Wording {
  readonly severity: Severity;
  readonly message: string;
  readonly cure: string;
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
const exportAgain = "Export the data again; do not mend the file by hand.";

/** The words for an issue: what is wrong, and what to do about it. */
export function describeIssue(issue: Issue): Wording {
  const word = wordings[issue.code] as (issue: Issue) => Wording;
  return word(issue);
}

type Wordings = { readonly [Code in IssueCode]: (issue: Extract<Issue, { code: Code }>) => Wording };

/** All wording in one place; the type asks for words for every code. */
const wordings: Wordings = {
  file_empty: () => error("the file is empty", exportAgain),
  unrecognised: (issue) =>
    error(
      `no dataset is recognised${issue.found.length ? ` by ${list(issue.found)}` : ""}`,
      "Is it an export, with its header line? Then name it with --as DATASET (`m365-offline schemas` lists them); else leave it out.",
    ),
  ambiguous: (issue) =>
    error(`fits ${list(issue.datasets)} equally well`, "Name the right one with --as DATASET."),
  missing_columns: (issue) =>
    error(
      `lacks the required ${issue.columns.length === 1 ? "column" : "columns"} ${list(issue.columns)}`,
      exportAgain,
    ),
  unused_columns: (issue) =>
    info(`has columns that are not stored: ${list(issue.columns)}`, "Nothing to do."),
  absent_columns: (issue) =>
    info(
      `lacks the optional columns ${list(issue.columns)}; they are unknown`,
      "Nothing to do, unless an output needs them: see `m365-offline status`.",
    ),
  unused_properties: (issue) =>
    info(`has properties that are not stored: ${list(issue.properties)}`, "Nothing to do."),
  error_body: (issue) =>
    error(
      `holds an error answer instead of data: ${issue.errorCode}: ${issue.errorMessage}`,
      "Kept as the reason why this data is missing. Put right what it says and export again; where the dataset is not named above, import the file once more with --as DATASET.",
    ),
  next_link: () =>
    error(
      "paging stopped early: a next link is left and no file holds the last page",
      "Follow @odata.nextLink to the last page and import all pages together.",
    ),
  count_mismatch: (issue) =>
    error(`@odata.count says ${issue.stated} records, but ${issue.found} are here`, exportAgain),
  empty_value: () =>
    warning("is complete but holds no records", "Check the filter and the rights of the export."),
  truncated: () => error("the file breaks off inside a record: it was cut", exportAgain),
  json_damage: () =>
    error("is not well-formed JSON between records; what follows could not be read", exportAgain),
  invalid_utf8: () => error("has bytes that are not UTF-8", "Save it as UTF-8 (PowerShell: -Encoding utf8)."),
  invalid_utf16: () => error("says that it is UTF-16 but breaks its rules", exportAgain),
  json_syntax: () => error("is not well-formed JSON", exportAgain),
  not_an_object: () => error("is not a JSON object", exportAgain),
  too_deep: (issue) => error(`is nested more than ${issue.limit} deep`, exportAgain),
  too_large: (issue) => error(`is larger than ${issue.limit} bytes`, exportAgain),
  lone_surrogate: () => error("has half of a surrogate pair, which is no character", exportAgain),
  missing_property: (issue) =>
    error(`lacks the required ${issue.pointer}`, "Export again with that property in $select."),
  wrong_type: (issue) => error(`${issue.pointer} is not ${issue.expected}`, exportAgain),
  bad_format: (issue) => error(`${issue.pointer} is not a valid ${issue.expected}`, exportAgain),
  not_allowed: (issue) => error(`${issue.pointer} breaks the schema's ${issue.rule}`, exportAgain),
  integer_range: (issue) => error(`${issue.pointer} is outside the 64-bit integers`, exportAgain),
  ragged_row: (issue) =>
    error(`has ${issue.found} fields where the header has ${issue.expected}`, exportAgain),
  bad_quotes: () => error("has a quote that is not closed or not escaped", exportAgain),
  engine_refused: () =>
    error("passed validation but DuckDB refused it", "Report it: this is a fault of m365-offline."),
  concealed_names: (issue) =>
    warning(
      `conceals ${issue.properties.join(", ")}: these rows cannot be matched to users`,
      "Admin center > Settings > Org settings > Reports: clear the box for concealed names, wait for new reports, export again.",
    ),
  date_guessed: (issue) =>
    warning(
      `the date of the data is not stated; ${issue.date} is the file's modification time`,
      "Give the date of the export with --as-of YYYY-MM-DD.",
    ),
  refused_by_strict: () =>
    error("was refused as a whole because --strict was given", "Mend its records, or leave out --strict."),
};

function error(message: string, cure: string): Wording {
  return { severity: "error", message, cure };
}

function warning(message: string, cure: string): Wording {
  return { severity: "warning", message, cure };
}

function info(message: string, cure: string): Wording {
  return { severity: "info", message, cure };
}
