import { err, ok } from "@antipode/core";
import type { HandleGroup } from "./create-dispatcher.ts";
import type { StreamChange } from "./record.ts";

/** Reads an item; the text says why it cannot be understood. */
export type ReadItem = (change: StreamChange) => string | undefined;

/**
 * For a table whose items need no work on arrival: checks that each is understood, so that an item which no reader
 * of the table could use is found by its region's dispatcher, not by a shopper.
 */
export function understandEach(read: ReadItem): HandleGroup {
  return async (changes) => {
    for (const change of changes) {
      const reason = read(change);
      if (reason !== undefined) {
        return err({ reason });
      }
    }
    return ok(undefined);
  };
}

/** For tables whose items have no reader yet: their keys are checked by every dispatcher. */
export const keyIsEnough: ReadItem = () => undefined;
