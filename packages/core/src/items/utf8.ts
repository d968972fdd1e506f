/** Bytes of one code point in UTF-8; half a surrogate pair takes the three of its replacement. */
function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) {
    return 1;
  }
  if (codePoint < 0x800) {
    return 2;
  }
  return codePoint < 0x10000 ? 3 : 4;
}

export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character.codePointAt(0) ?? 0);
  }
  return bytes;
}

/** The order of a sort key: by UTF-8 bytes, which is by code points and differs from JavaScript's own order. */
export function compareUtf8(a: string, b: string): number {
  const left = a[Symbol.iterator]();
  const right = b[Symbol.iterator]();
  for (;;) {
    const one = left.next();
    const other = right.next();
    if (one.done === true || other.done === true) {
      return Number(other.done ?? false) - Number(one.done ?? false);
    }
    const difference = (one.value.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
}
