declare const brand: unique symbol;

/** A string that was checked to be an id of one kind, so that one kind cannot be passed for another. */
export type Brand<Name extends string> = string & { readonly [brand]: { readonly [Key in Name]: true } };

/** A text that is not what its field holds. The text is cut, so that it can be logged. */
export interface MalformedText {
  readonly type: "malformed";
  readonly expected: string;
  readonly received: string;
}

const quotedCharsMax = 80; // enough to recognise the text in a log line

export function malformed(expected: string, received: string): MalformedText {
  return { type: "malformed", expected, received: received.slice(0, quotedCharsMax) };
}
