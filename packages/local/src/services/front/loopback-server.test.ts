import { afterEach, beforeEach, expect, test } from "vitest";
import { createLoopbackServer, type LoopbackServer } from "./loopback-server.ts";

let server: LoopbackServer;

beforeEach(async () => {
  server = await createLoopbackServer({
    bodyBytesMax: 10,
    serve: async (incoming, outgoing) => {
      outgoing.end(incoming.headers.host);
    },
  });
});
afterEach(() => server.close());

const ask = async (port: number) => (await fetch(`http://127.0.0.1:${port}`)).text();

test("answers at one more address, which falls silent and closes with it", async () => {
  const { port } = await server.listenAt({ host: "127.0.0.1", port: 0 });
  expect(port).not.toBe(server.port);
  expect(await ask(port)).toBe(`127.0.0.1:${port}`);
  server.setDown(true);
  await expect(ask(port)).rejects.toThrow();
  server.setDown(false);
  expect(await ask(port)).toBe(`127.0.0.1:${port}`);
  await server.close();
  await expect(ask(port)).rejects.toThrow();
});

test("one more address may close before it, and must be free", async () => {
  const other = await server.listenAt({ host: "127.0.0.1", port: 0 });
  await other.close();
  await expect(ask(other.port)).rejects.toThrow();
  expect(await ask(server.port)).toBe(`127.0.0.1:${server.port}`);
  await expect(server.listenAt({ host: "127.0.0.1", port: server.port })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});
