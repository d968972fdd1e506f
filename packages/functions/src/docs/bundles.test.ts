import { beforeAll, describe, expect, test } from "vitest";
import { type Bundled, bundleOf, filesIn } from "../testing/bundle-of.ts";

let api: Bundled;
let docs: Bundled;

beforeAll(async () => {
  [api, docs] = await Promise.all([bundleOf("api"), bundleOf("docs")]);
});

describe("the shop's function", () => {
  test("has nothing of the specification or its page", () => {
    expect(filesIn(api, /src\/api\/route\.ts$/)).toHaveLength(1);
    expect(filesIn(api, /src\/docs\/|src\/api\/specification\/|openapi|swagger/)).toEqual([]);
  });
});

describe("the documentation's function", () => {
  test("has its own code, and none of the shop's: no route, no contract, no session, no store", () => {
    expect(filesIn(docs, /src\/docs\/files\.ts$/)).toHaveLength(1);
    expect(filesIn(docs, /src\/api\/(routes|specification)\/|\/(create-api|route|contract)\.ts$/)).toEqual(
      [],
    );
    expect(filesIn(docs, /@aws-sdk|node_modules\/jose|swagger|openapi/)).toEqual([]);
  });

  test("is the smaller one by far: the files lie beside it", () => {
    expect(docs.bytes).toBeLessThan(api.bytes / 2);
  });
});
