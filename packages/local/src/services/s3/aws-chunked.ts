import { AwsError } from "../service.ts";

/** A body without its framing, and the headers that came behind it (lower-case names). */
export interface DecodedBody {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes the `aws-chunked` framing off an upload: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`…, a chunk of size 0,
 * trailers. The SDK frames streams this way to send a checksum behind them. Signatures are not verified.
 * Throws `IncompleteBody` when the framing does not hold.
 */
export function decodeAwsChunked(framed: Buffer): DecodedBody {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = framed.indexOf("\r\n", at);
    if (lineEnd < 0) throw incomplete("a chunk has no size line");
    const sizeText = framed.toString("latin1", at, lineEnd).split(";")[0] ?? "";
    if (!/^[0-9a-f]+$/i.test(sizeText)) throw incomplete(`a chunk's size is not hexadecimal: ${sizeText}`);
    const size = Number.parseInt(sizeText, 16);
    at = lineEnd + 2;
    if (size === 0) return { body: Buffer.concat(chunks), trailers: parseTrailers(framed.subarray(at)) };
    if (at + size + 2 > framed.length) throw incomplete("a chunk is shorter than its size says");
    chunks.push(framed.subarray(at, at + size));
    at += size + 2;
  }
}

function parseTrailers(block: Buffer): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of block.toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}

function incomplete(detail: string): AwsError {
  return new AwsError("IncompleteBody", `The request body could not be read: ${detail}`, 400);
}
