import type { Result } from "../result/result.ts";
import type { Session, SessionClaims, SessionRefusal } from "../session/session.ts";

/** Signs and verifies the sessions of shoppers and operators with the environment's key set: no read, in any region. */
export interface Sessions {
  /** A token with the key set's first key. */
  sign(claims: SessionClaims): Promise<string>;
  verify(token: string, nowMs: number): Promise<Result<Session, SessionRefusal>>;
}
