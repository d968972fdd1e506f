import { residencies } from "./residency.ts";
import { readSetting } from "./setting.ts";
import { readStage } from "./stage-name.ts";

const read = readStage($app.stage);
if (read.refusal) throw new Error(read.refusal);

export const stage = read.stage;

/** Every name of the environment lies under it. Personal stages have none. */
export const domain = stage.isPersonal ? "" : requiredDomain();

function requiredDomain(): string {
  const value = process.env.ANTIPODE_DOMAIN ?? "";
  if (!/^([a-z0-9-]+\.)+[a-z]{2,}$/.test(value)) {
    throw new Error(`Set ANTIPODE_DOMAIN to the environment's domain (see .env.example); it is "${value}".`);
  }
  return value;
}

/** It is about where requests are answered; the global tables copy to every region all the same. */
export const residency = readSetting("ANTIPODE_EU_RESIDENCY", residencies);

/** Personal names are marked, so that a stage "staging" and the environment "staging" never claim the same tables. */
const owner = stage.isPersonal ? `me-${stage.environment}` : stage.environment;

/** Names that other stages look up carry the environment only: they are the same in every region. */
export const environmentName = (name: string) => `${$app.name}-${owner}-${name}`;

/** Names within one region's stage. */
export const regionName = (region: string, name: string) => `${$app.name}-${owner}-${region}-${name}`;

export const stageName = (name: string) => regionName(stage.region, name);

export const accountId = aws.getCallerIdentityOutput({}).accountId;
