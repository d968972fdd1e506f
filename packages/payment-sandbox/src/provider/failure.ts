/** An answer that is not a success, in the form of the provider's error bodies. */
export interface Failure {
  readonly status: number;
  readonly error: {
    readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
    readonly code?: string;
    readonly decline_code?: string;
    readonly message: string;
    readonly param?: string;
  };
}

/** The request is not one that the provider could execute. */
export function invalid(code: string, message: string, param?: string): Failure {
  return {
    status: 400,
    error: { type: "invalid_request_error", code, message, ...(param === undefined ? {} : { param }) },
  };
}

/** The object is in a state that does not allow it. */
export function unexpectedState(message: string): Failure {
  return invalid("payment_intent_unexpected_state", message);
}

export function missing(kind: string, id: string, param: string): Failure {
  return {
    status: 404,
    error: {
      type: "invalid_request_error",
      code: "resource_missing",
      message: `No such ${kind}: '${id}'`,
      param,
    },
  };
}

export const unknownKey: Failure = {
  status: 401,
  error: { type: "invalid_request_error", message: "Invalid API Key provided." },
};

export function unknownUrl(method: string, path: string): Failure {
  return {
    status: 404,
    error: { type: "invalid_request_error", message: `Unrecognized request URL (${method}: ${path}).` },
  };
}

export function otherParameters(key: string): Failure {
  return {
    status: 400,
    error: {
      type: "idempotency_error",
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    },
  };
}

export function keyInUse(key: string): Failure {
  return {
    status: 409,
    error: {
      type: "idempotency_error",
      code: "idempotency_key_in_use",
      message: `There is currently another in-progress request using this Idempotency-Key: ${key}.`,
    },
  };
}

export function limited(code: string): Failure {
  return { status: 429, error: { type: "invalid_request_error", code, message: "Too many requests." } };
}

export function broken(status: number): Failure {
  return { status, error: { type: "api_error", message: "An unknown error occurred." } };
}

export function declined(code: string, declineCode: string, message: string): Failure {
  return { status: 402, error: { type: "card_error", code, decline_code: declineCode, message } };
}
