/** How a command ends, and what it says. */
export interface Said {
  readonly exitCode: number;
  /** For standard output. */
  readonly out?: string;
  /** For standard error, in one line. */
  readonly error?: string;
}
