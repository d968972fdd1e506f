import { monotonicFactory } from "ulid";
import { createSequence, doneEnd, isFinalRefusal } from "../attempt.ts";
import { counted } from "../counted.ts";
import type { Drill, DrillContext, DrillReport } from "../drill.ts";
import { createFaultFeed, describePlan } from "../fault-feed.ts";
import { eachLimited } from "../limited.ts";
import { awaitConvergence, type ProductEnd } from "./converge.ts";
import type { Edit } from "./history.ts";
import { judgeField } from "./judge.ts";
import { type PlannedProduct, type PlannedRound, planPrices } from "./plan.ts";
import { type EditNotebook, type ProductClient, sendEdit } from "./product-client.ts";
import { settlementsOf } from "./settlements.ts";
import { chooseSubjects, type Subject } from "./subjects.ts";

export const priceConflict: Drill = {
  name: "price-conflict",
  summary:
    "operators edit prices and titles of the same products in all regions while links and regions break",
  promises: [
    "after healing every region shows the same product: of prices the lowest that stands, of titles the newest",
    "edits that had not seen each other are together in the conflict feed of every region",
    "an edit that was acknowledged is served, in every feed, or replaced by one that had seen it",
    "a settlement ends a conflict; two at once make a new one",
  ],
  sizes: [
    { name: "products", what: "products that are edited", usual: 8, min: 1, max: 100 },
    {
      name: "rounds",
      what: "times that they are edited, broken, mended and judged",
      usual: 4,
      min: 1,
      max: 50,
    },
  ],
  run,
};

/** What the judgements of all rounds found. An edit that stands through several rounds counts once. */
interface Tally {
  readonly concurrent: Set<Edit>;
  readonly unfed: Set<Edit>;
  readonly lost: Set<Edit>;
  readonly broken: Set<string>;
  convergedMs: number;
}

const newTally = (): Tally => ({
  concurrent: new Set(),
  unfed: new Set(),
  lost: new Set(),
  broken: new Set(),
  convergedMs: 0,
});

/** Products whose regions edit at the same time: few, so that the faults of a round come one after another. */
const productsAtOnceMax = 2;

async function run(context: DrillContext): Promise<DrillReport> {
  const { world, regions, random, sizes, say } = context;
  const plan = planPrices(random, {
    regions,
    products: sizes["products"] ?? 1,
    rounds: sizes["rounds"] ?? 1,
  });
  const notebook: EditNotebook = { sequence: createSequence(), edits: [], sights: [] };
  const client: ProductClient = {
    api: world.api,
    notebook,
    adminToken: context.adminToken(),
    operationId: monotonicFactory(),
  };
  const subjects = await chooseSubjects(context, client);
  const drill = { context, client, subjects, tally: newTally() };
  for (const [index, round] of plan.entries()) {
    say(
      `round ${index + 1} of ${plan.length}: ${counted(round.faults.length / 2, "fault begins and ends", "faults begin and end")} meanwhile`,
    );
    await runRound(round, index + 1, drill);
  }
  return report(drill, plan);
}

interface Running {
  readonly context: DrillContext;
  readonly client: ProductClient;
  readonly subjects: readonly Subject[];
  readonly tally: Tally;
}

async function runRound(planned: PlannedRound, round: number, drill: Running): Promise<void> {
  const { context, client, subjects } = drill;
  const { world, regions } = context;
  const faults = createFaultFeed(world, { plan: planned.faults, regions });
  const work = subjects.map((subject, index) => ({ subject, planned: planned.products[index] }));
  await eachLimited(work, productsAtOnceMax, (one) =>
    editSubject(one.subject, one.planned, { round, begins: faults.operationBegins, client }),
  );
  faults.mendAll();
  const ends = await judgeAll(drill);
  const settlements = settlementsOf(ends, { work, round });
  if (settlements.length === 0) return;
  for (const {
    apart: [from, to],
  } of settlements) {
    if (from !== undefined && to !== undefined) world.apply({ type: "cut", from, to });
  }
  await Promise.all(settlements.flatMap(({ wishes }) => wishes).map((wish) => sendEdit(wish, client)));
  faults.mendAll();
  await judgeAll(drill);
}

interface Editing {
  readonly round: number;
  readonly begins: () => void;
  readonly client: ProductClient;
}

/** All regions' edits of the round at once. */
async function editSubject(
  { id, fields }: Subject,
  planned: PlannedProduct | undefined,
  { round, begins, client }: Editing,
): Promise<void> {
  if (planned === undefined) throw new Error("a round has an entry for each product");
  const { kind, edits } = planned;
  await Promise.all(
    edits.map(({ number, route, repeatIn }) => {
      begins();
      return sendEdit(
        {
          name: `round ${round}, ${id} in ${route[0]}`,
          product: id,
          field: fields[kind],
          value: kind === "price" ? number : `Drill title ${number}`,
          route,
          ...(repeatIn !== undefined && { repeatIn }),
        },
        client,
      );
    }),
  );
}

async function judgeAll({ context, client, subjects, tally }: Running): Promise<readonly ProductEnd[]> {
  const ids = subjects.map(({ id }) => id);
  const { regions, world } = context;
  const { ends, tookMs } = await awaitConvergence(ids, { regions, client, settled: world.settled });
  tally.convergedMs = Math.max(tally.convergedMs, tookMs);
  for (const [index, end] of ends.entries()) {
    for (const field of Object.values(subjects[index]?.fields ?? {})) {
      const verdict = judgeField(client.notebook, { product: end.id, field }, end.viewsOf(field));
      for (const edit of verdict.concurrent) tally.concurrent.add(edit);
      for (const edit of verdict.unfed) tally.unfed.add(edit);
      for (const edit of verdict.lost) tally.lost.add(edit);
      for (const line of verdict.broken) tally.broken.add(line);
    }
  }
  return ends;
}

/** The drill sends nothing that deserves a refusal that is final. */
function refused(edits: readonly Edit[]): readonly string[] {
  return edits.flatMap(({ name, attempts }) =>
    attempts
      .filter(isFinalRefusal)
      .map(
        ({ origin, end }) => `${name}: ${origin} refused it: ${end.type === "refused" ? end.problem : ""}`,
      ),
  );
}

function report({ context, client, tally }: Running, plan: readonly PlannedRound[]): DrillReport {
  const sent = client.notebook.edits.filter(({ operationId }) => operationId !== "");
  const acknowledged = sent.filter(({ attempts }) => doneEnd(attempts) !== undefined).length;
  const settlements = sent.filter(({ name }) => name.startsWith("settlement")).length;
  const concurrent = tally.concurrent.size;
  const conflictsFed = concurrent - tally.unfed.size;
  const { convergedMs } = tally;
  const lost = tally.lost.size;
  return {
    figures: { seed: context.seed, edits: sent.length, concurrent, conflictsFed, lost, convergedMs },
    rows: [
      ["products", `${context.sizes["products"]}, edited in ${counted(plan.length, "round")}`],
      [
        "edits",
        `${sent.length}, of which ${acknowledged} were acknowledged and ${settlements} settle a conflict`,
      ],
      ["stood beside another", `${concurrent}`],
      ["in every region's feed", `${conflictsFed}`],
      ["edits lost", `${lost}`],
      ["regions agreed after", `${convergedMs} ms at most`],
    ],
    faults: describePlan(plan.flatMap(({ faults }) => faults)),
    broken: [...refused(sent), ...tally.broken],
  };
}
