/**
 * Whether Route 53 sends shoppers here, and whether all of them. Its own checkers decide, from many places and without any
 * control plane: the region answers `/health`, and not all other regions vote to drain it; all of those that are near are led to
 * it while it answers `/ramped` besides.
 */
import { domain, stage } from "./stage.ts";

const others = stage.regions.filter(({ name }) => name !== stage.region);

/** With fewer regions than three a vote would be one region's word against another's. */
const votesCount = stage.regions.length >= 3;

/** Seconds between two looks of one checker, and looks in a row that turn it: a dead region is out after about 30 s. */
const fast = { requestInterval: 10, failureThreshold: 3 };

/**
 * Two minutes of good looks. A region that wakes answers before its prober has noticed that it was away, a minute later at most:
 * until then this check holds it to a share. As slow to turn the other way, it is healthy still after a short outage; so a
 * region is whole by this check and a fast one.
 */
const slow = { requestInterval: 30, failureThreshold: 5 };

interface Asked {
  readonly region: string;
  readonly path: string;
  readonly inverted?: boolean;
  readonly pace?: { readonly requestInterval: number; readonly failureThreshold: number };
}

/** One answer of a region over HTTPS, asked for by the name that its certificate is for. */
function answerCheck(name: string, { region, path, inverted = false, pace = fast }: Asked) {
  return new aws.route53.HealthCheck(name, {
    type: "HTTPS",
    fqdn: `${region}.${domain}`,
    port: 443,
    enableSni: true,
    resourcePath: path,
    ...pace,
    ...(inverted ? { invertHealthcheck: true } : {}),
    tags: { Name: `antipode-${stage.environment}-${name}` },
  });
}

function calculatedCheck(name: string, checks: readonly aws.route53.HealthCheck[], threshold: number) {
  return new aws.route53.HealthCheck(name, {
    type: "CALCULATED",
    childHealthchecks: checks.map(({ id }) => id),
    childHealthThreshold: threshold,
    tags: { Name: `antipode-${stage.environment}-${name}` },
  });
}

const allOf = (name: string, checks: readonly aws.route53.HealthCheck[]) =>
  calculatedCheck(name, checks, checks.length);

/** All of these are healthy where the region is open. */
function createOpenParts(): readonly [aws.route53.HealthCheck, ...aws.route53.HealthCheck[]] {
  const answers = answerCheck(`Answers-${stage.region}`, { region: stage.region, path: "/health" });
  if (!votesCount) {
    return [answers];
  }
  // The path answers 200 only while its region votes to drain this one: whoever is silent, or dead, does not vote.
  const keeps = others.map(({ name }) =>
    answerCheck(`Keeps-${stage.region}-By-${name}`, {
      region: name,
      path: `/drain-votes/${stage.region}`,
      inverted: true,
    }),
  );
  return [answers, calculatedCheck(`Undrained-${stage.region}`, keeps, 1)];
}

function createRoutingChecks() {
  const parts = createOpenParts();
  const ramped = { region: stage.region, path: "/ramped" };
  return {
    /** Some shoppers may be led here. */
    open: parts.length === 1 ? parts[0] : allOf(`Open-${stage.region}`, parts),
    /** All that are near may. Never healthy where `open` is not: it has the same children, and more. */
    whole: allOf(`Whole-${stage.region}`, [
      ...parts,
      answerCheck(`Ramped-${stage.region}`, ramped),
      answerCheck(`LongRamped-${stage.region}`, { ...ramped, pace: slow }),
    ]),
  };
}

/** The checks that the region's records carry; none on a personal stage, which has no names. */
export const routingChecks = domain ? createRoutingChecks() : undefined;
