import { Route53Client } from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import type { FakeAwsRequest } from "../testing/fake-aws.ts";
import { type FakeAwsAnswers, useFakeAws, xmlAnswer } from "../testing/use-fake-aws.ts";
import { createNamesControl } from "./names-control.ts";

const { options, requests } = useFakeAws();

const record = (set: string, region: string, check: string, policy: string) =>
  `<ResourceRecordSet><Name>${set}.shop.example.</Name><Type>CNAME</Type>${policy}<TTL>10</TTL><ResourceRecords><ResourceRecord><Value>${region}.shop.example</Value></ResourceRecord></ResourceRecords><HealthCheckId>${check}</HealthCheckId></ResourceRecordSet>`;
const list = (...records: readonly string[]) =>
  xmlAnswer(
    `<ListResourceRecordSetsResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ResourceRecordSets>${records.join("")}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems></ListResourceRecordSetsResponse>`,
  );
const change = (status: string) =>
  xmlAnswer(
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
  async function names(answer: FakeAwsAnswers) {
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
      return xmlAnswer(
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
    const never = await names(() => change("PENDING"));
    expect(await never.control.whenKnown("/change/C1")).toEqual({
      ok: false,
      error: "/change/C1 is not known everywhere after 60 s",
    });
    expect(never.waits()).toBe(12);
  });
});
