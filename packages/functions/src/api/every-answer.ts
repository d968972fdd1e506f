import type { Deployment } from "../platform/deployment.ts";

/**
 * Who served it, its id, and leave for browsers of any shop: tokens travel in a header, never in a cookie, so no
 * origin is more trusted than another.
 */
export function headersOfEveryAnswer(
  deployment: Deployment,
  requestId: string,
): Readonly<Record<string, string>> {
  return {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers":
      "Consistency, ETag, Location, Preference-Applied, Request-Id, Retry-After, Served-By",
    "Request-Id": requestId,
    "Served-By": deployment.region,
  };
}
