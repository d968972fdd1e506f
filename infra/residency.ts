export const residencies = ["prefer", "strict"] as const;

export type Residency = (typeof residencies)[number];

/** A record of `eu.<domain>`: where it leads, and when, if it is not alone. */
export interface EuropeanAnswer {
  /** The first label of the name that it leads to. */
  readonly to: "eu-only" | "api";
  readonly failover?: "PRIMARY" | "SECONDARY";
}

/** `prefer` answers with any region rather than none; `strict` fails rather than leave Europe. */
export function europeanAnswers(residency: Residency): readonly EuropeanAnswer[] {
  return residency === "strict"
    ? [{ to: "eu-only" }]
    : [
        { to: "eu-only", failover: "PRIMARY" },
        { to: "api", failover: "SECONDARY" },
      ];
}
