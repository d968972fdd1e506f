import { homeRegion, regions } from "../packages/core/src/region/regions.ts";

export interface Stage {
  /** Stages of one environment share the domain, the global tables and the keys. */
  readonly environment: string;
  readonly region: string;
  /** The home stage owns what exists once per environment. */
  readonly isHome: boolean;
  /** A personal stage has one region; `sst dev` uses it. */
  readonly isPersonal: boolean;
  /** Production resources outlive a mistaken `sst remove`. */
  readonly production: boolean;
  /** The regions of the environment, home first. */
  readonly regions: readonly StageRegion[];
}

export interface StageRegion {
  readonly name: string;
  readonly origin: string;
  readonly continent: string;
  /** Answers under `alt.<domain>` where this region is the nearest. */
  readonly partner: string;
}

/** Longer ones would push bucket names past 63 characters and function names past 64. */
const environmentPattern = /^[a-z][a-z0-9]{0,11}$/;
const productionEnvironment = "prod";

/** What a name says, and why it cannot be deployed, if so. */
export interface ReadStage {
  readonly stage: Stage;
  readonly refusal?: string;
}

/** Reads a stage's name: `<environment>-<region>`, or a bare personal name. */
export function readStage(name: string): ReadStage {
  const region = regions.find((entry) => name.endsWith(`-${entry.name}`));
  const environment = region ? name.slice(0, -region.name.length - 1) : name;
  const inEnvironment = region ? regions : regions.slice(0, 1);
  const stage = {
    environment,
    region: region?.name ?? homeRegion,
    isHome: !region || region.name === homeRegion,
    isPersonal: !region,
    production: environment === productionEnvironment,
    regions: inEnvironment.map((entry) => ({
      name: entry.name,
      origin: `${entry.name}#${entry.incarnation}`,
      continent: entry.continent,
      partner: entry.partner,
    })),
  };
  const refusal = refusalOf(name, stage);
  return refusal === undefined ? { stage } : { stage, refusal };
}

function refusalOf(name: string, { environment, isPersonal }: Stage): string | undefined {
  const names = regions.map((entry) => entry.name).join(", ");
  if (!environmentPattern.test(environment)) {
    return `Stage "${name}" is neither <environment>-<region> nor a personal name (a to z and digits, 12 at most). Regions: ${names}.`;
  }
  if (isPersonal && environment === productionEnvironment) {
    return `Deploy "${name}" region by region: --stage ${name}-${homeRegion}, then the others (${names}).`;
  }
  return undefined;
}
