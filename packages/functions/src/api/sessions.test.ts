import { isShopperId, sessionClaims, sessionLifetimeMs } from "@antipode/core";
import { ulidAt } from "@antipode/core/testing";
import { describe, expect, test } from "vitest";
import { createSessions, parseKeySet } from "../platform/sessions.ts";
import { add, expectProblem, linesOf, openCart } from "../testing/shopper.ts";
import { adminToken, createTestApi, createTestApis, startMs, type TestApi } from "../testing/test-world.ts";
import { sessionSchema } from "./routes/sessions/contract.ts";

function begin({ app }: TestApi, token?: string, body?: unknown): Promise<Response> {
  return Promise.resolve(
    app.request("/v1/sessions", {
      method: "POST",
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

async function sessionOf(response: Response) {
  expect(response.status).toBe(201);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return sessionSchema.parse(await response.json());
}

const account = ulidAt(startMs, 77);

describe("a session", () => {
  test("without a token is a new shopper's, and writes nothing", async () => {
    const api = createTestApi();
    const [one, two] = [await sessionOf(await begin(api)), await sessionOf(await begin(api, undefined, {}))];
    expect(one.shopper).not.toBe(two.shopper);
    expect(Date.parse(one.expiresAt)).toBe(startMs + sessionLifetimeMs);
    expect(api.items.operations).toEqual([]);
  });

  test("of one region makes a cart and fills it in another", async () => {
    const [us, eu] = createTestApis();
    if (us === undefined || eu === undefined) {
      throw new Error("no regions");
    }
    const { shopper, token } = await sessionOf(await begin(us));
    const cart = await openCart(eu, { Authorization: `Bearer ${token}` });
    expect(cart.id.slice(4, 30)).toBe(shopper);
    expect(await linesOf(await add(us, { id: cart.id, token }))).toHaveLength(1);
  });

  test("is renewed for the same shopper, from then on", async () => {
    const api = createTestApi();
    const first = await sessionOf(await begin(api));
    api.clock.advance(59 * 86_400_000);
    const renewed = await sessionOf(await begin(api, first.token));
    expect(renewed.shopper).toBe(first.shopper);
    expect(Date.parse(renewed.expiresAt)).toBe(startMs + 59 * 86_400_000 + sessionLifetimeMs);
  });

  test("that is over or not ours is not renewed: nobody becomes another shopper unawares", async () => {
    const api = createTestApi();
    const { token } = await sessionOf(await begin(api));
    const forged = await begin(api, `${token.slice(0, -4)}AAAA`);
    await expectProblem(forged, 401, "unauthenticated");
    expect(forged.headers.get("www-authenticate")).toMatch(/^Bearer/);
    api.clock.advance(61 * 86_400_000);
    await expectProblem(await begin(api, token), 401, "session-expired");
  });

  test("of a named account is an operator's to open, and the log says who did", async () => {
    const api = createTestApi();
    const token = await adminToken(api.sessions);
    expect((await sessionOf(await begin(api, token, { shopper: account }))).shopper).toBe(account);
    expect(api.log.entries).toContainEqual(
      expect.objectContaining({ operator: "alice", shopper: account, level: "info" }),
    );
    expect((await sessionOf(await begin(api, token))).shopper).not.toBe(account);
    const { token: mine } = await sessionOf(await begin(api));
    await expectProblem(await begin(api, mine, { shopper: account }), 403, "admin-scope-needed");
    await expectProblem(await begin(api, undefined, { shopper: account }), 401, "unauthenticated");
  });

  test.each([{ shopper: "me" }, { shopper: account.toLowerCase() }, { shopper: 1 }, { scope: "admin" }])(
    "of %j is refused",
    async (body) => {
      const api = createTestApi();
      const token = await adminToken(api.sessions);
      await expectProblem(await begin(api, token, body), 422, "invalid-body");
    },
  );
});

describe("an operator's door", () => {
  const feed = (api: TestApi, authorization?: string) =>
    Promise.resolve(
      api.app.request("/v1/conflicts", authorization === undefined ? {} : { headers: { authorization } }),
    );

  test("opens for an operator's token until it is over", async () => {
    const api = createTestApi();
    const token = await adminToken(api.sessions);
    expect((await feed(api, `Bearer ${token}`)).status).toBe(200);
    api.clock.advance(8 * 3_600_000 + 61_000);
    const over = await expectProblem(await feed(api, `Bearer ${token}`), 401, "session-expired");
    expect(over).toMatchObject({ detail: expect.stringContaining("npm run token") });
  });

  test("is closed without one, and to shoppers", async () => {
    const api = createTestApi();
    const { token } = await openCart(api);
    for (const authorization of [undefined, "Bearer", "Bearer x.y.z", "Basic YTpi"]) {
      const refused = await feed(api, authorization);
      await expectProblem(refused, 401, "unauthenticated");
      expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer/);
    }
    await expectProblem(await feed(api, `Bearer ${token}`), 403, "admin-scope-needed");
    expect(api.items.operations).toEqual([]);
  });

  test("is closed to a token that was signed for longer than a day", async () => {
    const api = createTestApi();
    const iat = startMs / 1000;
    const claims = {
      iss: "antipode",
      sub: "operator:alice",
      scope: "admin",
      iat,
      exp: iat + 86_401,
    } as const;
    const token = await api.sessions.sign(claims);
    await expectProblem(await feed(api, `Bearer ${token}`), 401, "unauthenticated");
  });

  test("does not lead to a shopper's cart", async () => {
    const api = createTestApi();
    const cart = await openCart(api);
    const token = await adminToken(api.sessions);
    await expectProblem(await add(api, { ...cart, token }), 401, "unauthenticated");
  });
});

describe("while keys rotate", () => {
  const key = (kid: string, byte: number) => ({
    kid,
    secret: Buffer.alloc(32, byte).toString("base64url"),
  });
  const [old, next] = [key("k1", 1), key("k2", 2)];
  const withKeys = (...keys: (typeof old)[]) =>
    createTestApi("us-east-1", { sessions: createSessions(parseKeySet(JSON.stringify(keys))) });

  test("a session of the old key is renewed with the new one, and good until the old key goes", async () => {
    const { token } = await sessionOf(await begin(withKeys(old)));
    const renewed = await sessionOf(await begin(withKeys(next, old), token));
    expect((await begin(withKeys(next), renewed.token)).status).toBe(201);
    await expectProblem(await begin(withKeys(next), token), 401, "unauthenticated");
    await expectProblem(await begin(withKeys(old), renewed.token), 401, "unauthenticated");
  });

  test("a key that is added last verifies before it signs", async () => {
    const { token } = await sessionOf(await begin(withKeys(old, next)));
    expect((await begin(withKeys(old), token)).status).toBe(201);
    const shopper = ulidAt(startMs, 5);
    const claims = isShopperId(shopper) ? sessionClaims(shopper, startMs) : undefined;
    const early = claims && (await createSessions(parseKeySet(JSON.stringify([next]))).sign(claims));
    expect((await sessionOf(await begin(withKeys(old, next), early))).shopper).toBe(shopper);
  });
});
