/** What every emulated AWS service has in common. Services never read the graph: they are told what exists. */

/** The account that the evaluated graphs use. */
export const account = "111122223333";

export interface ServiceRequest {
  /** The region that is asked: the credential scope's region, not the caller's. */
  readonly region: string;
  readonly method: string;
  /** Undecoded path and query, as they arrived. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** One action on one resource that a request needs: all of a request's needs must be allowed. */
export interface AuthorizationNeed {
  /** for example `dynamodb:PutItem` */
  readonly action: string;
  /** an ARN */
  readonly resource: string;
  /** condition keys the service offers for this request, for example `dynamodb:LeadingKeys` */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export interface AwsService {
  /** The name in the credential scope: `dynamodb`, `s3`, `lambda`. */
  readonly signingName: string;
  needs(request: ServiceRequest): readonly AuthorizationNeed[];
  /** Answers in the service's own wire format, errors included; throws `AwsError` or a bug. */
  handle(request: ServiceRequest): Promise<ServiceResponse>;
  /** The service's own wire format for an error that the front found (denied, out of reach). */
  fail(error: AwsError, request: ServiceRequest): ServiceResponse;
}

/** An error as AWS would answer it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error's body, such as `CancellationReasons` or `Item`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
