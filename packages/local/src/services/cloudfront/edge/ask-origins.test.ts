import { describe, expect, it } from "vitest";
import { createVirtualTime } from "../../../testing-time/virtual-time.ts";
import type { Origin } from "../distribution-config.ts";
import { origin } from "../testing/distribution.ts";
import {
  askOrigins,
  type OriginAnswer,
  OriginError,
  type OriginFailure,
  type SendToOrigin,
} from "./ask-origins.ts";
import { fieldOf } from "./header-fields.ts";

/** What an origin does with each request in turn: answers, fails, never connects, connects and never answers, or stops midway. */
type Deed = number | OriginFailure | "no-connection" | "no-answer" | "half-an-answer";

const never = new Promise<never>(() => {});

async function* half(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half");
  await never;
}

async function* whole(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

interface Asked {
  readonly outcome: string;
  readonly by: readonly string[];
  readonly tookMs: number;
  readonly discarded: readonly string[];
}

async function ask(
  deeds: Readonly<Record<string, readonly Deed[]>>,
  options: {
    method?: string;
    origins?: readonly Origin[];
    statuses?: readonly number[];
    body?: boolean;
    patienceMs?: number;
  } = {},
): Promise<Asked> {
  const time = createVirtualTime();
  const by: string[] = [];
  const discarded: string[] = [];
  const send: SendToOrigin = async ({ id }, request, { onConnected, body }) => {
    by.push(id);
    const deed = deeds[id]?.[by.filter((one) => one === id).length - 1] ?? "origin-unreachable";
    if (deed === "no-connection") return never;
    if (deed === "origin-unreachable" || deed === "origin-unresolved") throw new OriginError(deed);
    onConnected();
    for await (const _ of body ?? []) await time.sleep(3_000); // an upload that takes its time
    if (deed === "no-answer") return never;
    if (deed === "origin-broken" || deed === "origin-timed-out") throw new Error("reset");
    const answer = { headers: { method: request.method }, discard: () => discarded.push(id) };
    if (deed === "half-an-answer") return { ...answer, status: 200, body: half() };
    return { ...answer, status: deed, body: whole(id) };
  };
  const startMs = time.now();
  const request = { method: options.method ?? "GET", target: "/", headers: {} };
  const work = async () => {
    const outcome = await askOrigins(
      {
        origins: options.origins ?? [origin("near"), origin("far")],
        failoverStatuses: options.statuses ?? [500, 502, 503, 504],
        request,
        ...(options.body ? { body: whole("xyz") } : {}),
      },
      { send, scheduler: time, patienceMs: options.patienceMs ?? 0 },
    );
    if (outcome.type === "failed") return outcome.failure;
    return `${outcome.origin.id} ${outcome.answer.status} ${await text(outcome.answer)}`;
  };
  const outcome = await time.run(work());
  expect(time.scheduled(), "no timer is left").toBe(0);
  return { outcome, by, tookMs: time.now() - startMs, discarded };
}

async function text({ body, headers }: OriginAnswer): Promise<string> {
  try {
    let read = fieldOf(headers, "method") === "HEAD" ? "head:" : "";
    for await (const chunk of body) read += Buffer.from(chunk).toString();
    return read;
  } catch {
    return "broken off";
  }
}

describe("an origin group", () => {
  it.each<[string, Record<string, Deed[]>, string, number]>([
    ["its first is well", { near: [200] }, "near 200 near", 0],
    ["the status is no failure", { near: [404] }, "near 404 near", 0],
    ["the first says 503", { near: [503], far: [200] }, "far 200 far", 0],
    ["the first refuses", { near: ["origin-unreachable"], far: [200] }, "far 200 far", 0],
    ["the first has no address", { near: ["origin-unresolved"], far: [200] }, "far 200 far", 0],
    ["the first breaks off", { near: ["origin-broken"], far: [200] }, "far 200 far", 0],
    ["no connection comes about", { near: ["no-connection"], far: [200] }, "far 200 far", 2_000],
    ["no answer comes", { near: ["no-answer"], far: [200] }, "far 200 far", 4_000],
    ["both say that they are not well", { near: [503], far: [502] }, "far 502 far", 0],
    ["neither is there", { near: ["no-connection"], far: ["no-answer"] }, "origin-timed-out", 6_000],
    ["the second refuses", { near: [500], far: ["origin-unreachable"] }, "origin-unreachable", 0],
    ["an answer stops midway", { near: ["half-an-answer"] }, "near 200 broken off", 4_000],
  ])("when %s", async (_, deeds, outcome, tookMs) => {
    const asked = await ask(deeds);
    expect(asked).toMatchObject({ outcome, tookMs });
  });

  it.each(["GET", "HEAD", "OPTIONS"])("asks its second for a %s", async (method) => {
    expect((await ask({ near: [503], far: [200] }, { method })).by).toEqual(["near", "far"]);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("asks its second for no %s", async (method) => {
    for (const deed of [503, "origin-unreachable", "no-answer"] as const)
      expect((await ask({ near: [deed], far: [200] }, { method })).by).toEqual(["near"]);
  });

  it("waits no less than it is told to, where a busy machine would look like an origin that is late", async () => {
    const deeds: Record<string, Deed[]> = { near: ["no-connection"], far: ["no-answer"] };
    expect(await ask(deeds, { patienceMs: 3_000 })).toMatchObject({ tookMs: 7_000 });
    expect(await ask(deeds, { patienceMs: 8_000 })).toMatchObject({ tookMs: 16_000 });
  });

  it("fails over by the statuses that it names, and lets go of the answer it does not use", async () => {
    const statuses = [404];
    expect((await ask({ near: [503], far: [200] }, { statuses })).outcome).toBe("near 503 near");
    const asked = await ask({ near: [404], far: [200] }, { statuses });
    expect(asked).toMatchObject({ outcome: "far 200 far", discarded: ["near"] });
  });
});

describe("one origin", () => {
  const often = [origin("near", { connectionAttempts: 3 })];

  it("is tried as often as it says, while no connection comes about", async () => {
    const asked = await ask(
      { near: ["no-connection", "origin-unreachable", 200] },
      { origins: often, method: "POST" },
    );
    expect(asked).toMatchObject({ outcome: "near 200 near", by: ["near", "near", "near"], tookMs: 2_100 });
    const failed = await ask(
      { near: ["no-connection", "no-connection", "no-connection"] },
      { origins: often },
    );
    expect(failed).toMatchObject({ outcome: "origin-timed-out", tookMs: 6_100 });
  });

  it("is asked a second time only for a read, which may have been carried out", async () => {
    expect((await ask({ near: ["no-answer", 200] }, { origins: often })).outcome).toBe("near 200 near");
    for (const method of ["POST", "OPTIONS"])
      expect(await ask({ near: ["no-answer", 200] }, { origins: often, method })).toMatchObject({
        outcome: "origin-timed-out",
        by: ["near"],
      });
    const upload = await ask({ near: ["origin-broken", 200] }, { origins: often, method: "GET", body: true });
    expect(upload.by, "a body is sent once").toEqual(["near"]);
  });

  it("is not late while a body is sent to it", async () => {
    const origins = [origin("near", { readTimeoutSeconds: 4 })];
    const asked = await ask({ near: [201] }, { origins, method: "POST", body: true });
    expect(asked).toMatchObject({ outcome: "near 201 near", tookMs: 3_000 });
  });
});
