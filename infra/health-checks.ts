/**
 * Whether Route 53 sends shoppers here. Its own checkers decide, from many places and without any control plane: the region
 * answers `/health`, and not all other regions vote to drain it.
 */
import { domain, stage } from "./stage.ts";

const others = stage.regions.filter(({ name }) => name !== stage.region);

/** With fewer regions than three a vote would be one region's word against another's. */
const votesCount = stage.regions.length >= 3;

/** Seconds between two looks of one checker, and failures in a row: a dead region is out after about 30 s. */
const fast = { requestInterval: 10, failureThreshold: 3 };

/** One answer of a region over HTTPS, asked for by the name that its certificate is for. */
function answerCheck(
  name: string,
  { region, path, inverted }: { region: string; path: string; inverted: boolean },
) {
  return new aws.route53.HealthCheck(name, {
    type: "HTTPS",
    fqdn: `${region}.${domain}`,
    port: 443,
    enableSni: true,
    resourcePath: path,
    ...fast,
    ...(inverted ? { invertHealthcheck: true } : {}),
    tags: { Name: `antipode-${stage.environment}-${name}` },
  });
}

function allOf(name: string, checks: aws.route53.HealthCheck[], threshold: number) {
  return new aws.route53.HealthCheck(name, {
    type: "CALCULATED",
    childHealthchecks: checks.map(({ id }) => id),
    childHealthThreshold: threshold,
    tags: { Name: `antipode-${stage.environment}-${name}` },
  });
}

function createOpenCheck() {
  const answers = answerCheck(`Answers-${stage.region}`, {
    region: stage.region,
    path: "/health",
    inverted: false,
  });
  if (!votesCount) {
    return answers;
  }
  // The path answers 200 only while its region votes to drain this one: whoever is silent, or dead, does not vote.
  const keeps = others.map(({ name }) =>
    answerCheck(`Keeps-${stage.region}-By-${name}`, {
      region: name,
      path: `/drain-votes/${stage.region}`,
      inverted: true,
    }),
  );
  const undrained = allOf(`Undrained-${stage.region}`, keeps, 1);
  return allOf(`Open-${stage.region}`, [answers, undrained], 2);
}

/** The check that each of the region's records carries; none on a personal stage, which has no names. */
export const openCheck = domain ? createOpenCheck() : undefined;
