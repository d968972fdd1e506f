import type { Random } from "../../links/random.ts";
import type { Scheduler } from "../../links/scheduler.ts";
import type { AwsService, ServiceRequest, ServiceResponse } from "../service.ts";
import { AwsError } from "../service.ts";
import { answerQuestion, type DnsAnswer, type ForeignValues, type Question } from "./answer.ts";
import { readChanges } from "./change-batch.ts";
import { type CheckStore, createCheckStore, type StoredCheck } from "./check-store.ts";
import { type Checkers, createCheckers } from "./checkers.ts";
import type { Connect } from "./connect.ts";
import { healthCheckXml, readHealthCheck, updatedHealthCheck } from "./health-check-config.ts";
import { invalidInput, notBuilt, numberIn } from "./input.ts";
import { needsOf } from "./needs.ts";
import { type OperationName, parseCall } from "./operation.ts";
import { hostedZonePage, recordSetPage } from "./pages.ts";
import { groupOf, type HealthCheckId, type HostedZoneId, recordTypes, type Zone } from "./record-set.ts";
import { errorResponse, hostedZoneXml, xmlResponse } from "./wire.ts";
import { childOf, parseXml, textOf, type XmlContent, type XmlElement } from "./xml.ts";
import {
  type ChangeId,
  type ChangeInfo,
  type ChangeRefusal,
  createZoneStore,
  type ZoneStore,
} from "./zone-store.ts";

export interface Route53Service extends AwsService {
  /** For the world, which makes what the infrastructure declares: at once, and without a request. */
  readonly zones: Pick<ZoneStore, "create">;
  readonly checks: Pick<CheckStore, "provision" | "isHealthy" | "healthyShare">;
  /** For the name servers: as of the changes that are in sync. */
  answer(question: Question): DnsAnswer;
  /** Ends all polling. */
  stop(): void;
}

export interface Route53Options {
  readonly connect: Connect;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** No checker waits shorter than this for an endpoint; as long as Route 53 does when left out. */
  readonly patienceMs?: number;
  /** What names of AWS's own zones stand for, as targets of aliases. */
  readonly foreignValues: ForeignValues;
}

/** A client of which nothing is known. */
const nowhere = { latencyMsByRegion: {} };

/** Route 53: one for all regions, as in AWS. */
export function createRoute53Service(options: Route53Options): Route53Service {
  const { scheduler, random, foreignValues } = options;
  const checkers = createCheckers(options);
  const checks = createCheckStore({ checkers, random });
  const zones = createZoneStore({
    scheduler,
    random,
    hasHealthCheck: checks.has,
    isForeignTarget: (zoneId, target) =>
      recordTypes.some(
        (type) =>
          foreignValues({ type: "alias", zoneId, target, evaluateTargetHealth: false }, type, nowhere) !==
          undefined,
      ),
  });
  return {
    signingName: "route53",
    needs: needsOf,
    async handle(request) {
      try {
        return perform(request, { zones, checks, checkers });
      } catch (error) {
        if (error instanceof AwsError) return errorResponse(error);
        throw error;
      }
    },
    fail: errorResponse,
    zones,
    checks,
    answer: (question) =>
      answerQuestion({ zones: zones.served(), isCheckHealthy: checks.isHealthy, foreignValues }, question),
    stop: () => checkers.stop(),
  };
}

interface State {
  readonly zones: ZoneStore;
  readonly checks: CheckStore;
  readonly checkers: Pick<Checkers, "observations">;
}

function perform(request: ServiceRequest, { zones, checks, checkers }: State): ServiceResponse {
  const { operation, id } = parseCall(request);
  if (operation === undefined) throw notBuilt(`${request.method} ${request.path}`);
  const [zoneId, checkId] = [id as HostedZoneId, id as HealthCheckId];
  const respond = (content: XmlContent) => xmlResponse(`${operation}Response`, content);
  switch (operation) {
    case "ChangeResourceRecordSets": {
      zones.get(zoneId);
      const changed = zones.change(zoneId, readChanges(bodyOf(request, operation)));
      if (!changed.ok) throw refusal(changed.error);
      return respond([["ChangeInfo", changeXml(changed.value)]]);
    }
    case "GetChange":
      return respond([["ChangeInfo", changeXml(zones.changeInfo(id as ChangeId))]]);
    case "ListResourceRecordSets":
      return respond(recordSetPage(zones.get(zoneId), request.query));
    case "ListHostedZonesByName":
      return respond(hostedZonePage(zones.all(), request.query));
    case "GetHostedZone":
      return respond(hostedZoneWithServers(zones.get(zoneId)));
    case "CreateHealthCheck":
      return createHealthCheck(bodyOf(request, operation), checks);
    case "UpdateHealthCheck": {
      const body = bodyOf(request, operation);
      const version = numberIn(body, "HealthCheckVersion", 1, Number.MAX_SAFE_INTEGER);
      return respond([
        [
          "HealthCheck",
          checkXml(checks.update(checkId, version, (check) => updatedHealthCheck(check, body))),
        ],
      ]);
    }
    case "GetHealthCheck":
      return respond([["HealthCheck", checkXml(checks.get(checkId))]]);
    case "GetHealthCheckStatus":
      return respond([["HealthCheckObservations", observationsXml(checks.get(checkId), checkers)]]);
  }
}

function bodyOf({ body }: ServiceRequest, operation: OperationName): XmlElement {
  const root = parseXml(body.toString("utf8"));
  if (root?.name === `${operation}Request`) return root;
  throw invalidInput(`Invalid XML ; the root of the request is to be ${operation}Request`);
}

function refusal(error: ChangeRefusal): AwsError {
  if (error.type === "invalid-change-batch") {
    return new AwsError("InvalidChangeBatch", `[${error.messages.join(", ")}]`, 400);
  }
  return new AwsError("NoSuchHealthCheck", `A health check with id ${error.id} does not exist.`, 404);
}

function createHealthCheck(body: XmlElement, checks: CheckStore): ServiceResponse {
  const [callerReference, config] = [textOf(body, "CallerReference"), childOf(body, "HealthCheckConfig")];
  if (!callerReference || config === undefined) {
    throw invalidInput("Invalid request: a health check has a CallerReference and a HealthCheckConfig");
  }
  const stored = checks.create(callerReference, readHealthCheck(config));
  const location = `https://route53.amazonaws.com/2013-04-01/healthcheck/${stored.id}`;
  return xmlResponse("CreateHealthCheckResponse", [["HealthCheck", checkXml(stored)]], 201, { location });
}

function changeXml({ id, status, submittedAtMs }: ChangeInfo): XmlContent {
  return [
    ["Id", `/change/${id}`],
    ["Status", status],
    ["SubmittedAt", new Date(submittedAtMs).toISOString()],
  ];
}

function hostedZoneWithServers(zone: Zone): XmlContent {
  const servers = groupOf(zone, zone.name, "NS").flatMap(({ content }) =>
    content.type === "values"
      ? content.values.map((value) => ["NameServer", value.replace(/\.$/, "")] as const)
      : [],
  );
  return [
    ["HostedZone", hostedZoneXml(zone)],
    ["DelegationSet", [["NameServers", servers]]],
  ];
}

function checkXml({ id, callerReference, version, check }: StoredCheck): XmlContent {
  return [
    ["Id", id],
    ["CallerReference", callerReference],
    ["HealthCheckConfig", healthCheckXml(check)],
    ["HealthCheckVersion", version],
  ];
}

/** What each checker saw last. A calculated check has none: nobody polls it. */
function observationsXml({ id, check }: StoredCheck, checkers: State["checkers"]): XmlContent {
  if (check.type === "CALCULATED")
    throw invalidInput(`Health check ${id} is CALCULATED and has no checkers.`);
  return checkers.observations(id).flatMap(({ region, latest }) => {
    if (latest === undefined) return [];
    const report = [
      ["Status", latest.status],
      ["CheckedTime", new Date(latest.atMs).toISOString()],
    ] as const;
    const content = [
      ["Region", region],
      ["IPAddress", "127.0.0.1"],
      ["StatusReport", report],
    ] as const;
    return [["HealthCheckObservation", content] as const];
  });
}
