import {
  err,
  fromAttributes,
  type ItemKey,
  ok,
  type Result,
  type StorageError,
  type StoredItem,
} from "@antipode/core";

export function keyAttributes({ pk, sk }: ItemKey) {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** An item of an answer; none where the answer has none. */
export function readImage(image: unknown, operation: string): Result<StoredItem | undefined, StorageError> {
  if (image === undefined) {
    return ok(undefined);
  }
  const decoded = fromAttributes(image);
  return decoded.ok
    ? decoded
    : err({ type: "unreadable", operation, reason: `${decoded.error.path}: ${decoded.error.reason}` });
}

export function readImages(
  images: readonly unknown[],
  operation: string,
): Result<readonly StoredItem[], StorageError> {
  const items: StoredItem[] = [];
  for (const image of images) {
    const read = readImage(image, operation);
    if (!read.ok) {
      return read;
    }
    if (read.value !== undefined) {
      items.push(read.value);
    }
  }
  return ok(items);
}
