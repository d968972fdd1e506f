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
    ["skew us-east-1 -300ms", { type: "skew", region: "us-east-1", ms: -300 }],
  ])("reads %s", (line, fault) => {
    expect(parse(line)).toEqual(fault);
    expect(faultSchema.parse(JSON.parse(JSON.stringify(fault)))).toEqual(fault);
  });

  it.each([
    ["", 'unknown command "": choose from cut, heal,'],
    ["toString us-east-1", 'unknown command "toString"'],
    ["cut us-east-1", "usage: cut A B [--one-way]"],
    ["cut us-east-1 eu-west-1 ap-south-1", "usage: cut A B [--one-way]"],
    ["cut us-east-1 mars", 'unknown place "mars": choose from us-east-1, eu-west-1, outside'],
    ["cut us-east-1 us-east-1", "two different places"],
    ["cut us-east-1 eu-west-1 --hard", 'unknown flag "--hard"; usage: cut A B'],
    ["down us-east-1 --one-way", 'unknown flag "--one-way"; usage: down A'],
    ["heal us-east-1", "usage: heal [A B]"],
    ["heal --one-way", "unknown flag"],
    ["down outside", 'unknown region "outside": choose from us-east-1, eu-west-1'],
    ["lag us-east-1 eu-west-1", "usage: lag A B 800ms"],
    ["lag us-east-1 eu-west-1 800", '"800" is not a time such as 800ms or 2s; usage: lag A B 800ms'],
    ["lag us-east-1 eu-west-1 -5ms", "ms: "],
    ["lag us-east-1 eu-west-1 5000s", "ms: "],
    ["loss us-east-1 eu-west-1 0.5", "is not a percentage from 0% to 100%"],
    ["loss us-east-1 eu-west-1 101%", "is not a percentage from 0% to 100%"],
    ["fail us-east-1 dynamo 50%", 'unknown service "dynamo": choose from dynamodb, s3, lambda'],
    ["fail us-east-1 dynamodb: 50%", "is no <service>[:<operation>][/<table>]"],
    ["pay", "usage: pay slow 3s | decline"],
    ["pay toString", "usage: pay slow 3s | decline"],
    ["pay decline 20%", "usage: pay"],
    ["pay slow", "usage: pay"],
    ["pay slow soon", '"soon" is not a time such as 800ms or 2s; usage: pay'],
    ["pay slow 90s", "set.slowMs: "],
    ["pay slow -1s", "set.slowMs: "],
    ["pay fail 3s", '"3s" is not a percentage from 0% to 100%; usage: pay'],
    ["pay lose 20% 30%", "usage: pay"],
    ["pay webhook", "usage: pay"],
    ["pay webhook late", "usage: pay"],
    ["pay webhook late 5", '"5" is not a time'],
    ["pay webhook early 5s", "usage: pay"],
    ["pay webhook to", "usage: pay"],
    ["pay webhook to mars", 'unknown region "mars": choose from us-east-1, eu-west-1'],
    ["pay webhook to payments", 'unknown region "payments"'],
    ["pay ok --one-way", 'unknown flag "--one-way"; usage: pay'],
    ["skew us-east-1 soon", '"soon" is not a time'],
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
