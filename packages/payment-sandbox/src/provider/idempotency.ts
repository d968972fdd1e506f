/** A stored answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export type KeyState =
  /** First use: the caller executes, then keeps or drops the key. */
  | { readonly type: "new" }
  | { readonly type: "replay"; readonly answer: Answer }
  /** The first request under the key is not answered yet. */
  | { readonly type: "in-use" }
  | { readonly type: "other-parameters" };

export interface IdempotencyKeys {
  /** @param fingerprint endpoint and parameters: a key is good for one request only, of the whole account */
  take(key: string, fingerprint: string): KeyState;
  /** What was executed is answered the same way as long as the key is known. */
  keep(key: string, answer: Answer): void;
  /** Nothing was executed, as of parameters that are not valid: the key is free again. */
  drop(key: string): void;
}

/** The provider may forget a key after a day, and here it does so at once. */
const keyLifeMs = 24 * 60 * 60_000;

/**
 * Parameters are compared before anything else: a request with other ones is refused even while the first one runs,
 * which is the harder answer for a client. The provider's documentation does not say which comes first.
 */
export function createIdempotencyKeys(nowMs: () => number): IdempotencyKeys {
  const requestByKey = new Map<
    string,
    { readonly fingerprint: string; readonly takenAtMs: number; answer?: Answer }
  >();
  return {
    take(key, fingerprint) {
      const request = requestByKey.get(key);
      const atMs = nowMs();
      if (request === undefined || atMs - request.takenAtMs >= keyLifeMs) {
        requestByKey.set(key, { fingerprint, takenAtMs: atMs });
        return { type: "new" };
      }
      if (request.fingerprint !== fingerprint) {
        return { type: "other-parameters" };
      }
      return request.answer === undefined ? { type: "in-use" } : { type: "replay", answer: request.answer };
    },
    keep(key, answer) {
      const request = requestByKey.get(key);
      if (request !== undefined) {
        request.answer = answer;
      }
    },
    drop: (key) => requestByKey.delete(key),
  };
}
