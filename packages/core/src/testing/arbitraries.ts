import fc from "fast-check";
import type { Stamp } from "../clock/stamp.ts";
import type { VersionVector } from "../clock/version-vector.ts";
import { isOrderId, type OrderId } from "../ids/order-id.ts";
import { isOrigin, type Origin } from "../ids/origin.ts";
import { isSku, type Sku } from "../ids/product-ids.ts";
import { isOperationId, isUlid, type OperationId, type Ulid } from "../ids/ulid.ts";

function checked<T extends string>(text: string, is: (text: string) => text is T): T {
  if (!is(text)) {
    throw new Error(`the test's own data is malformed: ${text}`);
  }
  return text;
}

export const origin = (text: string): Origin => checked(text, isOrigin);
export const sku = (text: string): Sku => checked(text, isSku);
export const orderId = (text: string): OrderId => checked(text, isOrderId);
export const ulid = (text: string): Ulid => checked(text, isUlid);
export const operationId = (text: string): OperationId => checked(text, isOperationId);

/** A ULID of that time, with the number as its random part. */
export function ulidAt(ms: number, number: number): Ulid {
  const base32 = (value: number, chars: number) =>
    value
      .toString(32)
      .replace(/./g, (digit) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number.parseInt(digit, 32)] ?? "0")
      .padStart(chars, "0");
  return ulid(base32(ms, 10) + base32(number, 16));
}

/** Three regions and a second life of one of them. */
export const origins = ["us-east-1#1", "eu-west-1#1", "ap-south-1#1", "us-east-1#2"].map(origin);

export const anyOrigin: fc.Arbitrary<Origin> = fc.constantFrom(...origins);

export const anyVector: fc.Arbitrary<VersionVector> = fc
  .array(fc.tuple(anyOrigin, fc.nat({ max: 4 })), { maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

export const anyStamp: fc.Arbitrary<Stamp> = fc.record({
  ms: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 2_000_000_000_000 })),
  counter: fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 99_999 })),
  origin: anyOrigin,
});
