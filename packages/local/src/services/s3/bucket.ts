/** One stored object. */
export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  /** With its quotes, as the header carries it. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly contentType: string;
  /** User metadata without the `x-amz-meta-` prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Base64, big-endian, as `x-amz-checksum-crc32` carries it. */
  readonly crc32: string;
}

export interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  /** Exclusive: the listing goes on behind this key or common prefix. */
  readonly after: string;
  readonly maxKeys: number;
}

export interface ListPage {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** Given when there is more: pass it as `after` to go on. */
  readonly next: string | undefined;
}

/** A page of a bucket in S3's order: by the bytes of the UTF-8 key. */
export function listObjects(bucket: ReadonlyMap<string, StoredObject>, query: ListQuery): ListPage {
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  if (query.maxKeys === 0) return { objects, commonPrefixes, next: undefined };
  const keys = [...bucket.keys()].filter((key) => key.startsWith(query.prefix)).sort(byUtf8);
  let last = "";
  for (const key of keys) {
    const group = commonPrefix(key, query);
    const entry = group ?? key;
    if (byUtf8(entry, query.after) <= 0 || entry === last) continue;
    if (objects.length + commonPrefixes.length === query.maxKeys)
      return { objects, commonPrefixes, next: last };
    const object = bucket.get(key);
    if (group !== undefined) commonPrefixes.push(group);
    else if (object !== undefined) objects.push(object);
    last = entry;
  }
  return { objects, commonPrefixes, next: undefined };
}

function commonPrefix(key: string, query: ListQuery): string | undefined {
  if (query.delimiter === "") return undefined;
  const end = key.indexOf(query.delimiter, query.prefix.length);
  return end < 0 ? undefined : key.slice(0, end + query.delimiter.length);
}

function byUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
