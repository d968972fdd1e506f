/** The same routes on Express behind serverless-http: the way most shops put an API on Lambda. */
import express from "express";
import serverless from "serverless-http";
import { everyHeader, logServed, type PeerAnswer, refusal } from "../answer.ts";
import { peerDeps } from "../peer-deps.ts";
import { addLine, listRegions, readProduct } from "../shop.ts";

const deps = peerDeps();
const app = express();
app.disable("x-powered-by");
app.disable("etag"); // the version vector is the tag
app.use((request, response, next) => {
  const startedMs = Date.now();
  response.set(everyHeader(deps.region, String(request.headers["x-request-id"])));
  response.on("finish", () => logServed(request.method, request.path, response.statusCode, startedMs));
  next();
});
app.use(express.json({ limit: "16kb" }));

function send(response: express.Response, { status, headers, body }: PeerAnswer): void {
  response.status(status).set(headers).send(JSON.stringify(body));
}

app.get("/v1/products/:id", async (request, response) => {
  send(response, await readProduct(deps, request.params["id"] ?? ""));
});

app.post("/v1/carts/:cart/lines", async (request, response) => {
  const { authorization, "idempotency-key": idempotencyKey } = request.headers;
  const { body } = request;
  send(
    response,
    await addLine(deps, { cart: request.params["cart"] ?? "", authorization, idempotencyKey, body }),
  );
});

app.get("/v1/regions", (_request, response) => send(response, listRegions(deps)));

app.use((_request, response) => send(response, refusal(404, "not-found")));

app.use(
  (error: { readonly status?: number }, _request: unknown, response: express.Response, _next: unknown) => {
    send(response, error.status === 400 ? refusal(400, "malformed-request") : refusal(500, "internal"));
  },
);

export const handler = serverless(app, { requestId: "x-request-id" });
