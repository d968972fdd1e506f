/** What a run has shown of returns, so that a test can say that it was no empty one. */
export interface RampCounts {
  /** Times that a region which was drained was answered again, and judged. */
  returned: number;
  /** Times that a region woke which had been dead for so long that it must notice. */
  woken: number;
  /** Looks at a region that was never out. */
  whole: number;
  /** Times that a region which was well and led a share was led all again. */
  wholeAgain: number;
}
