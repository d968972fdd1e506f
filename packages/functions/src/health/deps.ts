import type { ApiDeps, AppDeps } from "../api/deps.ts";

/** The world of the Health function: no sessions, no other region, nothing that sells. */
export type HealthDeps = AppDeps & Pick<ApiDeps, "items" | "delay">;
