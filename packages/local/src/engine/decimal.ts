/**
 * DynamoDB's numbers: decimals of up to 38 significant digits. JavaScript's numbers cannot hold them.
 */

/** `units` × 10^−`scale`, without trailing zeros in `units`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const significantDigitsMax = 38;
/** The largest and smallest decimal exponents of DynamoDB's numbers: 1E-130 to 9.99…E+125. */
const exponentMax = 125;
const exponentMin = -130;

function normalised(units: bigint, scale: number): Decimal {
  if (units === 0n) return { units: 0n, scale: 0 };
  let trimmed = units;
  let trimmedScale = scale;
  while (trimmed % 10n === 0n) {
    trimmed /= 10n;
    trimmedScale -= 1;
  }
  return { units: trimmed, scale: trimmedScale };
}

/** Reads plain and exponent notation; the caller has checked that the text is a number. */
export function parseDecimal(text: string): Decimal {
  const [mantissa = "0", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return normalised(BigInt(`${whole}${fraction}` || "0"), fraction.length - Number(exponent));
}

/** Plain notation, as DynamoDB answers. */
export function formatDecimal({ units, scale }: Decimal): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString();
  if (scale <= 0) return `${sign}${digits}${"0".repeat(-scale)}`;
  const padded = digits.padStart(scale + 1, "0");
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale), scale];
}

export function compareDecimals(a: string, b: string): number {
  const [left, right] = aligned(parseDecimal(a), parseDecimal(b));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What is wrong with a sum, in DynamoDB's words. */
export class DecimalRangeError extends Error {}

/** The exact sum or difference, normalised. Throws `DecimalRangeError` when DynamoDB could not store it. */
export function addDecimals(a: string, b: string, sign: 1 | -1): string {
  const [left, right, scale] = aligned(parseDecimal(a), parseDecimal(b));
  const sum = normalised(sign === 1 ? left + right : left - right, scale);
  const digits = (sum.units < 0n ? -sum.units : sum.units).toString().length;
  const exponent = digits - 1 - sum.scale;
  if (sum.units !== 0n && exponent > exponentMax) {
    throw new DecimalRangeError(
      "Number overflow. Attempting to store a number with magnitude larger than supported range",
    );
  }
  if (sum.units !== 0n && exponent < exponentMin) {
    throw new DecimalRangeError(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range",
    );
  }
  if (digits > significantDigitsMax) {
    throw new DecimalRangeError("Attempting to store more than 38 significant digits in a Number");
  }
  return formatDecimal(sum);
}

/** A string that sorts as the number does: sign, exponent, digits; digits complemented below zero. */
export function decimalSortText(text: string): string {
  const { units, scale } = parseDecimal(text);
  if (units === 0n) return "1";
  const digits = (units < 0n ? -units : units).toString();
  const exponent = digits.length - 1 - scale - exponentMin;
  if (units > 0n) return `2${String(exponent).padStart(3, "0")}${digits}`;
  const complemented = [...digits].map((digit) => String(9 - Number(digit))).join("");
  // the tilde sorts above every digit: of two negative numbers the one with more digits is the smaller
  return `0${String(999 - exponent).padStart(3, "0")}${complemented}~`;
}

/** Bytes that a number takes: half a byte a significant digit, one for the exponent, one for a minus sign. */
export function decimalSize(text: string): number {
  const { units, scale } = parseDecimal(text);
  if (units === 0n) return 1;
  const digits = (units < 0n ? -units : units).toString().length;
  const exponent = digits - 1 - scale;
  const straddles = digits % 2 === 0 && exponent % 2 === 0 ? 1 : 0;
  return 1 + Math.ceil(digits / 2) + straddles + (units < 0n ? 1 : 0);
}
