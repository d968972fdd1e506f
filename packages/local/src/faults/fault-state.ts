import type { Fault } from "./fault.ts";
import { changePaymentFaults, type PaymentFaults } from "./payment-faults.ts";

/** What is wrong with one direction of a link; absent members are as they always are. */
export interface LinkFault {
  readonly cut?: true;
  readonly paused?: true;
  /** one way */
  readonly lagMs?: number;
  /** share of messages lost, 0 to 1, never 0 */
  readonly loss?: number;
}

/** Calls that fail by chance. Without operation or table the rule holds for all of them. */
export interface CallFailure {
  readonly region: string;
  readonly service: string;
  readonly operation?: string;
  readonly table?: string;
  /** share of calls that fail, 0 to 1, never 0 */
  readonly share: number;
}

/** All that is wrong with the world at one moment: plain data, empty when nothing is. */
export interface FaultState {
  /** By `linkKey(from, to)`. */
  readonly links: Readonly<Record<string, LinkFault>>;
  readonly down: readonly string[];
  readonly failures: readonly CallFailure[];
  /** ms that a region's API takes longer, by region, never 0 */
  readonly slowApiMs: Readonly<Record<string, number>>;
  /** ms ahead by region, never 0 */
  readonly skewMs: Readonly<Record<string, number>>;
  readonly payments: PaymentFaults;
}

export const noFaults: FaultState = {
  links: {},
  down: [],
  failures: [],
  slowApiMs: {},
  skewMs: {},
  payments: {},
};

const noLinkFault: LinkFault = {};

/** No region's name has a `>` in it. */
export function linkKey(from: string, to: string): string {
  return `${from}>${to}`;
}

export function linkFault(state: FaultState, from: string, to: string): LinkFault {
  return state.links[linkKey(from, to)] ?? noLinkFault;
}

/** The state after a command. Pure; places are taken as they are (`checkFault` refuses unknown ones). */
export function applyFault(state: FaultState, fault: Fault): FaultState {
  switch (fault.type) {
    case "cut":
      return changeLink(state, fault, (link) => ({ ...link, cut: true }));
    case "lag":
      return changeLink(state, fault, (link) => ({ ...link, lagMs: fault.ms }));
    case "loss":
      return changeLink(state, fault, ({ loss: _, ...link }) =>
        fault.share > 0 ? { ...link, loss: fault.share } : link,
      );
    case "pause":
      return changeLink(state, fault, (link) => ({ ...link, paused: true }));
    case "resume":
      return changeLink(state, fault, ({ paused: _, ...link }) => link);
    case "heal":
      if (fault.from === undefined || fault.to === undefined) return { ...noFaults, down: state.down };
      return changeLink(state, { ...fault, from: fault.from, to: fault.to }, () => noLinkFault);
    case "down":
      return { ...state, down: [...state.down.filter((region) => region !== fault.region), fault.region] };
    case "up":
      return { ...state, down: state.down.filter((region) => region !== fault.region) };
    case "fail":
      return { ...state, failures: changeFailures(state.failures, fault) };
    case "slow":
      return { ...state, slowApiMs: withMs(state.slowApiMs, fault) };
    case "skew":
      return { ...state, skewMs: withMs(state.skewMs, fault) };
    case "pay":
      return {
        ...state,
        payments:
          fault.set === undefined ? noFaults.payments : changePaymentFaults(state.payments, fault.set),
      };
  }
}

function withMs(
  msByRegion: Readonly<Record<string, number>>,
  { region, ms }: { readonly region: string; readonly ms: number },
): Readonly<Record<string, number>> {
  const { [region]: _, ...others } = msByRegion;
  return ms === 0 ? others : { ...others, [region]: ms };
}

interface LinkCommand {
  readonly from: string;
  readonly to: string;
  readonly oneWay?: boolean | undefined;
}

function changeLink(
  state: FaultState,
  { from, to, oneWay }: LinkCommand,
  change: (link: LinkFault) => LinkFault,
): FaultState {
  const links = { ...state.links };
  for (const key of oneWay ? [linkKey(from, to)] : [linkKey(from, to), linkKey(to, from)]) {
    const changed = change(links[key] ?? noLinkFault);
    if (Object.keys(changed).length === 0) delete links[key];
    else links[key] = changed;
  }
  return { ...state, links };
}

function changeFailures(
  failures: readonly CallFailure[],
  { type: _, share, operation, table, ...rest }: Extract<Fault, { type: "fail" }>,
): readonly CallFailure[] {
  const scope = {
    ...rest,
    ...(operation !== undefined && { operation }),
    ...(table !== undefined && { table }),
  };
  const others = failures.filter((failure) => !sameScope(failure, { ...scope, share }));
  return share > 0 ? [...others, { ...scope, share }] : others;
}

function sameScope(left: CallFailure, right: CallFailure): boolean {
  return (
    left.region === right.region &&
    left.service === right.service &&
    left.operation === right.operation &&
    left.table === right.table
  );
}
