import { isShopperId } from "@antipode/core";
import * as z from "zod";
import type { Contract } from "../../contract.ts";

export const sessionSchema = z.strictObject({
  /** Who the carts of this session belong to. */
  shopper: z.string(),
  token: z.string(),
  expiresAt: z.iso.datetime(),
});

const newSessionSchema = z
  .strictObject({
    /** An account's id: for operators, such as the shop's own log-in. */
    shopper: z.string().refine(isShopperId, "not a shopper's id, which is a ULID").optional(),
  })
  .optional();

export type NewSession = z.infer<typeof newSessionSchema>;

const nothing = z.strictObject({});

export const createSession = {
  method: "POST",
  path: "/v1/sessions",
  summary: "Begins a session, or renews the one that is sent",
  security: "optional",
  operation: false,
  params: nothing,
  query: nothing,
  body: newSessionSchema,
  answers: { 201: { description: "The session and its token", schema: sessionSchema } },
  refusals: ["unauthenticated", "session-expired", "admin-scope-needed"],
} as const satisfies Contract<object, object, NewSession>;
