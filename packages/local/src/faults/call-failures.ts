import type { Random } from "../links/random.ts";
import { AwsError, type AwsService, type ServiceRequest } from "../services/service.ts";
import type { CallFailure, FaultState } from "./fault-state.ts";

/** What each service calls an error that is its own fault and that the SDK retries (all with status 500). */
const internalErrorCode: Readonly<Record<string, string>> = {
  dynamodb: "InternalServerError",
  s3: "InternalError",
  lambda: "ServiceException",
  sns: "InternalError",
  events: "InternalException",
};

export interface CallFailures {
  /** The error that this call shall fail with, by chance, or nothing when it may go on. */
  check(region: string, operation: string, table?: string): AwsError | undefined;
}

export interface CallFailuresOptions {
  readonly service: string;
  readonly state: () => FaultState;
  readonly random: Random;
}

/** Makes a share of a service's calls fail, as `fail` commands say; the first rule that hits decides. */
export function createCallFailures({ service, state, random }: CallFailuresOptions): CallFailures {
  const code = internalErrorCode[service] ?? "InternalFailure";
  return {
    check(region, operation, table) {
      const call = { region, service, operation, ...(table !== undefined && { table }) };
      const hit = state().failures.some((failure) => covers(failure, call) && random() < failure.share);
      return hit ? new AwsError(code, `made to fail by a fault in ${region}`, 500) : undefined;
    },
  };
}

/**
 * The same service, some of whose calls fail. For services that do not ask `check` themselves: a call's operation is
 * then the IAM action that it needs first, such as `PutObject` or `InvokeFunction`.
 */
export function withCallFailures(service: AwsService, failures: CallFailures): AwsService {
  return {
    signingName: service.signingName,
    needs: (request) => service.needs(request),
    fail: (error, request) => service.fail(error, request),
    async handle(request) {
      const failure = failures.check(request.region, operationOf(service, request));
      return failure === undefined ? service.handle(request) : service.fail(failure, request);
    },
  };
}

function operationOf(service: AwsService, request: ServiceRequest): string {
  const [need] = service.needs(request);
  return need?.action.split(":")[1] ?? "";
}

interface Call {
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly table?: string;
}

function covers(failure: CallFailure, call: Call): boolean {
  return (
    failure.region === call.region &&
    failure.service === call.service &&
    (failure.operation === undefined || failure.operation === call.operation) &&
    (failure.table === undefined || isTable(call.table, failure.table))
  );
}

/** `Carts` also names `antipode-prod-Carts`, which nobody wants to type. */
function isTable(table: string | undefined, named: string): boolean {
  return table === named || table?.endsWith(`-${named}`) === true;
}
