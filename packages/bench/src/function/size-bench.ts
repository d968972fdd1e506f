import type { Bench } from "../bench.ts";
import { figures } from "../figure.ts";
import { type BundleSize, deployedBundles, forms, sizeOf, withScratch } from "./bundles.ts";

function sizes(sizeByForm: ReadonlyMap<string, BundleSize>, size: keyof BundleSize) {
  const values = new Map([...sizeByForm].map(([form, sizes]) => [form, sizes[size]]));
  const own = values.get("antipode") ?? 0;
  values.delete("antipode");
  return { own, values };
}

/** What has to be loaded before a cold function can answer. */
export const sizeBench: Bench = {
  name: "api bundle",
  run: (_effort, report) =>
    withScratch(async (folder) => {
      report(`api bundle: ${forms.join(", ")}`);
      const files = await deployedBundles(folder);
      const sizeByForm = new Map([...files].map(([form, file]) => [form, sizeOf(file)]));
      const minified = sizes(sizeByForm, "bytes");
      const packed = sizes(sizeByForm, "gzipBytes");
      return [
        ...figures("api bundle, minified", "bytes", minified.own, minified.values),
        ...figures("api bundle, gzip", "bytes", packed.own, packed.values),
      ];
    }),
};
