import { type ItemValue, isItemList, isItemMap, isStringSet } from "../items/item.ts";

/** One text for equal values, whatever order a store gives back a map's members or a set's. */
export function valueToText(value: ItemValue): string {
  if (isItemList(value)) {
    return `[${value.map(valueToText).join()}]`;
  }
  if (isStringSet(value)) {
    return `<${[...value].sort().map(valueToText).join()}>`;
  }
  if (isItemMap(value)) {
    const members = Object.keys(value)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${valueToText(value[name] ?? null)}`);
    return `{${members.join()}}`;
  }
  return JSON.stringify(value);
}

export function equalValues(left: ItemValue, right: ItemValue): boolean {
  return left === right || (typeof left === typeof right && valueToText(left) === valueToText(right));
}

/**
 * 53 bits that tell two texts apart by accident, not by intent (cyrb53, public domain): whoever reuses an operation id
 * on purpose harms only the answer to their own request.
 */
export function textDigest(text: string, seed = 0): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
