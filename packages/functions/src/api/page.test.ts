import { describe, expect, test } from "vitest";
import { fillPage, pageBytesMax } from "./page.ts";

/** A body of so many bytes within JSON: its own quotes are escaped, and quotes stand around it. */
const sized = (bytes: number) => "x".repeat(bytes - 6);

describe("a page", () => {
  test.each([
    [[0.5, 0.5], 2],
    [[0.5, 0.6], 1],
    [[1.5, 0.1], 1],
    [[0.4, 0.4, 0.2, 0.1], 3],
  ])("of shares %j of its bytes has %i, and one at least", (shares, count) => {
    const found = shares.map((share, index) => ({ index, body: sized(share * pageBytesMax) }));
    const page = fillPage(found, 100, ({ body }) => body);
    expect(page.bodies).toHaveLength(count);
    expect(page.goesOnAfter?.index).toBe(count < shares.length ? count - 1 : undefined);
  });

  test("counts bytes, and quotes as what Lambda makes of them", () => {
    const bytesOf = (text: string) =>
      fillPage([text.repeat(500_000), sized(2_000_000)], 9, (body) => body).bodies.length;
    expect([bytesOf("xxx"), bytesOf("灯"), bytesOf('"'), bytesOf("灯灯")]).toEqual([2, 2, 1, 1]);
  });

  test("goes on behind what has no body, and ends with its number", () => {
    const toBody = (number: number) => (number % 2 === 0 ? number : undefined);
    expect(fillPage([2, 3, 4], 2, toBody)).toEqual({ bodies: [2], goesOnAfter: 3 });
    expect(fillPage([2, 3], 2, toBody)).toEqual({ bodies: [2], goesOnAfter: undefined });
  });
});
