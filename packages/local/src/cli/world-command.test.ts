import { err, ok, type Result } from "@antipode/core";
import { beforeEach, describe, expect, it } from "vitest";
import { faultForms } from "../faults/fault.ts";
import type { Refusal } from "./ask-world.ts";
import { runWorldCommand } from "./world-command.ts";

const regions = ["us-east-1", "eu-west-1"];
let asked: unknown[][] = [];
let answer: Result<unknown, Refusal>;

beforeEach(() => {
  asked = [];
  answer = ok([]);
});

/** Nothing here asks the shop itself: `steer-in-world.test.ts` does. */
const shop = {
  fetch: () => Promise.reject(new Error("the shop was asked")),
  nowMs: () => 0,
  delay: async () => {},
};

const run = (...argv: string[]) =>
  runWorldCommand(argv, {
    regions,
    shop,
    ask: async (...question) => {
      asked.push(question);
      return answer;
    },
  });

describe("npm run world", () => {
  it.each<[string, unknown[], unknown, string | RegExp]>([
    ["status --json", ["/status"], { seed: 1 }, /"seed": 1/],
    ["alarms --json", ["/alarms"], [{ name: "Bad" }], /"name": "Bad"/],
    ["alarms", ["/alarms"], [], "this world has no alarms"],
    ["messages", ["/messages"], [], "nobody has been told anything"],
    ["messages --json", ["/messages"], [], "[]"],
    ["pay ledger", ["/payments/ledger"], { payments: [] }, /"payments": \[\]/],
    [
      "skew eu-west-1 2h",
      ["/faults", { type: "skew", region: "eu-west-1", ms: 7_200_000 }],
      { said: ["now: a", "now: b"] },
      "now: a\nnow: b",
    ],
    ["run Repair", ["/run", { function: "Repair" }], [{ region: "us-east-1", answer: 3 }], /us-east-1 {2}3$/],
    ["run Repair eu-west-1", ["/run", { function: "Repair", region: "eu-west-1" }], [], /^region/],
    [
      "invoke Reclaim eu-west-1 [1]",
      ["/invoke", { function: "Reclaim", region: "eu-west-1", payload: [1] }],
      { region: "eu-west-1", answer: { took: 2 } },
      '{"took":2}',
    ],
    [
      "dns api eu-west-1",
      ["/dns", { name: "api", near: "eu-west-1" }],
      [{ near: "eu-west-1", name: "api.shop.test.", status: "found", records: [] }],
      /^near +api.shop.test\neu-west-1/,
    ],
    ["dns api", ["/dns", { name: "api" }], [], /^near/],
    ["replay", ["/replay", {}], [{ region: "us-east-1", replayed: 7 }], /us-east-1 {2}7/],
    [
      "backfill --force eu-west-1",
      ["/backfill", { region: "eu-west-1", force: true }],
      [],
      /^region +rebuilt/,
    ],
  ])("%s asks the world, prints its answer and exits with 0", async (line, question, value, out) => {
    answer = ok(value);
    const said = await run(...line.split(" "));
    expect(asked).toEqual([question]);
    expect(said).toEqual({
      exitCode: 0,
      out: typeof out === "string" ? out : expect.stringMatching(out),
    });
  });

  it.each([
    [
      "run Repair",
      [{ region: "us-east-1", error: "it broke" }],
      { out: expect.stringContaining("it broke") },
    ],
    ["replay", [{ region: "us-east-1", error: "it broke" }], { out: expect.stringContaining("it broke") }],
    [
      "dns nowhere",
      [{ near: "us-east-1", name: "nowhere.shop.test.", status: "no-such-name", records: [] }],
      { out: expect.stringContaining("us-east-1  no-such-name") },
    ],
    [
      "invoke Reclaim us-east-1",
      { region: "us-east-1", error: "it broke" },
      { error: "Reclaim in us-east-1 failed: it broke" },
    ],
  ])("%s exits with 1 when it failed", async (line, value, said) => {
    answer = ok(value);
    expect(await run(...line.split(" "))).toEqual({ exitCode: 1, ...said });
  });

  it.each([
    "status",
    "dns api",
    "pay ledger",
    "pay ok",
    "run Repair",
    "invoke Reclaim us-east-1",
    "replay",
    "backfill",
  ])("%s exits with 1 without a world, and with 2 when the world does not know a word", async (line) => {
    answer = err({ usage: false, text: "no world" });
    expect(await run(...line.split(" "))).toEqual({ exitCode: 1, error: "no world" });
    answer = err({ usage: true, text: "no such function" });
    expect(await run(...line.split(" "))).toEqual({ exitCode: 2, error: "no such function" });
  });

  it.each([
    [
      "",
      'unknown command "": choose from status, alarms, messages, dns, run, invoke, replay, backfill, drain, restore, cut',
    ],
    [
      "dance",
      'unknown command "dance": choose from status, alarms, messages, dns, run, invoke, replay, backfill, drain, restore, cut',
    ],
    ["toString", 'unknown command "toString"'],
    ["status now", '"now" is not understood; usage: status [--json]'],
    ["pay fast", 'unknown word "fast" after "pay": choose from slow, decline'],
    ["pay ledger all", '"all" is one word too many; usage: pay ledger'],
    ["cut us-east-1 mars", 'unknown place "mars": choose from us-east-1, eu-west-1, outside, payments'],
    ["dns", "too few words; usage: dns <name> [A]"],
    ["dns api mars", 'unknown region "mars": choose from us-east-1, eu-west-1'],
    ["dns api us-east-1 now", '"now" is one word too many; usage: dns <name> [A]'],
    ["run", "too few words; usage: run <function> [A]"],
    ["run Repair mars", 'unknown region "mars": choose from us-east-1, eu-west-1'],
    ["run Repair us-east-1 now", '"now" is one word too many; usage: run <function> [A]'],
    ["invoke Reclaim", "usage: invoke <function> A"],
    ["replay mars", 'unknown region "mars"'],
    ["replay --force", 'unknown region "--force"'],
    ["backfill us-east-1 eu-west-1", '"eu-west-1" is one word too many; usage: backfill [A] [--force]'],
  ])("%s is refused in one line with 2, and the world not asked", async (line, error) => {
    const said = await run(...line.split(" "));
    expect(said).toEqual({ exitCode: 2, error: expect.stringContaining(error) });
    expect(said.error).not.toContain("\n");
    expect(asked).toEqual([]);
  });

  it("without a command says which there are", async () => {
    expect(await run()).toEqual({
      exitCode: 2,
      error: expect.stringMatching(/^which command\? Choose.* pay, help$/),
    });
  });

  it.each(["help", "--help", "-h", "cut --help"])(
    "helps with %s, in which every command is",
    async (line) => {
      const said = await run(...line.split(" "));
      expect(said).toEqual({ exitCode: 0, out: expect.stringContaining("npm run world -- <command>") });
      for (const form of [
        ...Object.values(faultForms),
        "pay ledger",
        "status [--json]",
        "dns <name> [A]",
        "replay [A]",
      ]) {
        expect(said.out).toContain(`  ${form}\n`);
      }
      expect(asked).toEqual([]);
    },
  );
});
