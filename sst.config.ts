/// <reference path="./.sst/platform/config.d.ts" />

/**
 * The contents page of the infrastructure. A stage is one region of one environment (`prod-eu-west-1`), or a
 * personal stage in the home region (`alice`). Each file in infra/ exports its resources and imports its siblings, so
 * the import lines are the dependency graph.
 */
export default $config({
  async app(input) {
    const { readStage } = await import("./infra/stage-name.ts");
    // A name that is refused gets no further than infra/stage.ts, where SST shows the reason; here it would hide it.
    const { environment, region, production } = readStage(input.stage).stage;
    return {
      name: "antipode",
      home: "aws",
      removal: production ? "retain" : "remove",
      protect: production,
      providers: {
        aws: {
          region: region as never, // checked against the one list of regions; SST's own type is a long union
          // No tag of the region: replicas and keys elsewhere take the home stage's tags.
          defaultTags: { tags: { "antipode:environment": environment } },
        },
      },
    };
  },

  async run() {
    await import("./infra/keys.ts"); // one encryption key a region
    await import("./infra/tables.ts"); // five global tables, three regional ones
    await import("./infra/secrets.ts");
    await import("./infra/domain.ts"); // certificate for every name of the region
    const { api } = await import("./infra/api.ts"); // the shop
    await import("./infra/health.ts"); // what Route 53's checkers ask, on the same API
    await import("./infra/health-checks.ts"); // whether shoppers are sent to this region
    await import("./infra/records.ts"); // the names that lead to it
    await import("./infra/cdn.ts"); // the shop's own name, and what is kept near shoppers
    await import("./infra/docs.ts"); // its specification, as a document and a page
    await import("./infra/checkout.ts"); // orders, stock and payment, on the same API
    await import("./infra/peer.ts"); // what a region does for the others
    await import("./infra/dispatchers.ts"); // one stream reader per global table
    const { repair } = await import("./infra/schedules.ts"); // heartbeats, and what was left open
    const { replay } = await import("./infra/replay.ts"); // runs failed batches again
    const { backfill } = await import("./infra/backfill.ts"); // rebuilds a region's views from its replica
    const { reclaim } = await import("./infra/reclaim.ts"); // takes over a lost region's stock
    const { alarmsTopic } = await import("./infra/topics.ts"); // what is told to people, and to functions
    await import("./infra/failover.ts"); // who hears of alarms, in every region
    await import("./infra/alarms.ts"); // of selling
    await import("./infra/alarms-pages.ts"); // of everything else, and what wakes people
    const { deployment } = await import("./infra/deployment.ts");

    return {
      region: deployment.region,
      origin: deployment.origin,
      api: api.nodes.api.apiEndpoint,
      replay: replay.name,
      backfill: backfill.name,
      repair: repair.name,
      reclaim: reclaim.name,
      alarms: alarmsTopic.arn,
    };
  },
});
