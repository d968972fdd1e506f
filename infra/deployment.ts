import { domain, stage } from "./stage.ts";

const own = stage.regions.find((region) => region.name === stage.region);
if (!own) throw new Error(`region ${stage.region} is not in the list of regions`);

/** What a function must know of where it runs. */
export const deployment = {
  environment: stage.environment,
  region: own.name,
  origin: own.origin,
  regions: stage.regions.map(({ name, origin }) => ({ name, origin })),
  domain,
};

export const deploymentLink = new sst.Linkable("Deployment", { properties: deployment });
