/**
 * Bytes of a page's items as Lambda sends them on. It takes 6,291,556 of an answer, the body being a text within JSON,
 * so with each quote and backslash escaped once more. No item alone comes near that.
 */
export const pageBytesMax = 4_000_000;

function bytesWithinJson(body: unknown): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(body)));
}

export interface Page<Item, Body> {
  readonly bodies: readonly Body[];
  /** The page's last item when others are behind it. */
  readonly goesOnAfter: Item | undefined;
}

/**
 * As many of what was found as a page takes, by number and by size. Whoever looks for one item more than `limit` learns
 * whether there is a next page. What has no body is passed over.
 */
export function fillPage<Item, Body>(
  found: readonly Item[],
  limit: number,
  toBody: (item: Item) => Body | undefined,
): Page<Item, Body> {
  const bodies: Body[] = [];
  let pageBytes = 0;
  let last: Item | undefined;
  for (const item of found.slice(0, limit)) {
    const body = toBody(item);
    if (body !== undefined) {
      pageBytes += bytesWithinJson(body);
      if (pageBytes > pageBytesMax && bodies.length > 0) {
        return { bodies, goesOnAfter: last };
      }
      bodies.push(body);
    }
    last = item;
  }
  return { bodies, goesOnAfter: found.length > limit ? last : undefined };
}
