/** What Lambda takes from a function in one answer, in bytes of JSON. */
export const answerBytesMax = 6_291_556;

/** A body as Lambda sends it on: a text within JSON, with headers beside it. */
export function answerBytes(body: string): number {
  const headers = { "Content-Type": "application/json", "Cache-Control": "x".repeat(100) };
  return Buffer.byteLength(JSON.stringify({ statusCode: 200, headers, body, isBase64Encoded: false }));
}
