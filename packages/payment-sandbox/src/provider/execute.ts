import type * as z from "zod";
import { type Failure, invalid, unknownUrl } from "./failure.ts";
import type { OperationName } from "./faults.ts";
import { readForm } from "./form.ts";
import { parametersByOperation } from "./operations.ts";
import type { Outcome, Provider, Told } from "./provider.ts";
import { failureJson } from "./wire.ts";

/** The provider's words for parameters that are not valid. */
function failureOf({ issues: [issue] }: z.ZodError): Failure {
  const path = issue?.path.map(String) ?? [];
  const name = path.length === 0 ? undefined : path.join(".");
  if (issue?.code === "unrecognized_keys") {
    const [unknown = ""] = issue.keys;
    if (unknown === "payment_method_types") {
      return invalid(
        "payment_method_types_no_longer_supported",
        "Use allowed_payment_method_types.",
        unknown,
      );
    }
    return invalid("parameter_unknown", `Received unknown parameter: ${unknown}`, unknown);
  }
  if (issue?.code === "invalid_type" && issue.input === undefined && name !== undefined) {
    return invalid("parameter_missing", `Missing required param: ${name}.`, name);
  }
  return invalid("parameter_invalid", issue?.message ?? "Invalid parameters", name);
}

const notExecuted = (failure: Failure): Outcome => ({
  status: failure.status,
  body: failureJson(failure),
  executed: false,
});

/** Reads an operation's parameters and runs it. */
export function execute(
  provider: Provider,
  { operation, id, form, told }: { operation: OperationName; id: string; form: string; told: Told },
): Outcome {
  const raw = readForm(form);
  if (raw === undefined) {
    return notExecuted(invalid("parameter_invalid", "The body is not a form."));
  }
  const read = <S extends z.ZodType>(schema: S, run: (parameters: z.output<S>) => Outcome): Outcome => {
    const parsed = schema.safeParse(raw, { reportInput: true });
    return parsed.success ? run(parsed.data) : notExecuted(failureOf(parsed.error));
  };
  switch (operation) {
    case "create":
      return read(parametersByOperation.create, provider.create);
    case "update":
      return read(parametersByOperation.update, (parameters) => provider.update(id, parameters));
    case "confirm":
      return read(parametersByOperation.confirm, (parameters) => provider.confirm(id, parameters, told));
    case "capture":
      return read(parametersByOperation.capture, (parameters) => provider.capture(id, parameters));
    case "cancel":
      return read(parametersByOperation.cancel, (parameters) => provider.cancel(id, parameters));
    case "refund":
      return read(parametersByOperation.refund, provider.refund);
    case "read":
      return read(parametersByOperation.read, (parameters) => provider.read(id, parameters));
    case "list":
      return read(parametersByOperation.list, provider.list);
    case "search":
      return read(parametersByOperation.search, (parameters) => provider.search(parameters, told));
  }
}

export const unknownOperation = (method: string, path: string): Outcome =>
  notExecuted(unknownUrl(method, path));
