import { describe, expect, it } from "vitest";
import { maskSecrets, revealSecrets, secretStrings, toPlain, toPlainObject } from "./plain.ts";

const signature = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });
const archive = { [signature]: "0def7320c3a5731c473e5ecbe6d01bc7", path: "/tmp/code.zip" };

describe("values of Pulumi", () => {
  it("become JSON, with secrets marked and files gone", () => {
    const plain = toPlainObject({ a: [1, secret("x")], b: undefined, code: archive, __provider: "text" });
    expect(plain).toEqual({ a: [1, { $secret: "x" }], code: null });
  });

  it("give up their secrets to models only", () => {
    const plain = toPlain({ a: secret({ b: secret("x") }) });
    expect(revealSecrets(plain)).toEqual({ a: { b: "x" } });
    expect(secretStrings(plain)).toEqual(["x"]);
    expect(secretStrings(toPlain({ a: secret({ b: "only near a secret" }) }))).toEqual([]);
    expect(secretStrings(toPlain({ a: secret("x"), b: [secret("y")] }))).toEqual(["x", "y"]);
  });

  it("keep what is known and no secret, when Pulumi marks it with its surroundings", () => {
    const plain = toPlain({
      arn: secret("arn:1"),
      all: secret({ arn: "arn:1", key: "k", size: 5, on: [true] }),
    });
    expect(maskSecrets(plain, "[secret]", (text) => text === "arn:1")).toEqual({
      arn: "arn:1",
      all: { arn: "arn:1", key: "[secret]", size: 5, on: [true] },
    });
  });
});
