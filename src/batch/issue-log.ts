import type { Issue, IssueCode, Place, Severity } from "../issues.ts";
import { describeIssue } from "../issue-messages.ts";

/** Issues of one file that read the same: counted exactly, with the first few places. */
export interface IssueCount {
  readonly code: IssueCode;
  readonly severity: Severity;
  readonly message: string;
  readonly cure: string;
  readonly pointer: string | null;
  readonly count: number;
  readonly first: readonly Place[];
}

export interface IssueLog {
  readonly add: (issue: Issue, place?: Place, count?: number) => void;
  /** Where there is an issue with this code it is the only one from now on; says whether there is. */
  readonly prefer: (code: IssueCode) => boolean;
  readonly list: () => IssueCount[];
}

const placesKept = 5;

/** Collects the issues of one file in constant memory: exact counts, few places, no values. */
export function createIssueLog(): IssueLog {
  const entries = new Map<string, { issue: Issue; count: number; first: Place[] }>();
  return {
    add(issue, place, count = 1) {
      const key = `${issue.code} ${pointerOf(issue) ?? ""}`;
      const entry = entries.get(key) ?? { issue, count: 0, first: [] };
      entry.count += count;
      if (place && entry.first.length < placesKept) entry.first.push(place);
      entries.set(key, entry);
    },
    prefer(code) {
      const preferred = [...entries].filter(([, { issue }]) => issue.code === code);
      if (preferred.length === 0) return false;
      entries.clear();
      for (const [key, entry] of preferred) entries.set(key, entry);
      return true;
    },
    list: () =>
      [...entries.values()].map(({ issue, count, first }) => ({
        code: issue.code,
        ...describeIssue(issue),
        pointer: pointerOf(issue),
        count,
        first,
      })),
  };
}

/** The JSON pointer of a record's issue, null where the issue is of the whole record or file. */
export function pointerOf(issue: Issue): string | null {
  return "pointer" in issue ? issue.pointer : null;
}
