/** One execution environment of a function: a fresh process that imports its bundle when told to. */
import type { FunctionAnswer, InstanceCall, InstanceReport } from "./instance-protocol.ts";

type Handler = (event: object, context: object) => Promise<FunctionAnswer>;

const context = { awsRequestId: "bench", functionName: "bench", getRemainingTimeInMillis: () => 10_000 };
const [, , bundle = ""] = process.argv;
let handler: Handler | undefined;

async function start(event: object): Promise<InstanceReport> {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const loaded = (await import(bundle)) as { handler: Handler };
  handler = loaded.handler;
  const answer = await handler(event, context);
  const ms = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(before);
  return { type: "started", ms, cpuMs: (user + system) / 1000, answer };
}

async function carryOut(call: InstanceCall): Promise<InstanceReport> {
  if (call.type === "start") {
    return start(call.event);
  }
  if (handler === undefined) {
    throw new Error("called before it was started");
  }
  if (call.type === "invoke") {
    return { type: "answered", answer: await handler(call.event, context) };
  }
  let answer: FunctionAnswer = { statusCode: 0 };
  const text = JSON.stringify(call.event); // Lambda's runtime parses every event too
  const before = process.cpuUsage();
  for (let count = 0; count < call.calls; count += 1) {
    answer = await handler(JSON.parse(text), context);
  }
  const { user, system } = process.cpuUsage(before);
  return { type: "measured", cpuMicrosPerCall: (user + system) / call.calls, answer };
}

process.on("message", (call: InstanceCall) => {
  carryOut(call)
    .catch(
      (error: unknown): InstanceReport => ({
        type: "failed",
        reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    )
    .then((report) => process.send?.(report));
});

process.once("disconnect", () => process.exit()); // whoever asked is gone, and so is the way to answer
