import type { Issue } from "./issue.ts";

/** Thrown while a file is read: its bytes cannot be read on. What was read before stays good. */
export class DamagedBytes extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.code);
    this.name = "DamagedBytes";
    this.issue = issue;
  }
}
