import { err, ok, type Result } from "@antipode/core";
import { readWorldState } from "../world/state-file.ts";

export interface Refusal {
  /** Whether other words would have done: the world knows some that the command line does not. */
  readonly usage: boolean;
  /** One line. */
  readonly text: string;
}

/** Asks the running world: a GET, or a POST of what is given. */
export type Ask = (path: string, body?: unknown) => Promise<Result<unknown, Refusal>>;

/** The world that `npm run local` keeps running in a checkout. */
export function createAsk(root: string): Ask {
  return async (path, body) => {
    const state = readWorldState(root);
    if (state === undefined) return none("no world is running");
    let response: Response;
    try {
      response = await fetch(`${state.control}${path}`, {
        ...(body !== undefined && {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      });
    } catch {
      return none(`no world answers at ${state.control}`);
    }
    const answer: unknown = await response.json();
    if (response.ok) return ok(answer);
    const text = String(Reflect.get(Object(answer), "error") ?? response.status);
    return err({ usage: response.status === 400, text });
  };
}

const none = (what: string) => err({ usage: false, text: `${what}: start one with "npm run local"` });
