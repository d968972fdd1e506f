import { beforeEach, describe, expect, it } from "vitest";
import { type AskPorts, askUntilServed, waitUntilReady } from "./first-answers.ts";

const regions = ["us-east-1", "eu-west-1"];
const api = (region: string) => `http://${region}.test`;

let asked: string[];
let waited: number;
/** Of each host the next answers, the last one for ever; 0 is none at all. */
let answers: Record<string, number[]>;

beforeEach(() => {
  [asked, waited, answers] = [[], 0, {}];
});

const ports: AskPorts = {
  fetch: async (url) => {
    const { hostname } = new URL(url);
    asked.push(url);
    const left = answers[hostname] ?? [200];
    const status = (left.length > 1 ? left.shift() : left[0]) ?? 200;
    if (status === 0) throw new Error("connect ECONNREFUSED");
    return Response.json({}, { status });
  },
  delay: async (ms) => {
    waited += ms;
  },
};

describe("a world that comes up", () => {
  it("is waited for until every region has read its tables", async () => {
    answers = { "eu-west-1.test": [0, 503, 503, 200] };
    expect(await waitUntilReady(regions, api, ports)).toEqual([]);
    expect(asked.filter((url) => url === "http://eu-west-1.test/ready")).toHaveLength(4);
    expect(asked.filter((url) => url === "http://us-east-1.test/ready")).toHaveLength(1);
    expect(waited).toBe(3_000);
  });

  it.each([503, 0, 500])(
    "that never gets that far (%i) is not waited for without end, and named",
    async (status) => {
      answers = { "eu-west-1.test": [status] };
      expect(await waitUntilReady(regions, api, ports)).toEqual(["eu-west-1"]);
      expect(asked.length).toBeLessThanOrEqual(21);
    },
  );
});

describe("a first request", () => {
  it("is sent again while the region is not able to, as it is", async () => {
    answers = { "us-east-1.test": [503, 200] };
    const sent: RequestInit[] = [];
    const response = await askUntilServed(
      "http://us-east-1.test/v1/carts",
      { method: "POST" },
      {
        ...ports,
        fetch: (url, init) => {
          sent.push(init);
          return ports.fetch(url, init);
        },
      },
    );
    expect(response.status).toBe(200);
    expect(sent.map(({ method }) => method)).toEqual(["POST", "POST"]);
  });

  it("is told what is wrong with it, or that nobody answers", async () => {
    answers = { "us-east-1.test": [404] };
    expect((await askUntilServed("http://us-east-1.test/x", {}, ports)).status).toBe(404);
    answers = { "us-east-1.test": [0] };
    await expect(askUntilServed("http://us-east-1.test/x", {}, ports)).rejects.toThrow("ECONNREFUSED");
  });
});
