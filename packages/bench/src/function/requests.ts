/** A request as API Gateway's HTTP API hands it to a function, payload format 2.0. */
export interface HttpApiEvent {
  readonly version: "2.0";
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: object;
  readonly body?: string;
  readonly isBase64Encoded: false;
  readonly routeKey: "$default";
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

export interface BenchRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With the query, if there is one. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What a browser and the gateway add to every request. */
const commonHeaders = {
  accept: "application/json",
  "accept-encoding": "gzip, deflate, br",
  host: "us-east-1.antipode.example",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0",
  "x-amzn-trace-id": "Root=1-68e77d80-0123456789abcdef01234567",
  "x-forwarded-for": "203.0.113.7",
  "x-forwarded-port": "443",
  "x-forwarded-proto": "https",
} as const;

export function apiEvent({ method, path, headers = {}, body }: BenchRequest): HttpApiEvent {
  const [rawPath = "", rawQueryString = ""] = path.split("?");
  const text = body === undefined ? undefined : JSON.stringify(body);
  const query = Object.fromEntries(new URLSearchParams(rawQueryString));
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: decodeURIComponent(rawPath),
    rawQueryString,
    headers: {
      ...commonHeaders,
      ...(text === undefined
        ? {}
        : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) }),
      ...Object.fromEntries(named),
    },
    ...(rawQueryString === "" ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: "111122223333",
      apiId: "bench",
      domainName: commonHeaders.host,
      domainPrefix: "us-east-1",
      http: {
        method,
        path: decodeURIComponent(rawPath),
        protocol: "HTTP/1.1",
        sourceIp: "203.0.113.7",
        userAgent: commonHeaders["user-agent"],
      },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: "$default",
      stage: "$default",
      time: "09/Oct/2025:08:53:20 +0000",
      timeEpoch: 1_760_000_000_000,
    },
    ...(text === undefined ? {} : { body: text }),
    isBase64Encoded: false,
  };
}
