import { describe, expect, test } from "vitest";
import { itemBytes } from "../items/item-size.ts";
import { currencyCodes } from "../money/money.ts";
import { origin, sku } from "../testing/arbitraries.ts";
import { productId } from "../testing/product-world.ts";
import { titleCharsMax, variantTitleCharsMax } from "./limits.ts";
import {
  itemToOffer,
  type Offer,
  type OfferClaim,
  offerClaimsMax,
  offerRivals,
  offerToItem,
  offerUnchanged,
  planOffer,
} from "./offer-item.ts";

const black = sku("LAMP-BLACK");
const us = origin("us-east-1#1");
const eu = origin("eu-west-1#1");

function claim(product: string, version: number, amountMinor?: number): OfferClaim {
  const prices = [{ amountMinor: amountMinor ?? 0, currency: "EUR" as const }];
  const offered = { productTitle: "Lamp", variantTitle: "Black", prices };
  return {
    productId: productId(product),
    vector: { [us]: version },
    ...(amountMinor === undefined ? {} : { offered }),
  };
}

/** The offer after these claims, in turn. */
function after(...claims: readonly OfferClaim[]): Offer | undefined {
  let offer: Offer | undefined;
  for (const one of claims) {
    const plan = planOffer(black, offer, one);
    offer = plan.type === "write" ? plan.offer : offer;
  }
  return offer;
}

describe("an offer's item", () => {
  test("is one read by SKU, flat, with nothing of other products when there are none", () => {
    const offer = after(claim("desk-lamp", 3, 100));
    expect(offer && offerToItem(offer)).toEqual({
      pk: "OFFER#LAMP-BLACK",
      sk: "OFFER",
      v: 1,
      product: "desk-lamp",
      version: "us-east-1#1:3",
      title: "Lamp",
      variant: "Black",
      prices: { EUR: 100 },
    });
  });

  test("says of a variant that is gone that it is withdrawn, and nothing else", () => {
    const offer = after(claim("desk-lamp", 3, 100), claim("desk-lamp", 4));
    expect(offer && offerToItem(offer)).toEqual({
      pk: "OFFER#LAMP-BLACK",
      sk: "OFFER",
      v: 2,
      product: "desk-lamp",
      version: "us-east-1#1:4",
      withdrawn: true,
    });
  });

  const good = offerToItem(after(claim("b", 1, 100), claim("a", 1, 100)) ?? ({} as Offer));
  test.each([
    ["pk", { pk: "OFFER#lamp" }],
    ["pk", { sk: "VIEW" }],
    ["v", { v: 0 }],
    ["v", { v: "1" }],
    ["product", { product: "Lamp" }],
    ["version", { version: "new form" }],
    ["title", { title: 1 }],
    ["variant", { variant: null }],
    ["prices", { prices: {} }],
    ["prices", { prices: { EUR: -1 } }],
    ["prices", { prices: { XXX: 1 } }],
    ["title", { withdrawn: true }],
    ["discount", { discount: 10 }],
    ["others", { others: [] }],
    ["others", { others: { "0": good["others"] ?? null } }],
    ["others", { others: { b: { version: "us-east-1#1:1", withdrawn: false } } }],
    ["others", { others: { b: { version: "us-east-1#1:1", withdrawn: true, colour: "red" } } }],
    ["others", { product: "c" }], // the other has the lower id
  ])("that this version does not know at %s is a failure: %j", (attribute, change) => {
    const read = itemToOffer({ ...good, ...change });
    expect(read).toMatchObject({ ok: false, error: { type: "item-not-understood", attribute } });
  });

  test("with as many products as it keeps, all at their limits, is below 80 KB", () => {
    const version = Object.fromEntries(
      Array.from({ length: 64 }, (_, at) => [origin(`ap-southeast-${(at % 9) + 1}#${at + 1}`), 1_234_567]),
    );
    const offered = {
      productTitle: "漢".repeat(titleCharsMax),
      variantTitle: "漢".repeat(variantTitleCharsMax),
      prices: currencyCodes.map((currency) => ({ currency, amountMinor: 99_999_999_999 })),
    };
    const claims = Array.from({ length: offerClaimsMax + 5 }, (_, at) => ({
      productId: productId(`${at + 10}${"x".repeat(62)}`),
      vector: version,
      offered,
    }));
    const offer = after(...claims);
    expect(offer?.others).toHaveLength(offerClaimsMax - 1);
    expect(offer && itemBytes(offerToItem(offer))).toBeLessThan(80 * 1024);
  });
});

describe("a product's claim", () => {
  test.each([
    ["the same of a later version", claim("desk-lamp", 4, 100), "leave"],
    ["the same of an older version", claim("desk-lamp", 2, 100), "leave"],
    ["another price of a later version", claim("desk-lamp", 4, 90), "write"],
    ["another price of that version, by a mended merge", claim("desk-lamp", 3, 90), "write"],
    ["another price of an older version", claim("desk-lamp", 2, 90), "behind"],
    ["a withdrawal of an older version", claim("desk-lamp", 2), "behind"],
    ["another price of a version beside it", { ...claim("desk-lamp", 0, 90), vector: { [eu]: 1 } }, "behind"],
    ["of another product that has had it, and was not known", claim("a-lamp", 9), "leave"],
  ])("is compared with what is stored: %s", (_what, next, type) => {
    expect(planOffer(black, after(claim("desk-lamp", 3, 100)), next).type).toBe(type);
  });
});

describe("two products that name one SKU", () => {
  const [a, b] = [claim("a-lamp", 1, 100), claim("b-lamp", 1, 200)];

  test("sell the lower id's, whichever came first", () => {
    for (const offer of [after(a, b), after(b, a)]) {
      expect(offer).toMatchObject({ holder: a, others: [b], counter: 2 });
      expect(offer && offerRivals(offer, a.productId)).toEqual([b.productId]);
      expect(offer && offerRivals(offer, b.productId)).toEqual([a.productId]);
    }
  });

  test("sell the other's at once when the first withdraws it, as it is by then", () => {
    const dearer = claim("b-lamp", 2, 300);
    const offer = after(a, b, dearer, claim("a-lamp", 2));
    expect(offer).toMatchObject({ holder: dearer, others: [claim("a-lamp", 2)] });
    expect(offer && offerRivals(offer, b.productId)).toEqual([]);
    expect(after(a, b, dearer, claim("a-lamp", 2), claim("a-lamp", 1, 100))).toEqual(offer);
  });

  test("are twenty at most, those who have it first: the rest come back when there is room", () => {
    const many = Array.from({ length: offerClaimsMax + 1 }, (_, at) => claim(`lamp-${at + 10}`, 1, 100));
    const gone = claim("lamp-00", 2);
    const full = after(claim("lamp-00", 1, 100), gone, ...many);
    expect(full?.others).toHaveLength(offerClaimsMax - 1);
    expect(full?.holder).toEqual(many[0]);
    const [last = gone] = many.slice(-1);
    expect(full?.others).not.toContain(last);
    expect(planOffer(black, full, last)).toEqual({ type: "leave" });
    const withRoom = after(...many, claim("lamp-10", 2), last);
    expect(withRoom?.others).toContainEqual(last);
    expect(withRoom?.others).toHaveLength(offerClaimsMax - 1);
  });
});

test.each([
  [undefined, { type: "absent", attribute: "v" }],
  [
    { pk: "", sk: "" },
    { type: "absent", attribute: "v" },
  ],
  [
    { pk: "", sk: "", v: 3 },
    { type: "equals", attribute: "v", value: 3 },
  ],
  [
    { pk: "", sk: "", v: "3" },
    { type: "equals", attribute: "v", value: "3" },
  ],
  [
    { pk: "", sk: "", v: [] },
    { type: "present", attribute: "v" },
  ],
])("an item counts as unchanged by its counter, whatever it is: %j", (item, condition) => {
  expect(offerUnchanged(item)).toEqual(condition);
});
