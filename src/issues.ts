/** How much an issue costs: an error loses data or trust, a warning may, an info does not. */
export type Severity = "error" | "warning" | "info";

/** One kind of problem with what is needed to word it; never a value out of a record. */
export type Issue =
  | { readonly code: "file_empty" }
  | {
      readonly code: "unrecognised";
      readonly found: readonly string[];
      /** The dataset that the names come nearest to, what of it is missing, and what no record of it has. */
      readonly nearest?: string;
      readonly missing?: readonly string[];
      readonly foreign?: readonly string[];
    }
  | { readonly code: "wrapped"; readonly what: string; readonly inside: string; readonly how: string }
  | { readonly code: "mixed_list"; readonly types: readonly string[] }
  | { readonly code: "ambiguous"; readonly datasets: readonly string[] }
  | {
      readonly code: "missing_columns";
      readonly columns: readonly string[];
      readonly unused: readonly string[];
    }
  | {
      readonly code: "columns_differ";
      readonly absent: readonly string[];
      readonly unused: readonly string[];
    }
  | { readonly code: "required_repeated"; readonly columns: readonly string[] }
  | { readonly code: "headings_repeated"; readonly columns: readonly string[] }
  | { readonly code: "headings_alike"; readonly columns: readonly string[] }
  | { readonly code: "unused_properties"; readonly properties: readonly string[] }
  | {
      readonly code: "not_loaded";
      readonly what: string;
      readonly instead: string;
      readonly isNotice: boolean;
    }
  | { readonly code: "as_contradicted"; readonly dataset: string; readonly said: string }
  | { readonly code: "unreadable"; readonly reason: string }
  | { readonly code: "archive_empty" }
  | { readonly code: "archive_damage" }
  | { readonly code: "archive_locked" }
  | { readonly code: "archive_method" }
  | { readonly code: "archive_limit"; readonly limit: string }
  | { readonly code: "error_body"; readonly errorCode: string; readonly errorMessage: string }
  | { readonly code: "next_link" }
  | { readonly code: "count_mismatch"; readonly stated: number; readonly found: number }
  | { readonly code: "maybe_one_page"; readonly records: number }
  | { readonly code: "changes_only" }
  | { readonly code: "removed" }
  | { readonly code: "model_rows" }
  | { readonly code: "empty_value" }
  | { readonly code: "unended" }
  | { readonly code: "truncated" }
  | { readonly code: "json_damage" }
  | { readonly code: "invalid_utf8"; readonly offset: number }
  | { readonly code: "invalid_text"; readonly encoding: string }
  | { readonly code: "line_ends" }
  | { readonly code: "json_syntax" }
  | { readonly code: "not_an_object" }
  | { readonly code: "duplicate_key" }
  | { readonly code: "other_dataset"; readonly dataset: string; readonly other: string }
  | { readonly code: "ghost_record" }
  | { readonly code: "deleted_record" }
  | { readonly code: "ids_only"; readonly dataset: string }
  | { readonly code: "filtered_list"; readonly what: string }
  | { readonly code: "other_log"; readonly log: string }
  | { readonly code: "too_deep"; readonly limit: number }
  | { readonly code: "too_many"; readonly limit: number }
  | { readonly code: "too_large"; readonly limit: number }
  | { readonly code: "lone_surrogate" }
  | { readonly code: "missing_property"; readonly pointer: string; readonly column?: string }
  | {
      readonly code: "wrong_type";
      readonly pointer: string;
      readonly column?: string;
      readonly expected: string;
    }
  | {
      readonly code: "bad_format";
      readonly pointer: string;
      readonly column?: string;
      readonly expected: string;
    }
  | {
      readonly code: "not_allowed";
      readonly pointer: string;
      readonly column?: string;
      readonly rule: string;
    }
  | { readonly code: "integer_range"; readonly pointer: string; readonly column?: string }
  | { readonly code: "ragged_row"; readonly expected: number; readonly found: number }
  | { readonly code: "bad_quotes" }
  | { readonly code: "engine_refused" }
  | {
      readonly code: "property_lost";
      readonly pointer: string;
      readonly column?: string;
      readonly command: string;
    }
  | { readonly code: "number_unreadable"; readonly pointer: string; readonly column?: string }
  | {
      readonly code: "date_order_unknown";
      readonly pointer: string;
      readonly column?: string;
      readonly isContradictory: boolean;
    }
  | { readonly code: "unknown_word"; readonly pointer: string; readonly column?: string }
  | { readonly code: "zone_assumed"; readonly timeZone: string }
  | { readonly code: "concealed_names"; readonly properties: readonly string[] }
  | { readonly code: "several_refresh_dates" }
  | { readonly code: "tenant_not_compared"; readonly isMute: boolean }
  | { readonly code: "date_guessed"; readonly date: string; readonly written: string }
  | { readonly code: "date_contradicted"; readonly date: string; readonly evidence: readonly string[] }
  | { readonly code: "two_exports"; readonly others: readonly string[] }
  | { readonly code: "part_of_list"; readonly others: number }
  | { readonly code: "completes"; readonly properties: readonly string[] }
  | {
      readonly code: "suspected_partial";
      readonly other: string;
      readonly date: string | null;
      readonly missing: number;
      readonly total: number;
    }
  | { readonly code: "refused_by_strict" }
  | { readonly code: "changed_meanwhile" };

export type IssueCode = Issue["code"];

/** Where in its file an issue was met: record counted from 1, byte offset and length from 0 in the decoded file. */
export interface Place {
  readonly record: number;
  readonly offset: number;
  readonly length: number;
  /** What stands there, as JSON; only where the user asked to see values. Never for the ledger. */
  readonly value?: string;
}
