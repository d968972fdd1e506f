import { type Bench, type Effort, scaled } from "../bench.ts";
import { type Figure, figures } from "../figure.ts";
import { against, medianByName } from "../measure/rounds.ts";
import { cannedAnswers } from "../store/canned.ts";
import { storelessBundles, withScratch } from "./bundles.ts";
import { comparedCalls } from "./calls.ts";
import { createInstance, type Instance } from "./instance.ts";
import type { BenchRequest } from "./requests.ts";

/** Enough for the compiler to have seen the hot paths; the first rounds are slower and the median leaves them out. */
const callsPerSample = 400;

async function compare(
  name: string,
  request: BenchRequest,
  instances: ReadonlyMap<string, Instance>,
  effort: Effort,
): Promise<readonly Figure[]> {
  const contenders = [...instances].map(([form, instance]) => ({
    name: form,
    sample: () => instance.measure(request, scaled(callsPerSample, effort)),
  }));
  const { value, peers } = against("antipode", await medianByName(contenders, effort.rounds));
  return figures(`api ${name}, warm`, "µs of CPU per call", value, peers);
}

/** CPU of a warm function for one call, with the SDK's transport answering from memory. */
export const warmBench: Bench = {
  name: "api warm calls",
  run: (effort, report) =>
    withScratch(async (folder) => {
      const nowMs = Date.now();
      const variables = { BENCH_CANNED_ANSWERS: JSON.stringify(cannedAnswers(nowMs)) };
      const instances = new Map<string, Instance>();
      try {
        for (const [form, file] of await storelessBundles(folder)) {
          instances.set(form, createInstance(file, "http://127.0.0.1:1", { variables }));
        }
        const calls = Object.entries(comparedCalls(nowMs));
        for (const instance of instances.values()) {
          await instance.start(comparedCalls(nowMs)["product read"]);
        }
        const found: Figure[] = [];
        for (const [name, request] of calls) {
          report(`api warm calls: ${name}`);
          found.push(...(await compare(name, request, instances, effort)));
        }
        return found;
      } finally {
        await Promise.all([...instances.values()].map((instance) => instance.stop()));
      }
    }),
};
