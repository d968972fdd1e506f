import type { ServiceRequest } from "../service.ts";

/** A request as one of the operations that exist here. Path-style addresses only: the SDK uses them for IP hosts. */
export type S3Call =
  | {
      readonly type: "list";
      readonly operation: "ListObjectsV2";
      readonly bucket: string;
      readonly prefix: string;
    }
  | {
      readonly type: "object";
      readonly operation: "PutObject" | "GetObject" | "HeadObject" | "DeleteObject";
      readonly bucket: string;
      readonly key: string;
    }
  | { readonly type: "unknown"; readonly operation: string };

const objectOperations = {
  PUT: "PutObject",
  GET: "GetObject",
  HEAD: "HeadObject",
  DELETE: "DeleteObject",
} as const;

/** Query parameters that do not turn a request into another operation. Response overrides and the like are refused. */
const harmlessQueries = new Set(["x-id"]);
const listQueries = new Set([
  "x-id",
  "list-type",
  "prefix",
  "delimiter",
  "max-keys",
  "continuation-token",
  "start-after",
]);
/** Headers that change what is done in ways that are not built here: ignoring them would be a silent lie. */
const unsupportedHeaders = [
  "range",
  "if-match",
  "if-modified-since",
  "if-unmodified-since",
  "x-amz-copy-source",
  "x-amz-object-lock-mode",
  "x-amz-tagging",
];

export function parseCall(request: ServiceRequest): S3Call {
  const slash = request.path.indexOf("/", 1);
  const bucket = decodeURIComponent(request.path.slice(1, slash < 0 ? undefined : slash));
  const key = slash < 0 ? "" : decodeURIComponent(request.path.slice(slash + 1));
  const queries = [...request.query.keys()].filter((name) => !isAuthentication(name));
  const unsupported = unsupportedHeaders.find((name) => request.headers[name] !== undefined);
  if (bucket === "" || unsupported !== undefined) return unknown(request, unsupported);
  if (key === "") {
    const isList = request.method === "GET" && request.query.get("list-type") === "2";
    if (!isList || !queries.every((name) => listQueries.has(name))) return unknown(request);
    return { type: "list", operation: "ListObjectsV2", bucket, prefix: request.query.get("prefix") ?? "" };
  }
  const operation = objectOperations[request.method as keyof typeof objectOperations];
  if (operation === undefined || !queries.every((name) => harmlessQueries.has(name))) return unknown(request);
  if (request.headers["if-none-match"] !== undefined && operation !== "PutObject") {
    return unknown(request, "if-none-match");
  }
  return { type: "object", operation, bucket, key };
}

/** Presigned requests carry their signature in the query. */
function isAuthentication(name: string): boolean {
  return name.toLowerCase().startsWith("x-amz-");
}

/** The SDK names most operations in `x-id`; otherwise the method and the sub-resource have to do. */
function unknown(request: ServiceRequest, header?: string): S3Call {
  const subresources = [...request.query.keys()].filter((name) => !isAuthentication(name) && name !== "x-id");
  const described = `${request.method} ${subresources.length === 0 ? "/" : `?${subresources.join("&")}`}`;
  const name = request.query.get("x-id") ?? described;
  return { type: "unknown", operation: header === undefined ? name : `${name} with the header ${header}` };
}
