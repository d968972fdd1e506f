import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { Route53Client } from "@aws-sdk/client-route-53";
import { SNSClient } from "@aws-sdk/client-sns";
import { afterEach, describe, expect, test } from "vitest";
import { type FakeAws, type FakeAwsAnswer, type FakeAwsRequest, startFakeAws } from "../testing/fake-aws.ts";
import { createAnnounce, createTellFunctions } from "./announce.ts";
import { linkedAnnounce, linkedPlanes, linkedTellFunctions } from "./control-planes.ts";
import { createEdgeControl } from "./edge-control.ts";
import { createNamesControl } from "./names-control.ts";

let server: FakeAws | undefined;
afterEach(() => server?.close());

async function options(answer: (request: FakeAwsRequest) => FakeAwsAnswer | "hang-up" | undefined) {
  server = await startFakeAws(answer);
  return {
    region: "us-east-1",
    endpoint: server.endpoint,
    maxAttempts: 1,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}

const requests = () => server?.requests ?? [];
const xml = (body: string, headers = {}): FakeAwsAnswer => ({
  status: 200,
  headers: { "content-type": "text/xml", ...headers },
  body,
});

const record = (set: string, region: string, check: string, policy: string) =>
  `<ResourceRecordSet><Name>${set}.shop.example.</Name><Type>CNAME</Type>${policy}<TTL>10</TTL><ResourceRecords><ResourceRecord><Value>${region}.shop.example</Value></ResourceRecord></ResourceRecords><HealthCheckId>${check}</HealthCheckId></ResourceRecordSet>`;
const list = (...records: readonly string[]) =>
  xml(
    `<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>${records.join("")}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListResourceRecordSetsResponse>`,
  );
const change = (status: string) =>
  xml(
    `<GetChangeResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>/change/C1</Id><Status>${status}</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo></GetChangeResponse>`,
  );
const apiRecords = ["us-east-1", "eu-west-1", "ap-south-1"].map((region) =>
  record(
    "api-open",
    region,
    `open-${region}`,
    `<SetIdentifier>${region}</SetIdentifier><Region>${region}</Region>`,
  ),
);
const pairOf = (primary: string, secondary: string) => [
  record(
    "failover",
    primary,
    `open-${primary}`,
    "<SetIdentifier>primary</SetIdentifier><Failover>PRIMARY</Failover>",
  ),
  record(
    "failover",
    secondary,
    `open-${secondary}`,
    "<SetIdentifier>secondary</SetIdentifier><Failover>SECONDARY</Failover>",
  ),
];

describe("names", () => {
  async function names(answer: Parameters<typeof options>[0]) {
    let waits = 0;
    const delay = async () => {
      waits += 1;
    };
    const client = new Route53Client(await options(answer));
    const control = createNamesControl({ client, zoneId: "Z1", domain: "shop.example", delay });
    return { control, waits: () => waits };
  }
  const normally = ({ method, url }: FakeAwsRequest) => {
    if (method === "POST") {
      return xml(
        `<ChangeResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>`,
      );
    }
    return url.includes("name=api-open.") ? list(...apiRecords) : list(...pairOf("us-east-1", "eu-west-1"));
  };

  test("only what differs is changed, with the check of the region that it leads to", async () => {
    const { control } = await names(normally);
    expect(await control.lead({ primary: "us-east-1", secondary: "ap-south-1" })).toMatchObject({
      ok: true,
      value: { ref: expect.stringMatching(/C1$/) },
    });
    const [posted, ...others] = requests().filter(({ method }) => method === "POST");
    expect(others).toEqual([]);
    expect(posted?.url).toMatch(/\/hostedzone\/Z1\/rrset/);
    expect(posted?.body.match(/<Action>UPSERT<\/Action>/g)).toHaveLength(1);
    for (const part of [
      "<SetIdentifier>secondary</SetIdentifier>",
      "<Failover>SECONDARY</Failover>",
      "<Value>ap-south-1.shop.example</Value>",
      "<HealthCheckId>open-ap-south-1</HealthCheckId>",
      "<TTL>10</TTL>",
    ]) {
      expect(posted?.body).toContain(part);
    }
  });

  test("both records are changed in one batch", async () => {
    const { control } = await names(normally);
    await control.lead({ primary: "eu-west-1", secondary: "ap-south-1" });
    const posted = requests().filter(({ method }) => method === "POST");
    expect(posted.map(({ body }) => body.match(/<Action>/g)?.length)).toEqual([2]);
  });

  test("nothing is sent where the pair leads as it should", async () => {
    const { control } = await names(normally);
    expect(await control.lead({ primary: "us-east-1", secondary: "eu-west-1" })).toEqual({
      ok: true,
      value: { note: "failover leads to us-east-1, then eu-west-1, as it did" },
    });
    expect(requests().some(({ method }) => method === "POST")).toBe(false);
  });

  test("a pair that is not there, or a region without a check, is said", async () => {
    const { control } = await names(({ url }) =>
      url.includes("name=api-open.") ? list(...apiRecords) : list(),
    );
    expect(await control.lead({ primary: "us-east-1", secondary: "eu-west-1" })).toEqual({
      ok: false,
      error: "failover.shop.example has no PRIMARY",
    });
    server?.close();
    const other = await names(normally);
    expect(await other.control.lead({ primary: "ap-east-1", secondary: "eu-west-1" })).toEqual({
      ok: false,
      error: "ap-east-1 has no check",
    });
  });

  test("a refusal is its name and its reason, in one line", async () => {
    const { control } = await names(() => ({
      status: 403,
      headers: { "content-type": "text/xml" },
      body: `<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not\nyou</Message></Error></ErrorResponse>`,
    }));
    expect(await control.lead({ primary: "us-east-1", secondary: "eu-west-1" })).toEqual({
      ok: false,
      error: "AccessDenied: not you",
    });
  });

  test("a change is waited for until all name servers know, and no longer than a minute", async () => {
    let asked = 0;
    const soon = await names(() => {
      asked += 1;
      return change(asked < 3 ? "PENDING" : "INSYNC");
    });
    expect(await soon.control.whenKnown("/change/C1")).toMatchObject({ ok: true });
    expect(soon.waits()).toBe(2);
    server?.close();
    const never = await names(() => change("PENDING"));
    expect(await never.control.whenKnown("/change/C1")).toEqual({
      ok: false,
      error: "/change/C1 is not known everywhere after 60 s",
    });
    expect(never.waits()).toBe(12);
  });
});

const origins = ["api", "api-read", "alt-read"]
  .map((id) => `<Origin><Id>${id}</Id><DomainName>${id}.shop.example</DomainName></Origin>`)
  .join("");
const configOf = (first: string, second: string) =>
  `<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>ref</CallerReference><Origins><Quantity>3</Quantity><Items>${origins}</Items></Origins><OriginGroups><Quantity>1</Quantity><Items><OriginGroup><Id>catalog</Id><FailoverCriteria><StatusCodes><Quantity>1</Quantity><Items><StatusCode>503</StatusCode></Items></StatusCodes></FailoverCriteria><Members><Quantity>2</Quantity><Items><OriginGroupMember><OriginId>${first}</OriginId></OriginGroupMember><OriginGroupMember><OriginId>${second}</OriginId></OriginGroupMember></Items></Members></OriginGroup></Items></OriginGroups><Comment>keep me</Comment><Enabled>true</Enabled></DistributionConfig>`;
const distributions = (alias: string, more = "") =>
  xml(
    `<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker>${more}<MaxItems>100</MaxItems><IsTruncated>${more !== ""}</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary><Id>E-${alias}</Id><Aliases><Quantity>1</Quantity><Items><CNAME>${alias}</CNAME></Items></Aliases></DistributionSummary></Items></DistributionList>`,
  );

describe("the CDN", () => {
  const edge = async (answer: Parameters<typeof options>[0]) =>
    createEdgeControl(new CloudFrontClient(await options(answer)), "shop.example");
  const raced: FakeAwsAnswer = {
    status: 412,
    headers: { "content-type": "text/xml" },
    body: `<ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>PreconditionFailed</Code><Message>changed meanwhile</Message></Error></ErrorResponse>`,
  };

  function distribution(races: number) {
    let etag = 1;
    return ({ method, url, headers }: FakeAwsRequest): FakeAwsAnswer => {
      if (method === "PUT") {
        expect(headers["if-match"]).toBe(`E${etag}`);
        etag += 1;
        return etag <= races + 1 ? raced : xml("<Distribution/>", { ETag: `E${etag}` });
      }
      if (url.includes("/config")) {
        return xml(configOf("api-read", "alt-read"), { ETag: `E${etag}` });
      }
      return url.includes("Marker=")
        ? distributions("shop.example")
        : distributions("other.example", "<NextMarker>M</NextMarker>");
    };
  }

  test("is found by its alias on any page, and given its whole configuration in the other order", async () => {
    const control = await edge(distribution(0));
    expect(await control.order("alternate-first")).toEqual({
      ok: true,
      value: { note: "origins of E-shop.example: alternate-first, on its way to the edges" },
    });
    const [put] = requests().filter(({ method }) => method === "PUT");
    expect(put?.url).toContain("/distribution/E-shop.example/config");
    expect(put?.body).toContain("<Comment>keep me</Comment>");
    expect(put?.body.indexOf("<OriginId>alt-read")).toBeLessThan(
      put?.body.indexOf("<OriginId>api-read") ?? 0,
    );
    expect(put?.body).toContain("<StatusCode>503</StatusCode>");
  });

  test("is left alone where the order is as it should be", async () => {
    const control = await edge(distribution(0));
    expect(await control.order("nearest-first")).toMatchObject({ ok: true });
    expect(requests().some(({ method }) => method === "PUT")).toBe(false);
  });

  test("is read again when someone else has changed it meanwhile, a few times", async () => {
    const control = await edge(distribution(2));
    expect(await control.order("alternate-first")).toMatchObject({ ok: true });
    server?.close();
    const never = await edge(distribution(10));
    expect(await never.order("alternate-first")).toMatchObject({
      ok: false,
      error: "PreconditionFailed: changed meanwhile",
    });
    expect(requests().filter(({ method }) => method === "PUT")).toHaveLength(3);
  });

  test("whose origins are others is left alone, and that is said", async () => {
    for (const config of [
      configOf("api", "alt-read"),
      configOf("api-read", "alt-read").replace("<Id>catalog</Id>", "<Id>reads</Id>"),
    ]) {
      const control = await edge(({ url }) =>
        url.includes("/config") ? xml(config, { ETag: "E1" }) : distributions("shop.example"),
      );
      expect(await control.order("alternate-first")).toEqual({
        ok: false,
        error: "E-shop.example has no origin group catalog of alt-read and api-read",
      });
      expect(requests().some(({ method }) => method === "PUT")).toBe(false);
      server?.close();
    }
  });

  test("that is nobody's with that alias is said", async () => {
    const control = await edge(() => distributions("other.example"));
    expect(await control.order("alternate-first")).toEqual({
      ok: false,
      error: "no distribution answers for shop.example",
    });
  });
});

describe("announcements", () => {
  const topicArn = "arn:aws:sns:us-east-1:111122223333:people";
  const published = xml(
    `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`,
  );
  const announce = async (answer: Parameters<typeof options>[0]) => {
    const given = await options(answer);
    return createAnnounce({ sns: new SNSClient(given), events: new EventBridgeClient(given), topicArn });
  };

  test("go to people as one message", async () => {
    const { tellPeople } = await announce(() => published);
    expect(await tellPeople({ subject: "s".repeat(200), text: "eu-west-1 is drained" })).toMatchObject({
      ok: true,
    });
    const sent = new URLSearchParams(requests()[0]?.body);
    expect([sent.get("TopicArn"), sent.get("Subject")?.length, sent.get("Message")]).toEqual([
      topicArn,
      100,
      "eu-west-1 is drained",
    ]);
  });

  test("go to systems as an event, of which a refused entry is a failure", async () => {
    const json = (body: object) => ({
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify(body),
    });
    const event = { detailType: "Region Drained", detail: { of: "eu-west-1" } } as const;
    const { tellSystems } = await announce(() => json({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] }));
    expect(await tellSystems(event)).toMatchObject({ ok: true });
    expect(JSON.parse(requests()[0]?.body ?? "").Entries).toEqual([
      { Source: "antipode", DetailType: "Region Drained", Detail: '{"of":"eu-west-1"}' },
    ]);
    server?.close();
    const refusing = await announce(() =>
      json({
        FailedEntryCount: 1,
        Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "slow down" }],
      }),
    );
    expect(await refusing.tellSystems(event)).toEqual({ ok: false, error: "ThrottlingException: slow down" });
  });

  test("to the own functions go to the topic of their kind", async () => {
    const tell = createTellFunctions({
      sns: new SNSClient(await options(() => published)),
      topicArns: { failover: `${topicArn}-f`, recovery: `${topicArn}-r` },
    });
    const news = { type: "region-restored", of: "eu-west-1", drainId: "x" } as const;
    expect(await tell("recovery", news)).toMatchObject({ ok: true });
    const sent = new URLSearchParams(requests()[0]?.body);
    expect([sent.get("TopicArn"), JSON.parse(sent.get("Message") ?? "")]).toEqual([`${topicArn}-r`, news]);
    server?.close();
    const cut = createTellFunctions({
      sns: new SNSClient(await options(() => "hang-up")),
      topicArns: { failover: topicArn, recovery: topicArn },
    });
    expect(await cut("failover", news)).toMatchObject({ ok: false });
  });
});

describe("links", () => {
  const at = { region: "us-east-1", domain: "shop.example" };
  const delay = async () => {};

  test("name the topics and the zone, and a function does not start without them", () => {
    const topicArn = "arn:aws:sns:us-east-1:1:a";
    expect(linkedAnnounce({ People: { topicArn } }, at)).toBeDefined();
    expect(linkedTellFunctions({ DrainNews: { failover: topicArn, recovery: topicArn } }, at)).toBeDefined();
    expect(Object.keys(linkedPlanes({ Zone: { zoneId: "Z1" } }, at, delay))).toEqual(["names", "edge"]);
    expect(() => linkedAnnounce({}, at)).toThrow();
    expect(() => linkedTellFunctions({ DrainNews: { failover: topicArn } }, at)).toThrow();
    expect(() => linkedPlanes({}, at, delay)).toThrow();
  });

  test("without names there are no control planes", () => {
    expect(linkedPlanes({ Zone: { zoneId: "" } }, { domain: "" }, delay)).toEqual({});
  });
});
