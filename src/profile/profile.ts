/** What a profile file says; schemas/meta/profile.schema.json has the rules of its form. */
export interface Profile {
  readonly profile: string;
  readonly version: string;
  readonly experimental: boolean;
  readonly description?: string;
  readonly format: "csv" | "ndjson" | "jsonl" | "json";
  readonly csv?: {
    readonly line_end?: "LF" | "CRLF";
    readonly delimiter?: string;
    readonly quote?: "needed" | "always";
    readonly bom?: boolean;
    readonly null?: string;
    readonly empty?: string;
    readonly true?: string;
    readonly false?: string;
  };
  readonly text?: TextRules;
  readonly split?: Limits;
  readonly folder?: "" | "data";
  readonly accept?: readonly string[];
  readonly needs: {
    readonly datasets?: Readonly<Record<string, readonly string[]>>;
    readonly as_of_rests_on?: { readonly not: readonly string[] };
  };
  readonly files: readonly FileRules[];
}

export interface TextRules {
  readonly controls?: "remove" | "refuse" | "keep";
  readonly formulas?: "keep" | "apostrophe" | "refuse";
  readonly normalise?: "none" | "nfc";
}

/** How large a part of a file may be, and how many parts there may be. */
export interface Limits {
  readonly max_bytes?: number;
  readonly max_rows?: number;
  readonly max_parts?: number;
}

type Plain = string | number | boolean;

export interface Condition {
  readonly column: string;
  readonly in?: readonly Plain[];
  readonly not_in?: readonly Plain[];
  readonly filled?: true;
  readonly empty?: true;
  readonly since_days?: number;
  readonly at_least?: number;
}

/** The values of a column of another output, of the rows that match. */
export interface Collect {
  readonly output: string;
  readonly from: string;
  readonly match: { readonly here: string; readonly there: string };
  readonly keep?: readonly Condition[];
}

export interface ColumnRules {
  readonly to: string;
  readonly from?: string | readonly string[];
  readonly constant?: Plain;
  readonly collect?: Collect;
  readonly values?: Readonly<Record<string, Plain | null>>;
  readonly otherwise?: "refuse" | "empty" | "keep";
  readonly default?: Plain;
  readonly list?: "array" | { readonly separator: string };
  readonly date?: string;
  readonly number?: { readonly decimals: number; readonly min?: number; readonly max?: number };
  readonly required?: boolean | "leave_out";
  readonly unique?: boolean;
  readonly pattern?: "email" | "guid";
  readonly max_length?: number;
  readonly together?: string;
  readonly supplied_by?: string;
}

export interface Key {
  readonly columns: readonly string[];
  readonly repeated?: "refuse" | "leave_out";
}

/** Rows made of the rows of an output. */
export interface RowRules {
  readonly output: string;
  readonly keep?: readonly Condition[];
  readonly columns: readonly ColumnRules[];
  readonly sort?: readonly (string | { readonly column: string; readonly descending?: boolean })[];
  readonly key?: Key;
}

export interface RelationRules {
  readonly columns: readonly string[];
  readonly file: string;
  readonly columns_there: readonly string[];
  readonly missing?: "refuse" | "leave_out" | "keep";
}

export interface FileRules extends Partial<RowRules> {
  readonly file: string;
  readonly must?: boolean;
  readonly group?: readonly (RowRules & { readonly name: string })[];
  readonly relations?: readonly RelationRules[];
  readonly notes?: readonly string[];
  readonly upload?: {
    readonly taskName: string;
    readonly taskVersion: number;
    readonly loadType: "full" | "incremental";
  };
}

/** Rows of a file under a name of the group, or all of them. */
export interface Section extends RowRules {
  readonly name?: string;
}

/** The lists of rows of a file: those of its group, else one. */
export function sectionsOf({ output, columns, keep, sort, key, group }: FileRules): readonly Section[] {
  if (group !== undefined) return group;
  if (output === undefined || columns === undefined) return [];
  return [{ output, columns, ...(keep && { keep }), ...(sort && { sort }), ...(key && { key }) }];
}

/** The columns of an output that a column is made of. */
export function sourcesOf({ from, collect }: ColumnRules): readonly string[] {
  if (collect !== undefined) return [collect.match.here];
  return from === undefined ? [] : [from].flat();
}

/** All outputs that rows are made of. */
export function outputsOf({ output, columns }: RowRules): readonly string[] {
  return [output, ...columns.flatMap(({ collect }) => (collect ? [collect.output] : []))];
}
