import type { Bench } from "../bench.ts";
import { figures } from "../figure.ts";
import { median } from "../measure/median.ts";
import { against, medianByName } from "../measure/rounds.ts";
import { cannedAnswers } from "../store/canned.ts";
import { cannedAnswer } from "../store/canned-answer.ts";
import { serveStore } from "../store/loopback.ts";
import { deployedBundles, withScratch } from "./bundles.ts";
import { comparedCalls } from "./calls.ts";
import { createInstance, type Started } from "./instance.ts";

async function coldStart(file: string, storeUrl: string, nowMs: number): Promise<Started> {
  const instance = createInstance(file, storeUrl);
  try {
    const started = await instance.start(comparedCalls(nowMs)["product read"]);
    if (started.answer.statusCode !== 200) {
      throw new Error(`${file}: ${started.answer.statusCode} ${started.answer.body}`);
    }
    return started;
  } finally {
    await instance.stop();
  }
}

/** A new process each time: from before the import until a product has been read from a store on the loopback. */
export const coldBench: Bench = {
  name: "api cold start",
  run: ({ coldStarts }, report) =>
    withScratch(async (folder) => {
      const nowMs = Date.now();
      const answers = cannedAnswers(nowMs);
      const store = await serveStore((request, body) => ({
        status: 200,
        body: cannedAnswer(answers, String(request.headers["x-amz-target"]), body),
      }));
      try {
        const files = [...(await deployedBundles(folder))];
        report(`api cold start: ${coldStarts} processes of each form`);
        const cpuMs = new Map(files.map(([form]): [string, number[]] => [form, []]));
        const contenders = files.map(([name, file]) => ({
          name,
          async sample() {
            const started = await coldStart(file, store.url, nowMs);
            cpuMs.get(name)?.push(started.cpuMs);
            return started.ms;
          },
        }));
        const onClock = against("antipode", await medianByName(contenders, coldStarts));
        const cpuMedians = new Map([...cpuMs].map(([name, samples]) => [name, median(samples)]));
        const ofCpu = against("antipode", cpuMedians);
        const title = "api cold import and first product read";
        return [
          ...figures(title, "ms", onClock.value, onClock.peers),
          ...figures(title, "ms of CPU", ofCpu.value, ofCpu.peers),
        ];
      } finally {
        await store.close();
      }
    }),
};
