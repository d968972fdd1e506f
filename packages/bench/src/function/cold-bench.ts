import type { Bench, Effort } from "../bench.ts";
import { type Figure, figures } from "../figure.ts";
import { median } from "../measure/median.ts";
import { against, medianByName } from "../measure/rounds.ts";
import { cannedAnswers, cannedAvailability, cannedStock } from "../store/canned.ts";
import { type CannedAnswers, cannedAnswer } from "../store/canned-answer.ts";
import { type Loopback, serveStore } from "../store/loopback.ts";
import { soldSkuAt } from "../store/sample-shop.ts";
import { bundleDeployed, checkoutWithoutStripe, deployedBundles, withScratch } from "./bundles.ts";
import { comparedCalls } from "./calls.ts";
import { createInstance, type Started } from "./instance.ts";
import { apiHandler, checkoutHandler } from "./links.ts";
import type { BenchRequest } from "./requests.ts";

/** A bundle, and what it is asked first. */
interface Cold {
  readonly file: string;
  readonly handler: string;
  readonly store: Loopback;
  readonly request: BenchRequest;
}

async function coldStart({ file, handler, store, request }: Cold): Promise<Started> {
  const instance = createInstance(file, store.url, { handler });
  try {
    const started = await instance.start(request);
    if (started.answer.statusCode !== 200) {
      throw new Error(`${file}: ${started.answer.statusCode} ${started.answer.body}`);
    }
    return started;
  } finally {
    await instance.stop();
  }
}

/** The first one against the others, on the clock and of CPU. */
async function compareStarts(
  title: string,
  own: string,
  coldByName: ReadonlyMap<string, Cold>,
  { coldStarts }: Effort,
): Promise<readonly Figure[]> {
  const cpuMs = new Map([...coldByName.keys()].map((name): [string, number[]] => [name, []]));
  const contenders = [...coldByName].map(([name, cold]) => ({
    name,
    async sample() {
      const started = await coldStart(cold);
      cpuMs.get(name)?.push(started.cpuMs);
      return started.ms;
    },
  }));
  const onClock = against(own, await medianByName(contenders, coldStarts));
  const cpuMedians = new Map([...cpuMs].map(([name, samples]) => [name, median(samples)]));
  const ofCpu = against(own, cpuMedians);
  return [
    ...figures(title, "ms", onClock.value, onClock.peers),
    ...figures(title, "ms of CPU", ofCpu.value, ofCpu.peers),
  ];
}

async function withStores<T>(
  answers: readonly CannedAnswers[],
  work: (stores: readonly Loopback[]) => Promise<T>,
): Promise<T> {
  const stores = await Promise.all(
    answers.map((canned) =>
      serveStore((request, body) => ({
        status: 200,
        body: cannedAnswer(canned, String(request.headers["x-amz-target"]), body),
      })),
    ),
  );
  try {
    return await work(stores);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

/** A new process each time: from before the import until something has been read from a store on the loopback. */
export const coldBench: Bench = {
  name: "cold start",
  run: (effort, report) =>
    withScratch(async (folder) => {
      const nowMs = Date.now();
      return withStores(
        [cannedAnswers(nowMs), cannedAvailability(nowMs)],
        async ([products, stock]): Promise<readonly Figure[]> => {
          if (products === undefined || stock === undefined) {
            throw new Error("a store was not started");
          }
          const request = comparedCalls(nowMs)["product read"];
          const ofApi = (file: string): Cold => ({ file, handler: apiHandler, store: products, request });
          const ofCheckout = (file: string): Cold => ({
            file,
            handler: checkoutHandler,
            store: stock,
            request: { method: "GET", path: `/v1/stock/${soldSkuAt(cannedStock)}` },
          });
          const apis = await deployedBundles(folder);
          const deployed = await bundleDeployed(folder, { checkout: checkoutHandler });
          const withoutStripe = await checkoutWithoutStripe(folder);
          report(`cold start: ${effort.coldStarts} processes of each form of the API`);
          const api = await compareStarts(
            "api cold import and first product read",
            "antipode",
            new Map([...apis].map(([form, file]) => [form, ofApi(file)])),
            effort,
          );
          report(`cold start: ${effort.coldStarts} processes of each form of the checkout`);
          const checkout = await compareStarts(
            "checkout cold import and first availability read",
            "checkout",
            new Map([
              ["checkout", ofCheckout(deployed.get("checkout") ?? "")],
              ["the same without Stripe's SDK", ofCheckout(withoutStripe)],
              ["API function, first product read", ofApi(apis.get("antipode") ?? "")],
            ]),
            effort,
          );
          return [...api, ...checkout];
        },
      );
    }),
};
