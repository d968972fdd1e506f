import type { Fetch, Listed, ListedRegion } from "../shop-regions.ts";
import type { SteeringDeps } from "../steer-region.ts";

export const names = ["us-east-1", "eu-west-1", "ap-south-1"];
const domain = "shop.test";
export const urlOf = (name: string) => `https://${name}.${domain}`;

type Ports = Pick<SteeringDeps, "fetch" | "nowMs" | "delay" | "progress">;

export interface Call {
  readonly url: string;
  readonly method: string;
  readonly authorization?: string;
  readonly redirect?: string;
  readonly body?: unknown;
}

/** What a region answers a command with; nothing when it does not answer at all. */
export type CommandAnswer = { readonly status: number; readonly body: unknown } | undefined;

const open = (name: string): ListedRegion => ({ name, url: urlOf(name), state: "open", voters: [] });

const lagTo = (to: string): Listed["lag"] =>
  names
    .filter((from) => from !== to)
    .map((from) => ({
      from,
      days: [{ until: "2026-10-09T08:53:31.090Z", count: 4, medianMs: 80.4, p99Ms: 212 }],
    }));

/** A shop of three regions on a clock that steps: each look at a region shows the next of its states, then the last. */
export function createShopDouble() {
  const calls: Call[] = [];
  const down = new Set<string>();
  const said: string[] = [];
  const answers = new Map<string, CommandAnswer>();
  let states: Partial<ListedRegion>[] = [{}];
  const others = new Map<string, Partial<ListedRegion>>();
  let nowMs = 0;

  const written = (region: string, action: string, body: unknown) => ({
    region,
    action,
    by: "alice",
    reason: String(Reflect.get(Object(body), "reason")),
    at: "2026-10-09T08:53:20.000Z",
  });

  const list = (servedBy: string): Listed => {
    const [state = {}] = states.length > 1 ? states.splice(0, 1) : states;
    const regions = names.map((name) => ({
      ...open(name),
      ...(name === "eu-west-1" ? state : others.get(name)),
    }));
    return { servedBy, regions, lag: lagTo(servedBy) };
  };

  const fetch: Fetch = async (url, init) => {
    const { hostname, pathname } = new URL(url);
    const name = names.find((one) => hostname.startsWith(`${one}.`)) ?? "us-east-1";
    const headers = new Headers(init.headers);
    const authorization = headers.get("authorization");
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    calls.push({
      url,
      method: init.method ?? "GET",
      ...(authorization === null ? {} : { authorization }),
      ...(init.redirect === undefined ? {} : { redirect: init.redirect }),
      ...(body === undefined ? {} : { body }),
    });
    if (down.has(name)) throw new Error("connect ECONNREFUSED");
    if (pathname === "/v1/regions") return Response.json(list(name));
    const [, , , region = "", action = ""] = pathname.split("/");
    const { status, body: answer } = answers.get(name) ?? {
      status: 202,
      body: written(region, action, body),
    };
    return Response.json(answer, { status });
  };

  const ports: { -readonly [Port in keyof Ports]: Ports[Port] } = {
    fetch,
    nowMs: () => nowMs,
    delay: async (ms) => {
      nowMs += ms;
    },
    progress: (line) => said.push(line),
  };

  return {
    ...ports,
    ports,
    calls,
    said,
    down,
    answers,
    tokensSentTo: () =>
      calls.filter(({ authorization }) => authorization).map(({ url }) => new URL(url).host),
    show(...next: Partial<ListedRegion>[]) {
      states = next;
    },
    showOther(name: string, state: Partial<ListedRegion>) {
      others.set(name, state);
    },
    elapsedMs: () => nowMs,
  };
}
