import { randomUUID } from "node:crypto";
import type { AwsError, ServiceResponse } from "../service.ts";
import type { ListPage, ListQuery } from "./bucket.ts";

const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Names that the front uses for every service, as S3 says them. */
const s3Codes: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  UnrecognizedClientException: { code: "InvalidAccessKeyId", status: 403 },
  MissingAuthenticationTokenException: { code: "AccessDenied", status: 403 },
};

export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/[\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function element(name: string, value: string | number | boolean): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** S3's error document. An answer to HEAD has no body, so that the client learns the status only. */
export function errorResponse(error: AwsError, method: string): ServiceResponse {
  const { code, status } = s3Codes[error.code] ?? error;
  const requestId = randomUUID();
  const members = Object.entries(error.members).map(([name, value]) => element(name, String(value)));
  const body = `${xmlHead}<Error>${element("Code", code)}${element("Message", error.message)}${members.join("")}${element("RequestId", requestId)}</Error>`;
  const headers = { "content-type": "application/xml", "x-amz-request-id": requestId };
  return { status, headers, body: method === "HEAD" ? "" : body };
}

/** The answer of ListObjectsV2. Continuation tokens are the last key, in base64 so that nobody reads them. */
export function listResponse(bucket: string, query: ListQuery, page: ListPage, token: string | null): string {
  const contents = page.objects.map(
    (object) =>
      `<Contents>${element("Key", object.key)}${element("LastModified", new Date(object.lastModifiedMs).toISOString())}${element("ETag", object.etag)}${element("Size", object.body.length)}${element("StorageClass", "STANDARD")}</Contents>`,
  );
  const prefixes = page.commonPrefixes.map(
    (prefix) => `<CommonPrefixes>${element("Prefix", prefix)}</CommonPrefixes>`,
  );
  return [
    `${xmlHead}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`,
    element("Name", bucket),
    element("Prefix", query.prefix),
    query.delimiter === "" ? "" : element("Delimiter", query.delimiter),
    element("KeyCount", page.objects.length + page.commonPrefixes.length),
    element("MaxKeys", query.maxKeys),
    element("IsTruncated", page.next !== undefined),
    token === null ? "" : element("ContinuationToken", token),
    page.next === undefined ? "" : element("NextContinuationToken", encodeToken(page.next)),
    ...contents,
    ...prefixes,
    "</ListBucketResult>",
  ].join("");
}

export function encodeToken(key: string): string {
  return Buffer.from(key).toString("base64url");
}

export function decodeToken(token: string): string {
  return Buffer.from(token, "base64url").toString();
}
