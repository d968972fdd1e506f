import type { Origin } from "../ids/origin.ts";
import type { OperationId } from "../ids/ulid.ts";
import type { AllocationState } from "./alloc-item.ts";
import { answeredRequest, type CartOutcome, type LogEntry, type ReleaseReason } from "./events.ts";
import { moveOrder, type OrderState } from "./machine.ts";
import type { Placement } from "./placed-item.ts";

/** Where one placement stands, from its own log alone. */
export interface PlacementProgress {
  readonly origin: Origin;
  readonly state: OrderState;
  readonly allocation: AllocationState;
  readonly releasedFor?: ReleaseReason;
  /** As the decider of the generation said; unknown until the placing region has asked. */
  readonly winner?: Origin;
  readonly paymentId?: string;
  readonly captured: boolean;
  readonly refunded: boolean;
  readonly voided: boolean;
  readonly declinedCode?: string;
  /** What the placing region's cart was told. */
  readonly cartOutcome?: CartOutcome;
  readonly witnesses: readonly Origin[];
  /** The requests that this log answers. */
  readonly answered: ReadonlySet<OperationId>;
}

/** Where every placement begins. */
function begun(origin: Origin): PlacementProgress {
  return {
    origin,
    state: "placed",
    allocation: "held",
    captured: false,
    refunded: false,
    voided: false,
    witnesses: [],
    answered: new Set(),
  };
}

type Moved = { -readonly [Key in keyof PlacementProgress]: PlacementProgress[Key] };

function take(moved: Moved, { event }: LogEntry): void {
  switch (event.type) {
    case "witnessed":
      moved.witnesses = [...new Set([...moved.witnesses, event.by])];
      break;
    case "claimed":
      moved.winner = event.winner;
      moved.paymentId = event.paymentId;
      break;
    case "declined":
      moved.declinedCode = event.code;
      break;
    case "committed":
      moved.allocation = "committed";
      break;
    case "released":
      moved.allocation = "released";
      moved.releasedFor = event.reason;
      break;
    case "captured":
    case "refunded": // what was given back had been taken, whoever noticed
      moved.captured = true;
      moved.refunded ||= event.type === "refunded";
      break;
    case "voided":
      moved.voided = true;
      break;
    case "cart-ended":
      moved.cartOutcome = event.outcome;
      break;
  }
  const answered = answeredRequest(event);
  if (answered !== undefined) {
    moved.answered = new Set([...moved.answered, answered]);
  }
}

/**
 * What an entry makes of it, or nothing where it is refused: by the machine, or because the units were decided before and
 * move once.
 */
function advance(
  progress: PlacementProgress,
  entry: LogEntry,
  isFree: boolean,
): PlacementProgress | undefined {
  const { event } = entry;
  const state = moveOrder(progress.state, event, isFree);
  const movesUnits = event.type === "committed" || event.type === "released";
  if (state === undefined || (movesUnits && progress.allocation !== "held")) {
    return undefined;
  }
  const moved: Moved = { ...progress, state };
  take(moved, entry);
  return moved;
}

/** One entry of a placing region's log, with where its placement stands after it; nothing where it is refused. */
export interface ProgressEntry {
  readonly entry: LogEntry;
  readonly after?: PlacementProgress;
}

type Placed = Pick<Placement, "origin" | "totalMinor">;

/** Folds a placing region's log through the machine, entry by entry. What is refused changes nothing. */
export function progressEntries(
  log: readonly LogEntry[],
  { origin, totalMinor }: Placed,
): readonly ProgressEntry[] {
  let progress = begun(origin);
  return log.map((entry): ProgressEntry => {
    const after = entry.event.type === "placed" ? progress : advance(progress, entry, totalMinor === 0);
    progress = after ?? progress;
    return { entry, ...(after === undefined ? {} : { after }) };
  });
}

/** Where a placement stands after all of its region's log. */
export function placementProgress(log: readonly LogEntry[], placed: Placed): PlacementProgress {
  return (
    progressEntries(log, placed).findLast(({ after }) => after !== undefined)?.after ?? begun(placed.origin)
  );
}
