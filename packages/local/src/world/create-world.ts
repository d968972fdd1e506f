import { err } from "@antipode/core";
import { createFaults } from "../faults/faults.ts";
import { createSkewedClock } from "../faults/skewed-clock.ts";
import { createRandom } from "../links/random.ts";
import { outside, payments as paymentProvider } from "../links/region-lag.ts";
import { createScaledScheduler, createWallScheduler, type TimeScale } from "../links/scheduler.ts";
import { createLinks } from "../links/world-links.ts";
import { takesPayments } from "../payments/payments.ts";
import { createProbeDoors } from "../probes/probe-doors.ts";
import { planWorld, type WorldPlan } from "../provision/plan.ts";
import { signAdminToken } from "./admin-token.ts";
import { describeAlarms } from "./alarm-status.ts";
import { runBackfill } from "./backfill.ts";
import { reportFirings, startAlarms } from "./cloudwatch.ts";
import { describeWorld } from "./describe-world.ts";
import { type Edges, openEdges } from "./edges.ts";
import { importCatalog } from "./import-catalog.ts";
import { runInvocations } from "./invocations.ts";
import { runInvoke } from "./invoke.ts";
import { describeMessages } from "./messages.ts";
import { nameServers, openNames } from "./names.ts";
import { openPayments } from "./payments.ts";
import { createRegions, type Regions } from "./regions.ts";
import { runReplay } from "./replay.ts";
import { followFaults, replicateTables } from "./replicas.ts";
import { startSchedules } from "./schedules.ts";
import { worldSecrets } from "./secrets.ts";
import { createServices } from "./services.ts";
import { settle } from "./settle.ts";
import { sweepExpiredItems } from "./sweep.ts";
import { warmAll, warmApis } from "./warm.ts";
import type { World } from "./world.ts";
import type { WorldOptions } from "./world-options.ts";

/** The catalog was written before anything that happens in the world. */
const catalogAgeMs = 86_400_000;

/**
 * Brings up what the graphs name, with the catalog loaded. Rejects with one-line errors: `GraphError` when something
 * leads nowhere, `BundleError` for a handler, `PortTakenError`, `EngineUnavailableError`, `SandboxError`.
 */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { say = () => {}, warn = () => {}, timeScale = 1 } = options;
  const startedAt = new Date().toISOString();
  const secrets = worldSecrets();
  const planned = planWorld(options.graphs, secrets);
  say(`Graphs of ${planned.regions.length} stages: ${planned.resourceCount} resources.`);

  const random = createRandom(options.seed);
  const machine = createWallScheduler();
  const time: TimeScale = { scale: timeScale, sinceMs: machine.now() };
  const scheduler = createScaledScheduler(machine, time);
  const otherPlaces = takesPayments(planned.functions) ? [outside, paymentProvider] : [outside];
  const faults = createFaults({ regions: planned.regions, otherPlaces });
  const clock = createSkewedClock({ now: scheduler.now, state: faults.state });
  const links = createLinks({ faults, random, scheduler });
  const isDown = (region: string) => faults.state().down.includes(region);

  // Closed in reverse order: when the world ends, and when it cannot be finished.
  const closers: (() => void | Promise<void>)[] = [];
  const close = () => closeAll(closers.toReversed());
  try {
    const payments = await openPayments(planned, {
      ...options,
      links,
      machine,
      time,
      secrets,
      api: (region) => regions.api(region),
      say,
      warn,
    });
    if (payments !== undefined) closers.push(payments.close, faults.watch(payments.followFaults));
    const probes = await createProbeDoors({
      ...planned,
      links,
      api: (region) => regions.api(region),
      edge: planned.distributions.length === 0 ? undefined : (near) => edges.url(near),
      openNameServer: nameServers(planned, {
        answer: (question) => services.route53.answer(question),
        random: createRandom(`${options.seed} name servers`),
        warn,
      }),
      warn,
    });
    closers.push(probes.close);
    const functions = probes.withDoors(payments?.withProvider(planned.functions) ?? planned.functions);
    const plan: WorldPlan = { ...planned, functions };
    const services = await createServices({
      ...options,
      plan,
      faults,
      links,
      clock,
      random,
      scheduler,
      timeScale,
      endpointUrl: (region) => regions.endpoint(region),
      apiUrl: (region) => regions.api(region),
      say,
      warn,
    });
    closers.push(services.close);
    const { dynamo } = services;
    const imported = await importCatalog(plan, dynamo, {
      writtenAtMs: scheduler.now() - catalogAgeMs,
      nowMs: scheduler.now(),
      withoutViews: options.withoutViews ?? [],
      ...(options.products === undefined ? {} : { count: options.products }),
      ...(options.stockUnits === undefined ? {} : { stockUnits: options.stockUnits }),
    });
    say(`Catalog loaded: ${imported.products} products in ${imported.regions} regions, views included.`);

    const regions: Regions = await createRegions({
      plan,
      services,
      links,
      clock,
      random,
      scheduler,
      ports: options.ports ?? {},
      warn,
    });
    closers.push(regions.close);
    const replication = replicateTables({ plan, services, links, random, scheduler });
    closers.push(replication.close);
    closers.push(followFaults(faults, plan, regions, replication));
    closers.push(sweepExpiredItems({ dynamo, plan, isDown, scheduler, warn }));
    await warmApis(plan, services.lambda);
    const edges: Edges = await openEdges({
      plan,
      services,
      regions,
      random: createRandom(`${options.seed} edges`),
      scheduler,
      timeScale,
      ports: options.edgePorts ?? {},
      warn,
    });
    closers.push(edges.close);
    await options.prepare?.({ api: regions.api, edge: edges.url });
    if (timeScale > 1) await warmAll(plan, services.lambda);
    const names = await openNames({
      plan,
      route53: services.route53,
      regions,
      edges,
      random: createRandom(`${options.seed} names`),
      ports: options.namePorts,
      warn,
    });
    if (names !== undefined) closers.push(names.close);

    const { lambda, asyncInvocations } = services;
    if (options.invocations === true) runInvocations(plan.invocations, lambda, warn);
    const schedules = startSchedules({
      plan,
      lambda,
      asyncInvocations,
      isDown,
      clock,
      random,
      scheduler,
      onFire: reportFirings(services.cloudWatch),
    });
    closers.push(schedules.close);
    startAlarms(services.cloudWatch, plan, services.route53.checks);
    const parts = {
      ...options,
      plan,
      startedAt,
      timeScale,
      scheduler,
      faults,
      replication,
      regions,
      services,
      schedules,
      payments,
      names,
      edges,
    };
    return {
      plan,
      products: imported.products,
      api: regions.api,
      endpoint: regions.endpoint,
      edge: edges.url,
      now: scheduler.now,
      status: () => describeWorld(parts),
      apply: faults.apply,
      replay: (region) => runReplay(plan, lambda, region === undefined ? plan.regions : [region]),
      backfill: (region, force) =>
        runBackfill(plan, lambda, region === undefined ? plan.regions : [region], force),
      run: schedules.run,
      invoke: (request) => runInvoke(plan, lambda, request),
      resolve: (name, near) => names?.resolve(name, near) ?? err({ type: "no-name", text: name }),
      alarms: () => describeAlarms(plan, services.cloudWatch),
      messages: () => describeMessages(plan, services.messaging.topics),
      paymentLedger: async () => payments?.ledger(),
      adminToken: (request) => signAdminToken(secrets.SessionKeys, request, scheduler.now()),
      settled: () => settle({ regionNames: plan.regions, replication, regions, isDown }),
      dynamo,
      logs: services.logs,
      cloudWatch: services.cloudWatch,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One that fails keeps no other open. Throws the first failure. */
async function closeAll(closers: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
