import type { IncomingHttpHeaders } from "node:http";

/** What a request's signature says of who asks what of whom. The signature itself is not verified. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's signing name. */
  readonly service: string;
}

/**
 * Reads the credential of a SigV4 `Authorization` header, or of a presigned URL's query:
 * `<access key>/<date>/<region>/<service>/aws4_request`. Nothing when there is none.
 */
export function credentialScope(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
): CredentialScope | undefined {
  const header = /^AWS4-HMAC-SHA256\s.*?Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1];
  const [accessKeyId, , region, service, terminator] = (header ?? query.get("X-Amz-Credential") ?? "").split(
    "/",
  );
  if (!accessKeyId || !region || !service || terminator !== "aws4_request") return undefined;
  return { accessKeyId, region, service };
}
