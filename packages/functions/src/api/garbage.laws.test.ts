import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRequest } from "../testing/any-request.ts";
import { adminToken, createTestApi } from "../testing/test-world.ts";
import { newCartSchema } from "./routes/carts/contract.ts";

test("whatever is sent is answered, or refused as a problem: it is never a failure of ours", async () => {
  const api = createTestApi();
  const open = async () =>
    newCartSchema.parse(await (await api.app.request("/v1/carts", { method: "POST" })).json());
  const [mine, yours, admin] = [await open(), await open(), await adminToken(api.sessions)];
  /** Puts what is good in the place of its name. */
  const filled = (text: string) =>
    text
      .replace("MINE", mine.id)
      .replace("YOURS", yours.id)
      .replace("GOOD", mine.session.token)
      .replace("ADMIN", admin);
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ target, query, body, token, key, type, ...sent }) => {
      const { method, path } = target;
      const bodyless = method === "GET" || method === "HEAD";
      const response = await api.app.request(`${filled(path)}${query}`, {
        method,
        headers: {
          Authorization: `Bearer ${filled(token)}`,
          "Idempotency-Key": key,
          "Content-Type": type,
          "If-None-Match": sent.ifNoneMatch,
          "If-Match": sent.ifNoneMatch,
          Prefer: sent.prefer,
          ...(sent.seen === undefined ? {} : { "Consistency-Token": sent.seen }),
        },
        ...(body === undefined || bodyless ? {} : { body: filled(body) }),
      });
      statuses.add(response.status);
      const text = await response.text();
      // In a world without peers a strict reader may well have seen more than this region has.
      const cutOff = response.status === 503 && (method === "HEAD" || text.includes(":not-covered"));
      expect(response.status < 500 || cutOff).toBe(true);
      expect(response.headers.get("served-by")).toBe("us-east-1");
      if (response.status >= 400) {
        expect(response.headers.get("content-type")).toBe("application/problem+json");
        expect(method === "HEAD" ? { status: response.status } : JSON.parse(text)).toMatchObject({
          status: response.status,
        });
      }
    }),
    { numRuns: 4_000 },
  );
  expect(api.log.entries.filter(({ level }) => level === "error")).toEqual([]);
  // The garbage reaches behind every door, or this test would prove little.
  expect([...statuses].sort()).toEqual(
    expect.arrayContaining([200, 201, 400, 401, 403, 404, 405, 415, 422, 503]),
  );
});
