import type { CalculatedCheck, EndpointCheck, HealthCheck } from "./health-check.ts";
import { flagIn, invalidInput, notBuilt, numberIn } from "./input.ts";
import type { HealthCheckId } from "./record-set.ts";
import { childOf, childrenOf, textOf, type XmlContent, type XmlElement } from "./xml.ts";

const childrenMax = 255; // https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
const healthThresholdMax = 256; // one above all children is taken, and never reached
const portMax = 65_535;
const failureThresholdMax = 10;
/** What a check can have in Route 53 and not here. */
const unbuiltFields = [
  "IPAddress",
  "SearchString",
  "Regions",
  "AlarmIdentifier",
  "RoutingControlArn",
  "ResetElements",
];

/** A new check from its `HealthCheckConfig`. Throws `InvalidInput` when something in it is wrong. */
export function readHealthCheck(config: XmlElement): HealthCheck {
  const type = textOf(config, "Type");
  refuseUnbuilt(config);
  if (type === "CALCULATED") {
    return withCalculated(
      { type, children: [], healthThreshold: 0, inverted: false, disabled: false },
      config,
    );
  }
  if (type !== "HTTP" && type !== "HTTPS") throw notBuilt(`health checks of type ${type}`);
  const requestIntervalSeconds = Number(textOf(config, "RequestInterval") ?? "30");
  if (requestIntervalSeconds !== 10 && requestIntervalSeconds !== 30) {
    throw invalidInput(`Invalid parameter: RequestInterval is 10 or 30, not ${requestIntervalSeconds}`);
  }
  const port = type === "HTTP" ? 80 : 443;
  const fixed = { type, requestIntervalSeconds, inverted: false, disabled: false } as const;
  const check = withEndpoint({ ...fixed, host: "", port, path: "/", failureThreshold: 3 }, config);
  if (check.host === "") throw invalidInput("Invalid parameter: FullyQualifiedDomainName is missing");
  return check;
}

/** The check with what an `UpdateHealthCheckRequest` names; its type and interval stay. */
export function updatedHealthCheck(check: HealthCheck, request: XmlElement): HealthCheck {
  refuseUnbuilt(request);
  return check.type === "CALCULATED" ? withCalculated(check, request) : withEndpoint(check, request);
}

function refuseUnbuilt(config: XmlElement): void {
  const unbuilt = unbuiltFields.find((field) => childOf(config, field) !== undefined);
  if (unbuilt !== undefined) throw notBuilt(`a health check's ${unbuilt}`);
  if (textOf(config, "EnableSNI") === "false") throw notBuilt("a health check without SNI");
  if (textOf(config, "MeasureLatency") === "true") throw notBuilt("a health check's MeasureLatency");
}

function withFlags<T extends HealthCheck>(check: T, config: XmlElement): T {
  return {
    ...check,
    inverted: flagIn(config, "Inverted") ?? check.inverted,
    disabled: flagIn(config, "Disabled") ?? check.disabled,
  };
}

function withCalculated(check: CalculatedCheck, config: XmlElement): CalculatedCheck {
  const list = childOf(config, "ChildHealthChecks");
  const given = childrenOf(list, "ChildHealthCheck").map(({ text }) => text as HealthCheckId);
  const children = list === undefined ? check.children : given;
  if (children.length === 0 || children.length > childrenMax) {
    throw invalidInput(`Invalid parameter: ChildHealthChecks has 1 to ${childrenMax} members`);
  }
  const healthThreshold = numberIn(config, "HealthThreshold", 0, healthThresholdMax) ?? check.healthThreshold;
  return withFlags({ ...check, children, healthThreshold }, config);
}

function withEndpoint(check: EndpointCheck, config: XmlElement): EndpointCheck {
  const path = textOf(config, "ResourcePath") ?? check.path;
  return withFlags(
    {
      ...check,
      host: textOf(config, "FullyQualifiedDomainName") ?? check.host,
      port: numberIn(config, "Port", 1, portMax) ?? check.port,
      path: path.startsWith("/") ? path : `/${path}`,
      failureThreshold:
        numberIn(config, "FailureThreshold", 1, failureThresholdMax) ?? check.failureThreshold,
    },
    config,
  );
}

/** The `HealthCheckConfig` that a client is told. */
export function healthCheckXml(check: HealthCheck): XmlContent {
  const flags = [
    ["Inverted", check.inverted],
    ["Disabled", check.disabled],
  ] as const;
  if (check.type === "CALCULATED") {
    return [
      ["Type", check.type],
      ...flags,
      ["HealthThreshold", check.healthThreshold],
      ["ChildHealthChecks", check.children.map((child) => ["ChildHealthCheck", child] as const)],
    ];
  }
  return [
    ["Port", check.port],
    ["Type", check.type],
    ["ResourcePath", check.path],
    ["FullyQualifiedDomainName", check.host],
    ["RequestInterval", check.requestIntervalSeconds],
    ["FailureThreshold", check.failureThreshold],
    ["MeasureLatency", false],
    ...flags,
    ["EnableSNI", check.type === "HTTPS"],
  ];
}
