import { err, ok, type Result } from "@antipode/core";
import type * as z from "zod";
import type { Problem } from "./problems.ts";

/** Most bodies are a line of a cart, some 100 bytes; there is room to grow and none to hoard. */
export const bodyBytesDefault = 16 * 1024;

const errorsMax = 10; // of a body full of mistakes the first ones are enough

function tooLarge(bodyBytesMax: number): { ok: false; error: Problem } {
  return err({
    name: "body-too-large",
    detail: `A body may have ${bodyBytesMax} bytes.`,
    members: { limitBytes: bodyBytesMax },
  });
}

function isJson(contentType: string | null): boolean {
  return /^application\/(?:json|[a-z0-9.+-]+\+json)\s*(?:;|$)/i.test(contentType ?? "");
}

/** The places and reasons of a schema's refusal, as RFC 9457 shows them. */
export function schemaErrors(error: z.ZodError): readonly { pointer: string; detail: string }[] {
  return error.issues.slice(0, errorsMax).map((issue) => ({
    pointer: issue.path.length === 0 ? "#" : `#/${issue.path.map(String).join("/")}`,
    detail: issue.message,
  }));
}

async function readBytes(request: Request, bodyBytesMax: number): Promise<Result<Uint8Array, Problem>> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > bodyBytesMax) {
    return tooLarge(bodyBytesMax);
  }
  const bytes = new Uint8Array(await request.arrayBuffer());
  return bytes.length > bodyBytesMax ? tooLarge(bodyBytesMax) : ok(bytes);
}

function parseJson(bytes: Uint8Array): Result<unknown, Problem> {
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return err({ name: "malformed-request", detail: "The body is not JSON in UTF-8." });
  }
}

function parseText(bytes: Uint8Array): Result<string, Problem> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return err({ name: "malformed-request", detail: "The body is not text in UTF-8." });
  }
}

/** Reads a body as the text that was sent. */
export async function readTextBody(
  request: Request,
  bodyBytesMax = bodyBytesDefault,
): Promise<Result<string, Problem>> {
  const bytes = await readBytes(request, bodyBytesMax);
  return bytes.ok ? parseText(bytes.value) : bytes;
}

/** Reads a JSON body; an absent one is `undefined`. */
export async function readBody<Body>(
  request: Request,
  schema: z.ZodType<Body>,
  bodyBytesMax = bodyBytesDefault,
): Promise<Result<Body, Problem>> {
  const bytes = await readBytes(request, bodyBytesMax);
  if (!bytes.ok) {
    return bytes;
  }
  const present = bytes.value.length > 0;
  if (present && !isJson(request.headers.get("content-type"))) {
    return err({
      name: "unsupported-media-type",
      detail: "Send the body as application/json.",
      headers: { "Accept-Post": "application/json" },
    });
  }
  const json = present ? parseJson(bytes.value) : ok(undefined);
  if (!json.ok) {
    return json;
  }
  const parsed = schema.safeParse(json.value);
  return parsed.success
    ? ok(parsed.data)
    : err({
        name: "invalid-body",
        detail: "See errors for each place.",
        members: { errors: schemaErrors(parsed.error) },
      });
}
