import { answerEvents } from "./answer-events.ts";
import { createApi } from "./create-api.ts";
import type { ApiDeps } from "./deps.ts";

/** The API as API Gateway calls it. */
export function createHandler(deps: ApiDeps) {
  return answerEvents(createApi(deps), deps);
}
