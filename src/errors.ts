/** What the process ends with; the meaning of each is part of the contract with scripts. */
export const exitCodes = {
  ok: 0,
  incomplete: 1,
  usage: 2,
  noInput: 3,
  database: 4,
  output: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** An error that the person at the prompt can put right: printed without a stack, ends with `exitCode`. */
export class CliError extends Error {
  readonly exitCode: number;
  /** Further lines; the message itself is one line. */
  readonly lines: readonly string[];

  constructor(
    message: string,
    options: { readonly exitCode: number; readonly lines?: readonly string[]; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = "CliError";
    this.exitCode = options.exitCode;
    this.lines = options.lines ?? [];
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's code of an error (`ENOENT`, `ENOSPC`, …), where it has one. */
export function maybeErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The error for something that cannot be written: exit 5, with the place and the system's reason. */
export function outputError(path: string, error: unknown): CliError {
  const code = maybeErrorCode(error) ?? "";
  const known: Readonly<Record<string, string>> = {
    ENOSPC: "the disk is full; make room or choose another place",
    EACCES: "you may not write there; choose another place",
    EPERM: "you may not write there, or another program holds it; close that or choose another place",
    EROFS: "the disk is read-only; choose another place",
    ENOENT: "its folder does not exist; make it or choose another place",
    ENOTDIR: "a file stands where a folder should; choose another place",
    EEXIST: "a file stands where a folder should; choose another place",
  };
  return new CliError(`cannot write ${path}: ${known[code] ?? messageOf(error)}`, {
    exitCode: exitCodes.output,
    cause: error,
  });
}
