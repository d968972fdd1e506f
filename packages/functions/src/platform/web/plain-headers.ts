/** RFC 9110 §5.6.2: the letters of a method or of a header's name. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** One byte for each character, and none that could end a header. */
const oneLineOfBytes = /^[^\0\n\r\u0100-\uffff]*$/;

export function isToken(text: string): boolean {
  return token.test(text);
}

/**
 * The web's `Headers` without the web's machinery: one value for each name, which is all that an event can bring and
 * that the API sends. Throws what `Headers` throws on names and values that cannot be sent.
 */
export class PlainHeaders implements Pick<Headers, "get" | "has" | "set"> {
  readonly #values = new Map<string, string>();

  constructor(entries: Iterable<readonly [string, string]> = []) {
    for (const [name, value] of entries) {
      this.set(name, value);
    }
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string): void {
    const bare = value.trim(); // of more than `Headers` would, but nothing more comes through a gateway
    if (!isToken(name) || !oneLineOfBytes.test(bare)) {
      throw new TypeError(`no header: ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    }
    this.#values.set(name.toLowerCase(), bare);
  }

  /** Names are in lower case. */
  entries(): MapIterator<[string, string]> {
    return this.#values.entries();
  }

  [Symbol.iterator](): MapIterator<[string, string]> {
    return this.#values.entries();
  }
}
