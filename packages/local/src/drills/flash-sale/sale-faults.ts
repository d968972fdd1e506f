import type { Fault } from "../../faults/fault.ts";
import { integerBetween, pick, type Random } from "../../links/random.ts";
import { payments } from "../../links/region-lag.ts";
import { type FaultKind, faultsOf, type PlannedFault } from "../fault-plan.ts";
import { shuffled } from "../route.ts";

export interface SaleFaultsOptions {
  readonly regions: readonly string[];
  /** Faults begin and end while so many buyers come. */
  readonly buyers: number;
}

/** Links that break during a sale, one after another: each is broken for a part of it that many buyers see. */
const linkFaults = 16;
const linkKinds: readonly FaultKind[] = ["cut", "cut", "one-way cut", "one-way cut", "lag", "loss", "pause"];
/** Of all buyers, the share that comes while one link is broken. */
const linkShareMin = 0.04;
const linkShareMax = 0.15;

/** A part of the sale, as shares of its buyers. */
interface Phase {
  readonly from: number;
  readonly to: number;
}

/** When a region is down, and when another one's door loses what crosses it: never two at once. */
const outage: Phase = { from: 0.3, to: 0.45 };
const lostAnswers: Phase = { from: 0.55, to: 0.65 };
const lostRequests: Phase = { from: 0.75, to: 0.85 };

/** What is wrong with the provider, one after another; each share and time is drawn anew. */
const providerPhases: readonly (Phase & { readonly draw: (random: Random) => ProviderFault })[] = [
  { from: 0.05, to: 0.15, draw: (random) => ({ slowMs: integerBetween(random, 200, 1_500) }) },
  { from: 0.2, to: 0.35, draw: (random) => ({ loseAnswerShare: percent(random, 10, 35) }) },
  { from: 0.4, to: 0.55, draw: (random) => ({ failShare: percent(random, 10, 35) }) },
  { from: 0.6, to: 0.7, draw: () => ({ webhookTwice: true, webhookDelayMs: 1_500 }) },
  {
    from: 0.8,
    to: 0.95,
    draw: (random) => ({
      slowMs: integerBetween(random, 100, 600),
      failShare: percent(random, 5, 20),
      loseAnswerShare: percent(random, 5, 20),
    }),
  },
];

type ProviderFault = NonNullable<Extract<Fault, { type: "pay" }>["set"]>;

const percent = (random: Random, min: number, max: number) => integerBetween(random, min, max) / 100;

/** What breaks during a sale and when it is mended, measured in buyers: many faults of links, few of everything else. */
export function planSaleFaults(
  random: Random,
  { regions, buyers }: SaleFaultsOptions,
): readonly PlannedFault[] {
  const at = (share: number) => Math.max(1, Math.round(share * buyers));
  const during = ({ from, to }: Phase, begin: Fault, end: Fault): readonly PlannedFault[] => [
    { at: at(from), fault: begin },
    { at: Math.min(buyers, Math.max(at(from) + 1, at(to))), fault: end },
  ];
  const [down = "", deaf = "", mute = "", broke = ""] = shuffled(random, regions);
  const answers = faultsOf("lost answers", { random, from: mute, to: down });
  const requests = faultsOf("lost requests", { random, from: deaf, to: down });
  return [
    ...links(random, regions).flatMap(({ phase, begin, end }) => during(phase, begin, end)),
    ...during(outage, { type: "down", region: down }, { type: "up", region: down }),
    ...during(lostAnswers, answers.begin, answers.end),
    ...during(lostRequests, requests.begin, requests.end),
    ...during(
      { from: 0.5, to: 0.6 },
      { type: "cut", from: broke, to: payments },
      { type: "heal", from: broke, to: payments },
    ),
    ...providerPhases.flatMap((phase) =>
      during(phase, { type: "pay", set: phase.draw(random) }, { type: "pay" }),
    ),
  ].toSorted((left, right) => left.at - right.at);
}

function links(random: Random, regions: readonly string[]) {
  return Array.from({ length: linkFaults }, (_, index) => {
    const from = pick(random, regions);
    const to = pick(
      random,
      regions.filter((region) => region !== from),
    );
    const begins = (index + random()) / linkFaults;
    const lasts = linkShareMin + random() * (linkShareMax - linkShareMin);
    return {
      phase: { from: begins, to: Math.min(1, begins + lasts) },
      ...faultsOf(pick(random, linkKinds), { random, from, to }),
    };
  });
}
