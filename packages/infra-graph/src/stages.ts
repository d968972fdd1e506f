import { homeRegion, isRegionName, type RegionName, regions } from "../../core/src/region/regions.ts";

export interface Stage {
  readonly name: string;
  /** Stages of one environment share tables, keys and domain. A personal stage is an environment of its own. */
  readonly environment: string;
  readonly region: RegionName;
  readonly personal: boolean;
}

/** The personal stage whose graph is committed: what `sst dev` would create for one person. */
export const samplePersonalStage = "alice";

const namePattern = /^[a-z][a-z0-9]*$/;

/** `<environment>-<region>`, or a bare name in the home region; undefined for anything else. */
export function parseStage(name: string): Stage | undefined {
  if (namePattern.test(name)) {
    return { name, environment: name, region: homeRegion, personal: true };
  }
  const dash = name.indexOf("-");
  const environment = name.slice(0, Math.max(dash, 0));
  const region = name.slice(dash + 1);
  if (!namePattern.test(environment) || !isRegionName(region)) {
    return undefined;
  }
  return { name, environment, region, personal: false };
}

/** The stages whose graphs are committed: production in every region, home first, and one personal stage. */
export function committedStages(): readonly Stage[] {
  return [...regions.map(({ name }) => `prod-${name}`), samplePersonalStage].flatMap(
    (name) => parseStage(name) ?? [],
  );
}

/** The stage that owns what exists once per environment. */
export function homeStageOf(stage: Stage): Stage {
  return stage.personal
    ? stage
    : { ...stage, name: `${stage.environment}-${homeRegion}`, region: homeRegion };
}
