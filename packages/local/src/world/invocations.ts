import type { PlannedInvocation } from "../provision/invocations.ts";
import type { Lambda } from "../services/lambda/lambda.ts";

/**
 * Calls what a deployment calls when its stage is complete. In the background, since nobody waits for the answer; one
 * that fails would have failed the deployment, so it is said.
 */
export function runInvocations(
  planned: readonly PlannedInvocation[],
  lambda: Lambda,
  warn: (line: string) => void,
): void {
  for (const { name, region, functionArn, payload } of planned) {
    lambda.invoke(functionArn, payload).then(
      (result) => {
        if (result.functionError !== undefined) warn(`${region}: ${name} failed: ${result.payload}`);
      },
      (error: unknown) => warn(`${region}: ${name} failed: ${String(error)}`),
    );
  }
}
