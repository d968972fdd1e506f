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

/**
 * One look at the region itself, as often as there are votes. A calculated check counts children, one each, and none may be
 * calculated itself; so what must hold whatever the votes say stands there as many times as there are votes.
 */
const ownChecks = (name: string, asked: Omit<Asked, "region">) =>
  others.map((_, at) => answerCheck(`${name}-${stage.region}-${at + 1}`, { ...asked, region: stage.region }));

/** Healthy where all of `own` are, each of which stands there once for each vote, and one region at least does not vote. */
const unlessAllVote = (name: string, own: readonly aws.route53.HealthCheck[]) =>
  calculatedCheck(`${name}-${stage.region}`, [...own, ...keeps], own.length + 1);

/** The path answers 200 only while its region votes to drain this one: whoever is silent, or dead, does not vote. */
const keeps =
  domain && votesCount
    ? others.map(({ name }) =>
        answerCheck(`Keeps-${stage.region}-By-${name}`, {
          region: name,
          path: `/drain-votes/${stage.region}`,
          inverted: true,
        }),
      )
    : [];

function createRoutingChecks() {
  if (!votesCount) {
    return createOwnChecks();
  }
  const answers = ownChecks("Answers", { path: "/health" });
  const ramped = ownChecks("Ramped", { path: "/ramped" });
  const longRamped = ownChecks("LongRamped", { path: "/ramped", pace: slow });
  return {
    /** Some shoppers may be led here. */
    open: unlessAllVote("Open", answers),
    /** All that are near may. Never healthy where `open` is not: it has the same children, and more. */
    whole: unlessAllVote("Whole", [...answers, ...ramped, ...longRamped]),
  };
}

/** Without votes the region's own word is all. */
function createOwnChecks() {
  const own = (name: string, asked: Omit<Asked, "region">) =>
    answerCheck(`${name}-${stage.region}`, { ...asked, region: stage.region });
  const answers = own("Answers", { path: "/health" });
  const ramped = [own("Ramped", { path: "/ramped" }), own("LongRamped", { path: "/ramped", pace: slow })];
  const whole = [answers, ...ramped];
  return { open: answers, whole: calculatedCheck(`Whole-${stage.region}`, whole, whole.length) };
}

/** The checks that the region's records carry; none on a personal stage, which has no names. */
export const routingChecks = domain ? createRoutingChecks() : undefined;
