/** The regions of a running shop, asked over HTTP: the next one where one does not answer. */
import { err, ok, type Result } from "@antipode/core";
import * as z from "zod";

export interface ShopRegion {
  readonly name: string;
  /** Where its API answers, without a slash at the end. */
  readonly url: string;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** An API's function has ten seconds; a cold one needs one or two of them. */
const answerWithinMs = 10_000;

const lagSchema = z.object({
  from: z.string(),
  days: z.array(z.object({ until: z.string(), count: z.number(), medianMs: z.number(), p99Ms: z.number() })),
});

/** What a region says of all. Of an answer with more in it the rest is kept, for whoever reads it as JSON. */
export const listedSchema = z.looseObject({
  servedBy: z.string(),
  regions: z.array(
    z.looseObject({
      name: z.string(),
      url: z.string().nullable(),
      state: z.enum(["open", "closing", "drained", "unknown"]),
      drainedBy: z.enum(["operator", "votes"]).optional(),
      since: z.string().optional(),
      voters: z.array(z.string()),
      lastRun: z
        .looseObject({
          kind: z.string(),
          outcome: z.string(),
          by: z.string(),
          failed: z.array(z.string()),
        })
        .optional(),
    }),
  ),
  lag: z.array(lagSchema.loose()).nullable(),
});

export type Listed = z.infer<typeof listedSchema>;
export type ListedRegion = Listed["regions"][number];

/** A word on a region, as it was written down. */
export const writtenSchema = z.object({
  region: z.string(),
  action: z.string(),
  by: z.string(),
  reason: z.string(),
  at: z.string(),
});

export type Written = z.infer<typeof writtenSchema>;

export interface ShopRequest {
  readonly path: string;
  /** Sent as JSON, by POST. */
  readonly body?: object;
  readonly token?: string;
}

export interface Answered<T> {
  /** Who answered. */
  readonly region: string;
  readonly value: T;
}

export interface Unanswered {
  /** One line. */
  readonly text: string;
  /** Whether a region said no, and no other one would say anything else. */
  readonly refused: boolean;
}

const problemSchema = z.object({
  type: z.string().optional(),
  title: z.string(),
  detail: z.string(),
  drained: z.array(z.string()).optional(),
});

/** A refusal in one line, with who is out where that is why. */
function problemText(status: number, body: unknown): string {
  const problem = problemSchema.safeParse(body).data;
  if (problem === undefined) {
    return `status ${status}`;
  }
  const { title, detail, drained = [] } = problem;
  return `${title}: ${detail}${drained.length === 0 ? "" : ` Drained: ${drained.join(", ")}.`}`;
}

async function askOne<T>(
  fetch: Fetch,
  { name, url }: ShopRegion,
  { path, body, token }: ShopRequest,
  schema: z.ZodType<T>,
): Promise<Result<T, Unanswered>> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  try {
    const response = await fetch(`${url}${path}`, {
      headers,
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      redirect: "error", // a token goes where it was meant to go
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const text = await response.text();
    const answer: unknown = response.ok ? JSON.parse(text) : parseOrNothing(text);
    if (!response.ok) {
      const refused = response.status < 500 && !isOfTheMoment(response.status, answer);
      return err({ text: `${name}: ${problemText(response.status, answer)}`, refused });
    }
    const read = schema.safeParse(answer);
    return read.success ? ok(read.data) : err({ text: `${name} is not such a shop`, refused: false });
  } catch {
    return err({ text: `${name} does not answer`, refused: false });
  }
}

/** Too many requests, or other operators who write at the same moment: another region may take it. */
function isOfTheMoment(status: number, body: unknown): boolean {
  return status === 429 || problemSchema.safeParse(body).data?.type === "urn:antipode:problem:contended";
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asks one region after the other until one answers or says no. */
export async function askFirst<T>(
  fetch: Fetch,
  regions: readonly ShopRegion[],
  request: ShopRequest,
  schema: z.ZodType<T>,
): Promise<Result<Answered<T>, Unanswered>> {
  const tried: string[] = [];
  for (const region of regions) {
    const answer = await askOne(fetch, region, request, schema);
    if (answer.ok) {
      return ok({ region: region.name, value: answer.value });
    }
    if (answer.error.refused) {
      return answer;
    }
    tried.push(answer.error.text);
  }
  return err({ text: tried.join("; "), refused: false });
}

export function listRegions(fetch: Fetch, regions: readonly ShopRegion[]) {
  return askFirst(fetch, regions, { path: "/v1/regions" }, listedSchema);
}
