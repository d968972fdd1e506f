/** Deploys an environment region by region and stops at the first region that is not ready. */
import { homeRegion, regions } from "../packages/core/src/region/regions.ts";

/** API Gateway, a cold function and new tables are ready within a minute or two; past this something is wrong. */
const readyWithinMs = 300_000;
const readyEveryMs = 5_000;

export interface DeployOptions {
  readonly environment: string;
  /** Continue there, when an earlier run stopped. */
  readonly from?: string;
}

/** The world of a deployment: the SST CLI, its outputs, HTTP and time. */
export interface DeployPort {
  /** Runs `sst deploy --stage <stage>`; resolves to its exit code. */
  deploy(stage: string): Promise<number>;
  /** What the stage's program returned, from the deployment that has just ended. */
  outputs(): Promise<{ readonly region?: string | undefined; readonly api?: string | undefined }>;
  /** The HTTP status of a GET, or undefined when nothing answered. */
  status(url: string): Promise<number | undefined>;
  sleep(ms: number): Promise<void>;
  say(line: string): void;
}

export type Deployed =
  | { readonly ok: true; readonly regions: readonly string[] }
  | { readonly ok: false; readonly error: string };

export async function deployEnvironment(options: DeployOptions, port: DeployPort): Promise<Deployed> {
  const names = regions.map((region) => region.name as string);
  const from = options.from ?? homeRegion;
  if (!names.includes(from)) return refused(`unknown region "${from}": choose from ${names.join(", ")}`);
  if (!/^[a-z][a-z0-9]{0,11}$/.test(options.environment)) {
    return refused(
      `"${options.environment}" is no environment: a to z and digits, 12 at most, for example prod`,
    );
  }
  const remaining = names.slice(names.indexOf(from));
  for (const region of remaining) {
    const stage = `${options.environment}-${region}`;
    port.say(`Deploying ${stage} (${names.indexOf(region) + 1} of ${names.length}) …`);
    const error = await deployRegion(stage, region, port);
    if (error !== undefined) {
      return refused(`${error}; mend it, then: npm run deploy -- ${options.environment} --from ${region}`);
    }
    port.say(`${stage} is ready.`);
  }
  return { ok: true, regions: remaining };
}

async function deployRegion(stage: string, region: string, port: DeployPort): Promise<string | undefined> {
  const code = await port.deploy(stage);
  if (code !== 0) return `stopped at ${stage}: sst deploy ended with ${code}`;
  const outputs = await port.outputs();
  // The outputs file belongs to whichever stage was deployed last, so it must name this one.
  if (outputs.region !== region || !outputs.api)
    return `stopped at ${stage}: it has no API address in its outputs`;
  let status: number | undefined;
  for (let waitedMs = 0; waitedMs <= readyWithinMs; waitedMs += readyEveryMs) {
    status = await port.status(`${outputs.api}/ready`);
    if (status === 200) return undefined;
    await port.sleep(readyEveryMs);
  }
  const answer = status === undefined ? "nothing" : `${status}`;
  return `stopped at ${stage}: ${outputs.api}/ready answered ${answer} for ${readyWithinMs / 60_000} minutes`;
}

const refused = (error: string): Deployed => ({ ok: false, error });
