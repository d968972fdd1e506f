import { namedContracts, type SpecifiedContract } from "./contracts.ts";
import type { JsonObject } from "./json.ts";

const text = { type: "string" };
const vectorExample = '"us-east-1#1:12;eu-west-1#1:3"';

const operationIdPattern = "^[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$"; // a ULID, in either case

/** Headers of answers. */
export const answerHeaders: JsonObject = {
  "Request-Id": { description: "The request's id, which the region's logs have too", schema: text },
  "Served-By": { description: "The region that answered", schema: text, example: "eu-west-1" },
  ETag: {
    description: "The version vector: for each origin the counter of its writes that the answer contains",
    schema: text,
    example: vectorExample,
  },
  Location: { description: "The path of what was made", schema: text },
  Consistency: {
    description: "Sent when the request had a Consistency-Token: `covered`, or `stale` with what is missing",
    schema: text,
    example: "covered",
  },
  "Preference-Applied": { description: "The preference that was followed", schema: text },
  "WWW-Authenticate": { description: "How to say who asks", schema: text },
  "Accept-Post": { description: "What a body may be", schema: text },
  "Retry-After": {
    description: "Seconds, where the same request is worth another try; absent where it is not",
    schema: { type: "integer" },
  },
};

/** Headers of requests, by the name of their component. */
export const requestHeaders: JsonObject = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: true,
    description: "The operation's id: a new ULID, kept over its retries in any region, for 24 hours",
    schema: { type: "string", pattern: operationIdPattern },
  },
  ConsistencyToken: {
    name: "Consistency-Token",
    in: "header",
    description: "An ETag that the answer must cover, or the pointwise maximum of several",
    schema: text,
    example: vectorExample,
  },
  Prefer: {
    name: "Prefer",
    in: "header",
    description: "`consistency=strict`: refuse rather than answer with less than the token asks for",
    schema: text,
    example: "consistency=strict",
  },
  IfNoneMatch: {
    name: "If-None-Match",
    in: "header",
    description: "ETags the client has: 304 when the answer's is one of them",
    schema: text,
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    description:
      "The ETag of the version that the edit is of: 412 when the product has another, 503 while that cannot be told",
    schema: text,
    example: vectorExample,
  },
  StripeSignature: {
    name: "Stripe-Signature",
    in: "header",
    required: true,
    description: "The provider's signature over the body as it was sent",
    schema: text,
  },
};

/** The headers that a path reads, as the names of their components. */
export function requestHeadersOf(contract: SpecifiedContract): readonly string[] {
  return [
    ...(contract.operation ? ["IdempotencyKey"] : []),
    ...(contract.consistency ? ["ConsistencyToken", "Prefer"] : []),
    ...(304 in contract.answers ? ["IfNoneMatch"] : []),
    ...(contract.ifMatch ? ["IfMatch"] : []),
    ...(contract.bodyText ? ["StripeSignature"] : []),
  ];
}

/** An operation answers the state that has it, and so does a path that can answer 304: both say which version. */
function isTagged({ operation, answers, untagged }: SpecifiedContract): boolean {
  return (operation && untagged !== true) || 304 in answers;
}

/** What is made has a path of its own where the contract says, or where one can read it below the path that made it. */
function isLocated({ path, makes }: SpecifiedContract, status: number): boolean {
  const isBelow = namedContracts.some(({ contract }) => {
    const below = contract.method === "GET" && contract.path.startsWith(`${path}/:`);
    return below && !contract.path.slice(path.length + 1).includes("/");
  });
  return makes !== undefined || (status === 201 && isBelow);
}

export function answerHeadersOf(contract: SpecifiedContract, status: number): readonly string[] {
  return [
    ...(isTagged(contract) ? ["ETag"] : []),
    ...(isLocated(contract, status) ? ["Location"] : []),
    ...(contract.consistency ? ["Consistency", "Preference-Applied"] : []),
  ];
}
