import { plainResponse } from "../platform/web/plain-response.ts";

/** For whoever came in by a near address of the API's page. The page itself is the Docs function's. */
export function redirectToDocs(): Response {
  return plainResponse(null, { status: 308, headers: { "Cache-Control": "no-cache", Location: "/docs" } });
}
