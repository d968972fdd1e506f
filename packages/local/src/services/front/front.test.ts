import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Links } from "../../links/links.ts";
import { LinkError } from "../../links/links.ts";
import type { Denial } from "../iam/evaluate.ts";
import type { Principal } from "../iam/statement.ts";
import { functionPrincipal, operatorPrincipal } from "../iam/statement.ts";
import type { S3Service } from "../s3/s3-service.ts";
import { createS3Service } from "../s3/s3-service.ts";
import { account } from "../service.ts";
import type { Front } from "./front.ts";
import { createFront } from "./front.ts";

const home = "us-east-1";
const peer = "eu-west-1";
const startMs = Date.UTC(2026, 0, 1);

let front: Front;
let s3: S3Service;
let denials: Denial[];
let crossings: string[];
let cutPairs: Set<string>;
const clients: S3Client[] = [];

const links: Links = {
  async cross(from, to, traffic) {
    crossings.push(`${from} → ${to} ${traffic}`);
    if (cutPairs.has(`${from} → ${to}`)) throw new LinkError(from, to, "cut");
  },
};

const reader = functionPrincipal(`arn:aws:iam::${account}:role/reader`, "antipode-prod-Reader", [
  { effect: "Allow", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::batches/allowed/*"] },
]);
const principals: Record<string, Principal> = { OPERATOR: operatorPrincipal(account), READER: reader };

function client(accessKeyId: string, region = home): S3Client {
  const made = new S3Client({ region, credentials: { accessKeyId, secretAccessKey: "s" }, maxAttempts: 1 });
  clients.push(made);
  return made;
}

beforeEach(async () => {
  [denials, crossings, cutPairs] = [[], [], new Set()];
  s3 = createS3Service({ clock: { now: () => startMs } });
  s3.createBucket(home, "batches");
  s3.createBucket(peer, "abroad");
  front = await createFront({
    region: home,
    services: [s3],
    principals: (accessKeyId) => principals[accessKeyId],
    links,
    onDenied: (denial) => denials.push(denial),
  });
  vi.stubEnv("AWS_ENDPOINT_URL", front.url);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const made of clients.splice(0)) made.destroy();
  await front.close();
});

const read = (key: string, accessKeyId = "OPERATOR") =>
  client(accessKeyId).send(new GetObjectCommand({ Bucket: "batches", Key: key }));

describe("who may ask", () => {
  test("an unknown access key is refused", async () => {
    await expect(read("a", "NOBODY")).rejects.toMatchObject({ name: "InvalidAccessKeyId" });
  });

  test("a request without a signature is refused", async () => {
    const answer = await fetch(`${front.url}/batches/a`);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  });

  test("a need that the role lacks is refused by name, and reported", async () => {
    s3.put(home, "batches", "secret/1", "x");
    await expect(read("secret/1", "READER")).rejects.toMatchObject({
      name: "AccessDenied",
      message:
        "User: arn:aws:sts::111122223333:assumed-role/reader/antipode-prod-Reader is not authorized to perform: " +
        "s3:GetObject on resource: arn:aws:s3:::batches/secret/1 because no identity-based policy allows the s3:GetObject action",
    });
    expect(denials.map((denial) => denial.need.action)).toEqual(["s3:GetObject"]);
  });

  test("what the role allows passes", async () => {
    s3.put(home, "batches", "allowed/1", "x");
    const object = await read("allowed/1", "READER");
    expect(await object.Body?.transformToString()).toBe("x");
    expect(denials).toEqual([]);
  });

  test("a service that does not exist here is named", async () => {
    const credential =
      "AWS4-HMAC-SHA256 Credential=OPERATOR/20260101/us-east-1/sqs/aws4_request, Signature=0";
    const answer = await fetch(front.url, { method: "POST", headers: { authorization: credential } });
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining("signs as sqs")]);
  });
});

describe("where the request goes", () => {
  const put = (region: string, bucket: string) =>
    client("OPERATOR", region).send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));

  test("the own region is asked without crossing a link", async () => {
    await put(home, "batches");
    expect(crossings).toEqual([]);
  });

  test("another region is asked over the link, both ways", async () => {
    await put(peer, "abroad");
    expect(crossings).toEqual([`${home} → ${peer} request`, `${peer} → ${home} request`]);
    expect(s3.keys(peer, "abroad")).toEqual(["k"]);
  });

  test("when the way there is cut, the connection breaks and nothing happened", async () => {
    cutPairs.add(`${home} → ${peer}`);
    await expect(put(peer, "abroad")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(s3.keys(peer, "abroad")).toEqual([]);
  });

  test("when only the way back is cut, the connection breaks and the effect has happened", async () => {
    cutPairs.add(`${peer} → ${home}`);
    await expect(put(peer, "abroad")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(s3.keys(peer, "abroad")).toEqual(["k"]);
  });
});

describe("a region that is down", () => {
  test("breaks connections, those in flight too, and answers again when it is back", async () => {
    const one = client("OPERATOR");
    s3.put(home, "batches", "k", "x");
    await one.send(new ListObjectsV2Command({ Bucket: "batches" }));
    front.setDown(true);
    await expect(one.send(new ListObjectsV2Command({ Bucket: "batches" }))).rejects.toThrow();
    front.setDown(false);
    expect((await one.send(new ListObjectsV2Command({ Bucket: "batches" }))).KeyCount).toBe(1);
  });

  test("breaks a connection whose request is being served", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Links = { cross: () => held };
    const slowFront = await createFront({
      region: home,
      services: [s3],
      principals: () => operatorPrincipal(account),
      links: slow,
    });
    vi.stubEnv("AWS_ENDPOINT_URL", slowFront.url);
    const pending = client("OPERATOR", peer).send(new ListObjectsV2Command({ Bucket: "abroad" }));
    setTimeout(() => slowFront.setDown(true), 50);
    await expect(pending).rejects.toThrow();
    release();
    await slowFront.close();
  });
});

test("a path that is not percent-encoding is the caller's error, not a crash", async () => {
  const credential = "AWS4-HMAC-SHA256 Credential=OPERATOR/20260101/us-east-1/s3/aws4_request, Signature=0";
  const answer = await fetch(`${front.url}/batches/%zz`, { headers: { authorization: credential } });
  expect(answer.status).toBe(400);
});
