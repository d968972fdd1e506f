import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { describe, expect, test } from "vitest";
import type { FakeAwsAnswer, FakeAwsRequest } from "../testing/fake-aws.ts";
import { type FakeAwsAnswers, useFakeAws, xmlAnswer } from "../testing/use-fake-aws.ts";
import { createEdgeControl } from "./edge-control.ts";

const { options, requests } = useFakeAws();

const origins = ["api", "api-read", "alt-read"]
  .map((id) => `<Origin><Id>${id}</Id><DomainName>${id}.shop.example</DomainName></Origin>`)
  .join("");
const configOf = (first: string, second: string) =>
  `<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>ref</CallerReference><Origins><Quantity>3</Quantity><Items>${origins}</Items></Origins><OriginGroups><Quantity>1</Quantity><Items><OriginGroup><Id>catalog</Id><FailoverCriteria><StatusCodes><Quantity>1</Quantity><Items><StatusCode>503</StatusCode></Items></StatusCodes></FailoverCriteria><Members><Quantity>2</Quantity><Items><OriginGroupMember><OriginId>${first}</OriginId></OriginGroupMember><OriginGroupMember><OriginId>${second}</OriginId></OriginGroupMember></Items></Members></OriginGroup></Items></OriginGroups><Comment>keep me</Comment><Enabled>true</Enabled></DistributionConfig>`;
const distributions = (alias: string, more = "") =>
  xmlAnswer(
    `<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker>${more}<MaxItems>100</MaxItems><IsTruncated>${more !== ""}</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary><Id>E-${alias}</Id><Aliases><Quantity>1</Quantity><Items><CNAME>${alias}</CNAME></Items></Aliases></DistributionSummary></Items></DistributionList>`,
  );

describe("the CDN", () => {
  const edge = async (answer: FakeAwsAnswers) =>
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
        return etag <= races + 1 ? raced : xmlAnswer("<Distribution/>", { ETag: `E${etag}` });
      }
      if (url.includes("/config")) {
        return xmlAnswer(configOf("api-read", "alt-read"), { ETag: `E${etag}` });
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
        url.includes("/config") ? xmlAnswer(config, { ETag: "E1" }) : distributions("shop.example"),
      );
      expect(await control.order("alternate-first")).toEqual({
        ok: false,
        error: "E-shop.example has no origin group catalog of alt-read and api-read",
      });
      expect(requests().some(({ method }) => method === "PUT")).toBe(false);
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
