import type { Issue, IssueCode, Severity } from "./issues.ts";

interface Wording {
  readonly severity: Severity;
  readonly message: string;
  readonly cure: string;
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
const also = (what: string, names: readonly string[]): string =>
  names.length === 0 ? "" : `${what} ${list(names)}`;
/** What is wrong by the name that the file has for it. */
const named = ({ pointer, column }: { readonly pointer: string; readonly column?: string }): string =>
  column === undefined ? pointer : `column "${column}"`;
const exportAgain = "Export the data again; do not mend the file by hand.";
const takeOriginal =
  "Take the file as it was downloaded (a spreadsheet changes values when it saves), or export it again.";

/** The words for an issue: what is wrong, and what to do about it. */
export function describeIssue(issue: Issue): Wording {
  const word = wordings[issue.code] as (issue: Issue) => Wording;
  return word(issue);
}

/** By the dataset that would be nearest, what is missing; else what was found in place of all. */
function whyUnrecognised(issue: Extract<Issue, { code: "unrecognised" }>): string {
  const { found, nearest, missing = [], foreign = [] } = issue;
  if (foreign.length > 0) return `; ${nearest} would be nearest, but has no ${list(foreign)}`;
  if (missing.length > 0)
    return `; ${nearest} is nearest, but ${list(missing)} ${missing.length > 1 ? "are" : "is"} missing`;
  return found.length > 0 ? ` by ${list(found)}` : "";
}

type Wordings = { readonly [Code in IssueCode]: (issue: Extract<Issue, { code: Code }>) => Wording };

/** All wording in one place; the type asks for words for every code. */
const wordings: Wordings = {
  file_empty: () => error("the file is empty", exportAgain),
  unrecognised: (issue) =>
    error(
      `no dataset is recognised${whyUnrecognised(issue)}`,
      "Is it an export, with its header line? Then name it with --as DATASET (`m365-offline schemas` lists them); else leave it out.",
    ),
  wrapped: (issue) => error(`is ${issue.what}: the data is inside "${issue.inside}"`, issue.how),
  mixed_list: (issue) =>
    error(
      `is a list that may hold various objects (members, owners or the like): its records state ${list(issue.types)} in @odata.type`,
      "Export the list itself, for example GET /users in place of the members of a group; where it is the whole list, name it with --as DATASET.",
    ),
  ambiguous: (issue) =>
    error(`fits ${list(issue.datasets)} equally well`, "Name the right one with --as DATASET."),
  missing_columns: (issue) =>
    error(
      `lacks the required ${issue.columns.length === 1 ? "column" : "columns"} ${list(issue.columns)}${also("; has columns that are not known:", issue.unused)}`,
      exportAgain,
    ),
  required_repeated: (issue) =>
    error(
      `has the same heading twice: ${issue.columns.join(", ")}; which column counts cannot be told, and no record is one without it`,
      "Export again, or remove the column that is wrong.",
    ),
  headings_repeated: (issue) =>
    warning(
      `has the same heading twice: ${issue.columns.join(", ")}; which column counts cannot be told, so what they say is unknown`,
      "Export again, or remove the column that is wrong.",
    ),
  headings_alike: (issue) =>
    warning(
      `has several columns for the same property; not taken: ${issue.columns.join(", ")}`,
      "Right where they say the same. Else remove the column that is wrong.",
    ),
  several_refresh_dates: () =>
    warning(
      "holds reports of several days one below the other; of each record that of the newest day is taken",
      "Import each report as a file of its own.",
    ),
  columns_differ: (issue) =>
    info(
      [
        also("lacks the optional columns", issue.absent) + (issue.absent.length > 0 ? " (unknown)" : ""),
        also("has columns that are not stored:", issue.unused),
      ]
        .filter((part) => part !== "")
        .join("; "),
      "Nothing to do, unless an output needs them: see `m365-offline status`.",
    ),
  unused_properties: (issue) =>
    info(`has properties that are not stored: ${list(issue.properties)}`, "Nothing to do."),
  not_loaded: (issue) =>
    (issue.isNotice ? info : warning)(`is ${issue.what}; it is not loaded`, issue.instead),
  as_contradicted: (issue) =>
    warning(
      `says itself that it is ${issue.dataset}, so that --as ${issue.said} was not followed`,
      "Nothing to do, if that is right; else export it again.",
    ),
  unreadable: (issue) =>
    error(`cannot be read: ${issue.reason}`, "Put that right or copy the file anew; import it once more."),
  archive_empty: () =>
    error(
      "is an archive without a data file (.json, .ndjson, .jsonl, .csv, also with .gz)",
      "Pack the exports themselves; of a workbook save the sheet as CSV UTF-8.",
    ),
  archive_damage: () => error("is a compressed file that is damaged or cut", "Copy or pack it again."),
  archive_locked: () => error("is encrypted in its archive", "Pack it again without a password."),
  archive_method: () =>
    error("is packed by a method that cannot be read", "Pack it again as a common zip (Deflate)."),
  archive_limit: (issue) =>
    error(
      `expands beyond ${issue.limit}, as no export does`,
      "Unpack it where you trust it and import the files.",
    ),
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
  maybe_one_page: (issue) =>
    warning(
      `is a bare list of exactly ${issue.records} records: perhaps the first page of more`,
      "Follow @odata.nextLink to the last page (PowerShell: -All) and import all pages together.",
    ),
  changes_only: () =>
    error(
      "is an answer of a delta query: it has what changed, not all there is",
      "Export the whole list, without /delta.",
    ),
  removed: () =>
    error("says that something was removed; that is no record", "Export the whole list, without /delta."),
  model_rows: () =>
    info(
      "has rows of the Zero Trust Assessment that show its columns only; they are left out",
      "Nothing to do.",
    ),
  empty_value: () =>
    warning("is complete but holds no records", "Check the filter and the rights of the export."),
  unended: () =>
    error(
      "ends without a line end: it may have been cut",
      "Export or copy it again; if it is whole, add a line end to it.",
    ),
  truncated: () => error("the file breaks off inside a record: it was cut", exportAgain),
  json_damage: () =>
    error("is not well-formed JSON between records; what follows could not be read", exportAgain),
  invalid_utf8: (issue) =>
    error(
      `has bytes that are not UTF-8, the first at byte ${issue.offset}`,
      "Say what it is, for example --encoding windows-1252, or save it as UTF-8 (PowerShell: -Encoding utf8).",
    ),
  invalid_text: (issue) =>
    error(
      `is not well-formed ${issue.encoding}`,
      "Is it another encoding? Say it, for example --encoding windows-1252; else export the data again.",
    ),
  line_ends: () =>
    error(
      "has no line feeds: its lines end with another sign, such as CR alone (CSV for Macintosh)",
      "Save it as CSV UTF-8, or export it again.",
    ),
  json_syntax: () => error("is not well-formed JSON", exportAgain),
  not_an_object: () => error("is not a JSON object", exportAgain),
  duplicate_key: () => error("has a key twice: nobody can say which value is meant", exportAgain),
  other_dataset: (issue) =>
    error(
      `is of ${issue.other}, in a file that begins with ${issue.dataset}`,
      "Put each dataset into a file of its own.",
    ),
  ghost_record: () =>
    error(
      "has an identifier and nothing that every record of this list has: the object is gone",
      "Nothing to do for this record. A $filter on sign-in times brings such objects, and leaves out who has none: export without it.",
    ),
  deleted_record: () =>
    error(
      "is of a deleted object: its name begins with its identifier",
      "Export the list itself, without deleted items.",
    ),
  ids_only: (issue) =>
    error(
      `names nobody: its records have identifiers and nothing that every record of ${issue.dataset} has; it does not stand in for the list`,
      "Export the list itself and import both together.",
    ),
  filtered_list: (issue) =>
    error(
      `has ${issue.what} only, as no tenant has: it is a filtered list and does not stand in for the whole`,
      "Export without the filter; where others are in a file of their own, import both together.",
    ),
  other_log: (issue) =>
    error(
      `is a record of the log ${issue.log}, not of sign-ins`,
      "Leave that log out; only sign-ins are of use here.",
    ),
  too_deep: (issue) => error(`is nested more than ${issue.limit} deep`, exportAgain),
  too_many: (issue) => error(`has more than ${issue.limit} values`, exportAgain),
  too_large: (issue) => error(`is larger than ${issue.limit} bytes`, exportAgain),
  lone_surrogate: () => error("has half of a surrogate pair, which is no character", exportAgain),
  missing_property: (issue) =>
    error(`lacks the required ${named(issue)}`, "Export again with that property in $select."),
  wrong_type: (issue) =>
    error(`${named(issue)} is not ${issue.expected}`, issue.column ? takeOriginal : exportAgain),
  bad_format: (issue) =>
    error(`${named(issue)} is not a valid ${issue.expected}`, issue.column ? takeOriginal : exportAgain),
  not_allowed: (issue) => error(`${named(issue)} breaks the schema's ${issue.rule}`, exportAgain),
  integer_range: (issue) => error(`${named(issue)} is outside the 64-bit integers`, exportAgain),
  ragged_row: (issue) =>
    error(`has ${issue.found} fields where the header has ${issue.expected}`, exportAgain),
  bad_quotes: () =>
    error("has a quote that is not closed, not escaped, or stands behind blanks", exportAgain),
  engine_refused: () =>
    error("passed validation but DuckDB refused it", "Report it: this is a fault of m365-offline."),
  property_lost: (issue) =>
    error(
      `${named(issue)} was lost when it was exported: the tool (PowerShell, JavaScript) wrote the name of a type in its place`,
      `Export again as JSON: ${issue.command}`,
    ),
  number_unreadable: (issue) =>
    error(
      `${named(issue)} is no number that can be read: it is unknown there, the rest of the record is kept`,
      issue.column ? takeOriginal : exportAgain,
    ),
  date_order_unknown: (issue) =>
    error(
      issue.isContradictory
        ? `${named(issue)}: some dates put the day first and some the month; they are unknown`
        : `${named(issue)}: nothing in the file shows whether the day or the month comes first; they are unknown`,
      "Say it: --date-order day-first or --date-order month-first.",
    ),
  unknown_word: (issue) =>
    warning(
      `${named(issue)} is empty or says a word that is not known, and nothing else in the record says what became of it; it counts as unknown`,
      "Export it in English, with its codes, or as JSON.",
    ),
  zone_assumed: (issue) =>
    info(
      `has times without a zone; they are read as ${issue.timeZone}`,
      "If that is wrong, say the zone, for example --time-zone Europe/Berlin.",
    ),
  concealed_names: (issue) =>
    warning(
      `conceals ${issue.properties.join(", ")}: these rows cannot be matched to users`,
      "Admin center > Settings > Org settings > Reports: clear the box for concealed names, wait for new reports, export again.",
    ),
  tenant_not_compared: (issue) =>
    info(
      issue.isMute
        ? "has no object id and no user principal name that can be compared (concealed, or not exported): nothing shows that it is of this tenant"
        : "has people, but too little to compare them with anybody in the database: nothing shows that it is of this tenant",
      "Nothing to do, if you know it to be of this tenant: import it with --same-tenant, which says so. Else keep it in a database of its own (--db FILE).",
    ),
  date_guessed: (issue) =>
    warning(
      issue.date === issue.written
        ? `the date of the data is not stated; ${issue.date} is the file's modification time`
        : `the date of the data is not stated; the file was written on ${issue.written}, which the times in the records beside it do not bear out, so ${issue.date} is taken, their newest`,
      "Give the date of the export with --as-of YYYY-MM-DD.",
    ),
  date_contradicted: (issue) =>
    warning(
      `is taken as of ${issue.date}, but what is known of its day is more than two days apart: ${issue.evidence.join(", ")}`,
      "Find out of which day the export is; import it again with --as-of, or from a folder whose name states the day.",
    ),
  two_exports: (issue) =>
    error(
      `is another export of the same list${also(" as", issue.others.slice(0, 3))}, made at another time: most records are in both and they differ, and nothing tells their days apart`,
      "Import the newest alone; or put each export into a folder with its day as the name (2026-10-31); or import one at a time with --as-of and its day.",
    ),
  part_of_list: (issue) =>
    info(
      `shares no record with the other ${issue.others === 1 ? "export" : `${issue.others} exports`} of this list and is taken for a part of it`,
      "Nothing to do, if the list was exported in parts.",
    ),
  completes: (issue) =>
    info(
      issue.properties.length > 0
        ? `has records that another file of this list has too; they complete it by ${list(issue.properties)}`
        : "has records that another file of this list has too, with more of them",
      "Nothing to do.",
    ),
  suspected_partial: (issue) =>
    error(
      `is suspected partial: it lacks ${issue.missing} of ${issue.total} that ${issue.other}${issue.date === null ? "" : ` of ${issue.date}`} has`,
      "Export it again to the last page, without a filter, and import all of its files together. Where it is whole, say so: import it with --complete DATASET.",
    ),
  refused_by_strict: () =>
    error("was refused as a whole because --strict was given", "Mend its records, or leave out --strict."),
  changed_meanwhile: () =>
    error("was changed or removed while it was read and is refused", "Import it when no program touches it."),
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
