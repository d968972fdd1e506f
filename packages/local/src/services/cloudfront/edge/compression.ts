import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { WholeAnswer } from "./cached-reads.ts";
import { fieldOf, type HeaderFields, without } from "./header-fields.ts";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const bytesMin = 1_000;
const bytesMax = 10_000_000;
const statuses = new Set([200, 403, 404]);
const types = new Set([
  ...["dash+xml", "eot", "font", "font-sfnt", "javascript", "json", "opentype", "otf", "pdf"].map(
    application,
  ),
  ...["pkcs7-mime", "protobuf", "rss+xml", "truetype", "ttf", "vnd.apple.mpegurl"].map(application),
  ...["vnd.mapbox-vector-tile", "vnd.ms-fontobject", "wasm", "xhtml+xml", "xml"].map(application),
  ...["x-font-opentype", "x-font-truetype", "x-font-ttf", "x-httpd-cgi", "x-javascript"].map(application),
  ...["x-mpegurl", "x-opentype", "x-otf", "x-perl", "x-ttf"].map(application),
  ...["font/eot", "font/opentype", "font/otf", "font/ttf", "image/svg+xml"],
  ...["css", "csv", "html", "javascript", "js", "plain", "richtext", "tab-separated-values"].map(text),
  ...["xml", "x-component", "x-java-source", "x-script"].map(text),
  "vnd.apple.mpegurl",
]);

function application(name: string): string {
  return `application/${name}`;
}

function text(name: string): string {
  return `text/${name}`;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
/** As fast as gzip, and smaller: what a server on the fly can afford. */
const brotliQuality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** The answer as it is kept for clients that take these encodings: `br` before `gzip`. */
export async function compressed(answer: WholeAnswer, encodings: string | undefined): Promise<WholeAnswer> {
  if (encodings === undefined || !isCompressible(answer)) return answer;
  const encoding = encodings.startsWith("br") ? "br" : "gzip";
  const body = encoding === "br" ? await brotli(answer.body, brotliQuality) : await zip(answer.body);
  const headers = {
    ...weakened(answer.headers),
    "content-encoding": encoding,
    "content-length": String(body.length),
  };
  return { ...answer, headers: { ...headers, vary: varyOf(answer.headers) }, body };
}

export function isCompressible({ status, headers, body }: Omit<WholeAnswer, "validators">): boolean {
  const type = (fieldOf(headers, "content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isWhole = Number(fieldOf(headers, "content-length") ?? Number.NaN) === body.length;
  const fits = body.length >= bytesMin && body.length <= bytesMax;
  return (
    statuses.has(status) && isWhole && fits && types.has(type) && headers["content-encoding"] === undefined
  );
}

/** Bytes that differ have not the same strong tag; one that is no tag goes. */
function weakened(headers: HeaderFields): HeaderFields {
  const etag = fieldOf(headers, "etag");
  if (etag === undefined || etag.startsWith("W/")) return headers;
  return etag.startsWith('"') ? { ...headers, etag: `W/${etag}` } : without(headers, "etag");
}

function varyOf(headers: HeaderFields): string {
  const vary = fieldOf(headers, "vary");
  if (vary === undefined) return "Accept-Encoding";
  return /accept-encoding/i.test(vary) ? vary : `${vary}, Accept-Encoding`;
}
