import type { Bench } from "../bench.ts";
import { type Figure, figures } from "../figure.ts";
import {
  type BundleSize,
  bundleDeployed,
  checkoutWithoutStripe,
  deployedBundles,
  forms,
  sizeOf,
  withScratch,
} from "./bundles.ts";
import { checkoutHandler } from "./links.ts";

/** One bundle against others, minified and packed. */
function compareSizes(
  name: string,
  own: BundleSize,
  others: ReadonlyMap<string, BundleSize>,
): readonly Figure[] {
  const of = (size: keyof BundleSize) =>
    new Map([...others].map(([other, sizes]): [string, number] => [other, sizes[size]]));
  return [
    ...figures(`${name}, minified`, "bytes", own.bytes, of("bytes")),
    ...figures(`${name}, gzip`, "bytes", own.gzipBytes, of("gzipBytes")),
  ];
}

/** What has to be loaded before a cold function can answer. */
export const sizeBench: Bench = {
  name: "function bundles",
  run: (_effort, report) =>
    withScratch(async (folder) => {
      report(`function bundles: ${[...forms, "checkout"].join(", ")}`);
      const files = await deployedBundles(folder);
      const sizeByForm = new Map(
        [...files].map(([form, file]): [string, BundleSize] => [form, sizeOf(file)]),
      );
      const api = sizeByForm.get("antipode") ?? { bytes: 0, gzipBytes: 0 };
      sizeByForm.delete("antipode");
      const checkout = (await bundleDeployed(folder, { checkout: checkoutHandler })).get("checkout") ?? "";
      const peers = new Map([
        ["the same without Stripe's SDK", sizeOf(await checkoutWithoutStripe(folder))],
        ["API function", api],
      ]);
      return [
        ...compareSizes("api bundle", api, sizeByForm),
        ...compareSizes("checkout bundle", sizeOf(checkout), peers),
      ];
    }),
};
