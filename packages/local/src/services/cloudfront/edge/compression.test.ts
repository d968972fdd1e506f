import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { WholeAnswer } from "./cached-reads.ts";
import { compressed } from "./compression.ts";

function answer(bytes: number, more: Record<string, string> = {}, status = 200): WholeAnswer {
  const body = Buffer.alloc(bytes, "shop ");
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(bytes),
    ...more,
  };
  return { status, headers, body, validators: { etag: '"1"' } };
}

describe("compression", () => {
  it("is Brotli for whoever takes it, and else gzip", async () => {
    const plain = answer(2_000);
    const brotli = await compressed(plain, "br,gzip");
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    expect(brotli.headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding" });
    expect(brotli.headers["content-length"]).toBe(String(brotli.body.length));
    const gzip = await compressed(plain, "gzip");
    expect(gunzipSync(gzip.body)).toEqual(plain.body);
    expect(gzip.headers["content-encoding"]).toBe("gzip");
  });

  it("weakens a tag for viewers, not for the origin, and drops one that is none", async () => {
    const tagged = async (etag: string) => (await compressed(answer(2_000, { etag }), "br")).headers["etag"];
    expect(await tagged('"a"')).toBe('W/"a"');
    expect(await tagged('W/"a"')).toBe('W/"a"');
    expect(await tagged("a")).toBeUndefined();
    expect((await compressed(answer(2_000, { etag: '"1"' }), "br")).validators).toEqual({ etag: '"1"' });
  });

  it.each<[string, WholeAnswer, string | undefined]>([
    ["the viewer takes none", answer(2_000), undefined],
    ["it is small", answer(999), "br"],
    ["it is large", answer(10_000_001), "br"],
    ["it is an image", answer(2_000, { "content-type": "image/png" }), "br"],
    ["it is compressed already", answer(2_000, { "content-encoding": "gzip" }), "br"],
    ["its length is not said", answer(2_000, { "content-length": "" }), "br"],
    ["its length is another's, as of a HEAD", { ...answer(2_000), body: Buffer.alloc(0) }, "br"],
    ["it is a redirect", answer(2_000, {}, 302), "br"],
  ])("leaves an answer as it is when %s", async (_, plain, encodings) => {
    expect(await compressed(plain, encodings)).toBe(plain);
  });

  it("takes 1,000 bytes, and pages of errors", async () => {
    expect((await compressed(answer(1_000), "br")).headers["content-encoding"]).toBe("br");
    expect((await compressed(answer(1_000, {}, 404), "br")).headers["content-encoding"]).toBe("br");
  });
});
