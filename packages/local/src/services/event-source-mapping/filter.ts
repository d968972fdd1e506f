import { compilePattern, mappingDialect } from "../eventbridge/pattern.ts";

/** A filter pattern that Lambda would refuse. */
export class FilterPatternError extends Error {
  constructor(pattern: string, detail: string) {
    super(`Invalid filter pattern definition: ${detail} in ${pattern}`);
    this.name = "FilterPatternError";
  }
}

/**
 * Compiles filter patterns to one test of an event: it passes when any pattern fits, and always when there are none.
 * Lambda's rules: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 * Throws `FilterPatternError`.
 */
export function compileFilters(patterns: readonly string[]): (event: unknown) => boolean {
  const tests = patterns.map((pattern) => {
    const compiled = compilePattern(pattern, mappingDialect);
    if (!compiled.ok) throw new FilterPatternError(pattern, compiled.error);
    return compiled.value;
  });
  return (event) => tests.length === 0 || tests.some((test) => test(event));
}
