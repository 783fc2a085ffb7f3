import { maybeErrorCode, maybeTooManyFiles, messageOf } from "../errors.ts";
import type { Issue } from "../issues.ts";

/** Thrown while a file is read: its bytes cannot be read on. What was read before stays good. */
export class DamagedBytes extends Error {
  readonly issue: Issue;

  constructor(issue: Issue) {
    super(issue.code);
    this.name = "DamagedBytes";
    this.issue = issue;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  EBUSY: "another program holds it",
  EIO: "the disk or the network gives an error",
  ENOENT: "it is no longer there, or its name is not written in UTF-8",
  EISDIR: "it is a folder",
};

/** The issue for what the system says when a file cannot be opened or read. */
export function toUnreadable(error: unknown): Issue {
  const code = maybeErrorCode(error);
  if (code === undefined) throw error;
  // That says nothing of this file.
  const tooMany = maybeTooManyFiles(error);
  if (tooMany !== undefined) throw tooMany;
  return { code: "unreadable", reason: reasons[code] ?? messageOf(error) };
}
