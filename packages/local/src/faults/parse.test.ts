import { describe, expect, it } from "vitest";
import { type Fault, faultForms, faultSchema } from "./fault.ts";
import { parseFaultCommand } from "./parse.ts";

const regions = ["us-east-1", "eu-west-1"];
const parse = (line: string) => parseFaultCommand(line.split(" "), regions);
const link = { from: "us-east-1", to: "eu-west-1" };

describe("fault commands", () => {
  it.each<[string, Fault]>([
    ["cut us-east-1 eu-west-1", { type: "cut", ...link }],
    ["cut us-east-1 outside --one-way", { type: "cut", from: "us-east-1", to: "outside", oneWay: true }],
    ["heal", { type: "heal" }],
    ["heal us-east-1 eu-west-1", { type: "heal", ...link }],
    ["lag us-east-1 eu-west-1 800ms", { type: "lag", ...link, ms: 800 }],
    ["lag --one-way us-east-1 eu-west-1 1.5s", { type: "lag", ...link, ms: 1500, oneWay: true }],
    ["skew eu-west-1 1.5ms", { type: "skew", region: "eu-west-1", ms: 2 }],
    ["lag us-east-1 eu-west-1 1m", { type: "lag", ...link, ms: 60_000 }],
    ["lag us-east-1 eu-west-1 0", { type: "lag", ...link, ms: 0 }],
    ["loss us-east-1 eu-west-1 10%", { type: "loss", ...link, share: 0.1 }],
    ["down eu-west-1", { type: "down", region: "eu-west-1" }],
    ["up eu-west-1", { type: "up", region: "eu-west-1" }],
    ["pause us-east-1 eu-west-1", { type: "pause", ...link }],
    ["resume us-east-1 eu-west-1", { type: "resume", ...link }],
    ["fail us-east-1 dynamodb 50%", { type: "fail", region: "us-east-1", service: "dynamodb", share: 0.5 }],
    [
      "fail us-east-1 dynamodb:PutItem/antipode-prod-Carts 12.5%",
      {
        type: "fail",
        region: "us-east-1",
        service: "dynamodb",
        operation: "PutItem",
        table: "antipode-prod-Carts",
        share: 0.125,
      },
    ],
    [
      "fail us-east-1 dynamodb/Carts 0%",
      { type: "fail", region: "us-east-1", service: "dynamodb", table: "Carts", share: 0 },
    ],
    ["fail us-east-1 api 20%", { type: "fail", region: "us-east-1", service: "api", share: 0.2 }],
    ["slow us-east-1 api 5s", { type: "slow", region: "us-east-1", service: "api", ms: 5000 }],
    ["slow us-east-1 api 0s", { type: "slow", region: "us-east-1", service: "api", ms: 0 }],
    ["skew us-east-1 2s", { type: "skew", region: "us-east-1", ms: 2000 }],
    ["cut us-east-1 payments", { type: "cut", from: "us-east-1", to: "payments" }],
    ["pay slow 3s", { type: "pay", set: { slowMs: 3000 } }],
    ["pay slow 0s", { type: "pay", set: { slowMs: 0 } }],
    ["pay decline", { type: "pay", set: { declineAll: true } }],
    ["pay fail 20%", { type: "pay", set: { failShare: 0.2 } }],
    ["pay lose 10%", { type: "pay", set: { loseAnswerShare: 0.1 } }],
    ["pay webhook late 5s", { type: "pay", set: { webhookDelayMs: 5000 } }],
    ["pay webhook to eu-west-1", { type: "pay", set: { webhookTo: ["eu-west-1"] } }],
    ["pay webhook to eu-west-1 us-east-1", { type: "pay", set: { webhookTo: ["eu-west-1", "us-east-1"] } }],
    ["pay twice", { type: "pay", set: { webhookTwice: true } }],
    ["pay ok", { type: "pay" }],
    ["pay webhook late 0.5h", { type: "pay", set: { webhookDelayMs: 1_800_000 } }],
    ["skew us-east-1 2h", { type: "skew", region: "us-east-1", ms: 7_200_000 }],
    ["skew us-east-1 -24h", { type: "skew", region: "us-east-1", ms: -86_400_000 }],
    ["skew us-east-1 -300ms", { type: "skew", region: "us-east-1", ms: -300 }],
  ])("reads %s", (line, fault) => {
    expect(parse(line)).toEqual(fault);
    expect(faultSchema.parse(JSON.parse(JSON.stringify(fault)))).toEqual(fault);
  });

  it.each([
    ["", 'unknown command "": choose from cut, heal,'],
    ["toString us-east-1", 'unknown command "toString"'],
    ["cut us-east-1", "usage: cut A B [--one-way]"],
    ["cut us-east-1 eu-west-1 ap-south-1", '"ap-south-1" is one word too many; usage: cut A B [--one-way]'],
    ["cut  us-east-1", "a word is empty; usage: cut A B"],
    ["cut outside payments", "nothing crosses between outside and payments: one of the two must be a region"],
    ["heal payments outside", "nothing crosses between payments and outside"],
    [
      "pause us-east-1 payments",
      "only regions replicate, and payments is none: choose from us-east-1, eu-west-1",
    ],
    ["resume outside us-east-1 --one-way", "only regions replicate, and outside is none"],
    ["cut us-east-1 mars", 'unknown place "mars": choose from us-east-1, eu-west-1, outside'],
    ["cut us-east-1 us-east-1", "two different places"],
    ["cut us-east-1 eu-west-1 --hard", 'unknown flag "--hard"; usage: cut A B'],
    ["down us-east-1 --one-way", 'unknown flag "--one-way"; usage: down A'],
    ["heal us-east-1", "usage: heal [A B]"],
    ["heal --one-way", "unknown flag"],
    ["down outside", 'unknown region "outside": choose from us-east-1, eu-west-1'],
    ["lag us-east-1 eu-west-1", "too few words; usage: lag A B 800ms|2s|1m"],
    [
      "lag us-east-1 eu-west-1 800",
      '"800" is not a time from 0 to 1m, such as 800ms, 2s or 1m; usage: lag A B',
    ],
    ["lag us-east-1 eu-west-1 -5ms", '"-5ms" is not a time from 0 to 1m'],
    ["lag us-east-1 eu-west-1 5000s", '"5000s" is not a time from 0 to 1m'],
    ["lag us-east-1 eu-west-1 1d", '"1d" is not a time'],
    ["loss us-east-1 eu-west-1 0.5", "is not a percentage from 0% to 100%"],
    ["loss us-east-1 eu-west-1 101%", "is not a percentage from 0% to 100%"],
    ["fail us-east-1 dynamo 50%", 'unknown service "dynamo": choose from api, dynamodb, s3, lambda'],
    ["fail us-east-1 dynamodb: 50%", "is no <service>[:<operation>][/<table>]"],
    [
      "pay",
      '"pay" needs a word: choose from slow, decline, fail, lose, webhook, twice, ok, ledger; usage: pay',
    ],
    ["pay toString", 'unknown word "toString" after "pay": choose from slow, decline'],
    ["pay fast 3s", 'unknown word "fast" after "pay": choose from slow, decline'],
    ["pay decline 20%", '"20%" is one word too many after "pay decline"; usage: pay'],
    ["pay slow", '"pay slow" needs a time; usage: pay'],
    ["pay slow soon", '"soon" is not a time from 0 to 1m, such as 800ms, 2s or 1m; usage: pay'],
    ["pay slow 90s", '"90s" is not a time from 0 to 1m'],
    ["pay slow -3s", '"-3s" is not a time from 0 to 1m'],
    ["pay fail", '"pay fail" needs a percentage; usage: pay'],
    ["pay fail 3s", '"3s" is not a percentage from 0% to 100%; usage: pay'],
    ["pay lose 20% 30%", '"30%" is one word too many after "pay lose 20%"; usage: pay'],
    ["pay webhook", '"pay webhook" needs a word: choose from late, to; usage: pay'],
    ["pay webhook late", '"pay webhook late" needs a time; usage: pay'],
    ["pay webhook late 5", '"5" is not a time from 0 to 1h'],
    ["pay webhook early 5s", 'unknown word "early" after "pay webhook": choose from late, to; usage: pay'],
    ["pay webhook to", '"pay webhook to" needs a region; usage: pay'],
    ["pay webhook to mars", 'unknown region "mars": choose from us-east-1, eu-west-1'],
    ["pay webhook to payments", 'unknown region "payments"'],
    ["pay ok --one-way", 'unknown flag "--one-way"; usage: pay'],
    [
      "fail us-east-1 api:GetItem 20%",
      '"api:GetItem" goes too far: of the api all that shoppers ask fails alike',
    ],
    ["fail us-east-1 api/Carts 20%", '"api/Carts" goes too far'],
    ["slow us-east-1 s3 5s", 'only the api can be slow, not "s3"; usage: slow A api 5s'],
    ["slow us-east-1 api", "too few words; usage: slow A api 5s"],
    ["slow us-east-1 api 31s", '"31s" is not a time from 0 to 30s'],
    ["slow outside api 5s", 'unknown region "outside"'],
    ["skew us-east-1 soon", '"soon" is not a time from -24h to 24h'],
    ["skew us-east-1 25h", '"25h" is not a time from -24h to 24h'],
  ])("refuses %s in one line", (line, message) => {
    const result = parse(line);
    if (!("error" in result)) throw new Error(`accepted ${line}`);
    expect(result.error).toContain(message);
    expect(result.error).not.toContain("\n");
  });

  it("has a form for every fault", () => {
    const types = faultSchema.options.map((option) => option.shape.type.value);
    expect(Object.keys(faultForms).toSorted()).toEqual(types.toSorted());
  });
});
