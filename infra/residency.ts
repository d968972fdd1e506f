const residencies = ["prefer", "strict"] as const;

export type Residency = (typeof residencies)[number];

/** What `eu.<domain>` does while no region in Europe is open, from the environment's setting; `prefer` when it is left out. */
export function readResidency(setting: string | undefined): Residency {
  const value = setting || "prefer";
  const known = residencies.find((name) => name === value);
  if (!known) {
    throw new Error(`ANTIPODE_EU_RESIDENCY is "${value}": choose from ${residencies.join(", ")}.`);
  }
  return known;
}

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
