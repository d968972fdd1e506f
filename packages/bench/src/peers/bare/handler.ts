/** A Lambda handler with nothing between it and the event: the floor that a framework is measured from. */
import { everyHeader, logServed, type PeerAnswer, refusal } from "../answer.ts";
import { peerDeps } from "../peer-deps.ts";
import { addLine, listRegions, readProduct } from "../shop.ts";

interface HttpApiEvent {
  readonly rawPath: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly http: { readonly method: string };
  };
}

const deps = peerDeps();
const bodyBytesMax = 16 * 1024;

async function add(event: HttpApiEvent, cart: string): Promise<PeerAnswer> {
  const { body = "", headers } = event;
  const text = event.isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
  if (text.length > bodyBytesMax) {
    return refusal(413, "body-too-large");
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refusal(400, "malformed-request");
  }
  const { authorization, "idempotency-key": idempotencyKey } = headers;
  return addLine(deps, { cart, authorization, idempotencyKey, body: json });
}

async function answer(event: HttpApiEvent): Promise<PeerAnswer> {
  const [, version, collection, id = "", member, ...rest] = event.rawPath.split("/");
  const { method } = event.requestContext.http;
  if (version !== "v1" || rest.length > 0) {
    return refusal(404, "not-found");
  }
  switch (`${method} ${collection}${id === "" ? "" : "/id"}${member === undefined ? "" : `/${member}`}`) {
    case "GET products/id":
      return readProduct(deps, id);
    case "POST carts/id/lines":
      return add(event, id);
    case "GET regions":
      return listRegions(deps);
    default:
      return refusal(404, "not-found");
  }
}

export async function handler(event: HttpApiEvent) {
  const startedMs = Date.now();
  const { requestId, http } = event.requestContext;
  const { status, headers, body } = await answer(event);
  logServed(http.method, event.rawPath, status, startedMs);
  return {
    statusCode: status,
    headers: { ...everyHeader(deps.region, requestId), ...headers },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}
