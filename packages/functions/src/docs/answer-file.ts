import { matchesTag } from "../api/exchange.ts";
import type { ServedFile } from "./files.ts";

/**
 * Scripts and styles from this host alone and none in the page: what the specification says is text, whoever wrote it.
 * Icons are drawn from `data:` addresses. Requests go to this region.
 */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Whether the client takes gzip: named, or meant by `*`, and not with a weight of nothing. */
export function takesGzip(acceptEncoding: string | null): boolean {
  const weights = new Map(
    (acceptEncoding ?? "").split(",").map((part) => {
      const [coding = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
      return [coding, Number(weight)] as const;
    }),
  );
  return (weights.get("gzip") ?? weights.get("*") ?? 0) > 0;
}

/** The file, compressed where the client takes that, or word that the client has it. */
export async function answerFile(file: ServedFile, request: Headers): Promise<Response> {
  const isGzip = file.gzipped !== undefined && takesGzip(request.get("accept-encoding"));
  const etag = isGzip ? `"${file.hash}-gzip"` : `"${file.hash}"`;
  const headers = {
    "Cache-Control": file.caching,
    ETag: etag,
    Vary: "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    ...(file.type.startsWith("text/html")
      ? { "Content-Security-Policy": contentPolicy, "Referrer-Policy": "no-referrer" }
      : {}),
  };
  if (matchesTag(request.get("if-none-match") ?? "", etag)) {
    return new Response(null, { status: 304, headers });
  }
  const content = isGzip && file.gzipped ? await file.gzipped() : file.content;
  return new Response(new Uint8Array(content), {
    headers: {
      ...headers,
      "Content-Type": file.type,
      ...(isGzip ? { "Content-Encoding": "gzip" } : {}),
    },
  });
}
