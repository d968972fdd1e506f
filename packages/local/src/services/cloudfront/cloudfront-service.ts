import type { Random } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import { childOf, parseXml, textOf, type XmlContent, type XmlElement } from "../route53/xml.ts";
import { AwsError, type AwsService, type ServiceRequest, type ServiceResponse } from "../service.ts";
import { configXml, listXml } from "./config-xml.ts";
import {
  createDistributionStore,
  type Distribution,
  type DistributionStore,
  newest,
} from "./distribution-store.ts";
import type { ServedDistribution } from "./edge/edge-location.ts";
import { invalidArgument, membersOf, notBuilt } from "./input.ts";
import {
  createInvalidationStore,
  type Invalidation,
  type InvalidationListener,
  type InvalidationStore,
} from "./invalidation-store.ts";
import { distributionIdOf, needsOf } from "./needs.ts";
import { parseCall } from "./operation.ts";
import { managedPolicies, type Policies, withManaged } from "./policies.ts";
import { readConfig } from "./read-config.ts";
import {
  cachePolicyXml,
  distributionXml,
  errorResponse,
  invalidationXml,
  responseHeadersPolicyXml,
  summaryXml,
  tagsXml,
  type XmlResponseParts,
  xmlResponse,
} from "./wire.ts";

export interface CloudFrontService extends AwsService {
  /** For the world, which makes what the infrastructure declares: at once, and without a request. */
  readonly distributions: Pick<DistributionStore, "provision">;
  provisionPolicies(policies: Policies): void;
  /** The managed ones too. */
  policies(): Policies;
  /**
   * The distribution that has a name, as an edge location knows it that hears of changes after that share of the time that
   * deploying takes. An address of this machine stands for the only distribution.
   */
  serve(host: string, share: number): ServedDistribution | undefined;
  onInvalidation(listener: InvalidationListener): void;
}

export interface CloudFrontOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
}

const pageMax = 100;

/** CloudFront: one for all regions, as in AWS. */
export function createCloudFrontService({ scheduler, random }: CloudFrontOptions): CloudFrontService {
  let policies = managedPolicies;
  const distributions = createDistributionStore({ scheduler, random, policies: () => policies });
  const invalidations = createInvalidationStore(scheduler, random);
  const state = { distributions, invalidations, policies: () => policies, madeAtMs: scheduler.now() };
  const tagsOf = (id: string) => distributions.all().find((one) => one.id === id)?.tags ?? {};
  return {
    signingName: "cloudfront",
    needs: (request) => needsOf(request, tagsOf),
    async handle(request) {
      try {
        return perform(request, state);
      } catch (error) {
        if (error instanceof AwsError) return errorResponse(error);
        throw error;
      }
    },
    fail: errorResponse,
    distributions,
    provisionPolicies(own) {
      policies = withManaged(own);
    },
    policies: () => policies,
    serve(host, share) {
      const all = distributions.all();
      const found = isAddress(host)
        ? all[0]
        : all.find(
            (one) => one.domainName === host || distributions.configAt(one, share).aliases.includes(host),
          );
      return found && { ...found, config: distributions.configAt(found, share) };
    },
    onInvalidation: invalidations.listen,
  };
}

/** Who has but an address asks the one distribution that there is: names need a resolver. */
function isAddress(host: string): boolean {
  return host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host);
}

interface State {
  readonly distributions: DistributionStore;
  readonly invalidations: InvalidationStore;
  readonly policies: () => Policies;
  readonly madeAtMs: number;
}

function perform(request: ServiceRequest, state: State): ServiceResponse {
  const { distributions, policies } = state;
  const { operation, id, otherId } = parseCall(request);
  switch (operation) {
    case undefined:
      throw notBuilt(`${request.method} ${request.path}`);
    case "ListDistributions":
      return listDistributions(request.query, state);
    case "GetDistribution":
      return wholeDistribution(distributions.get(id), state);
    case "GetDistributionConfig": {
      const { config, etag } = newest(distributions.get(id));
      return xmlResponse("DistributionConfig", configXml(config), { etag });
    }
    case "UpdateDistribution": {
      distributions.get(id);
      const config = readConfig(bodyOf(request, "DistributionConfig"));
      return wholeDistribution(distributions.update(id, request.headers["if-match"], config), state);
    }
    case "CreateInvalidation":
      return createInvalidation(request, distributions.get(id), state);
    case "GetInvalidation":
      return invalidationResponse(state.invalidations.get(distributions.get(id).id, otherId), state);
    case "GetCachePolicy":
      return policyResponse("CachePolicy", policies().cache, id, cachePolicyXml);
    case "GetResponseHeadersPolicy":
      return policyResponse(
        "ResponseHeadersPolicy",
        policies().responseHeaders,
        id,
        responseHeadersPolicyXml,
      );
    case "ListTagsForResource": {
      const { tags } = distributions.get(distributionIdOf(request.query.get("Resource") ?? ""));
      return xmlResponse("Tags", tagsXml(tags));
    }
  }
}

function stateOf(distribution: Distribution, { distributions, invalidations, madeAtMs }: State) {
  return {
    status: distributions.statusOf(distribution),
    invalidationsUnderWay: invalidations.underWay(distribution.id),
    madeAtMs,
  };
}

function wholeDistribution(distribution: Distribution, state: State): ServiceResponse {
  const { etag } = newest(distribution);
  return xmlResponse("Distribution", distributionXml(distribution, stateOf(distribution, state)), { etag });
}

/** In the order of their ids, from the one after the marker on. */
function listDistributions(query: URLSearchParams, state: State): ServiceResponse {
  const marker = query.get("Marker") ?? "";
  const wanted = Number(query.get("MaxItems") ?? pageMax);
  if (!Number.isInteger(wanted) || wanted < 1) throw invalidArgument("The parameter MaxItems is invalid.");
  const max = Math.min(wanted, pageMax);
  const left = state.distributions
    .all()
    .filter(({ id }) => id > marker)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const page = left.slice(0, max);
  const isTruncated = left.length > page.length;
  return xmlResponse("DistributionList", [
    ["Marker", marker],
    ["NextMarker", isTruncated ? page.at(-1)?.id : undefined],
    ["MaxItems", max],
    ["IsTruncated", isTruncated],
    ...listXml(
      "DistributionSummary",
      page.map((one) => summaryXml(one, stateOf(one, state))),
    ),
  ]);
}

function createInvalidation(request: ServiceRequest, { id }: Distribution, state: State): ServiceResponse {
  const batch = bodyOf(request, "InvalidationBatch");
  const [paths, reference] = [childOf(batch, "Paths"), textOf(batch, "CallerReference")];
  if (paths === undefined || !reference)
    throw invalidArgument("An invalidation has Paths and a CallerReference.");
  const texts = membersOf(paths, "Path").map(({ text }) => text);
  const made = state.invalidations.create(id, reference, texts);
  const location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${id}/invalidation/${made.id}`;
  return invalidationResponse(made, state, { status: 201, location });
}

function invalidationResponse(made: Invalidation, { invalidations }: State, parts: XmlResponseParts = {}) {
  return xmlResponse("Invalidation", invalidationXml(made, invalidations.statusOf(made)), parts);
}

function policyResponse<Policy extends { readonly id: string }>(
  name: "CachePolicy" | "ResponseHeadersPolicy",
  all: readonly Policy[],
  id: string,
  toXml: (policy: Policy) => XmlContent,
): ServiceResponse {
  const found = all.find((policy) => policy.id === id);
  if (found === undefined) throw new AwsError(`NoSuch${name}`, `The ${name} does not exist.`, 404);
  // A policy is never changed here, so its id is as good a version as any.
  return xmlResponse(name, toXml(found), { etag: found.id });
}

function bodyOf({ body }: ServiceRequest, name: string): XmlElement {
  const root = parseXml(body.toString("utf8"));
  if (root?.name === name) return root;
  throw new AwsError("MalformedXML", `The XML document is malformed: its root is to be ${name}.`, 400);
}
