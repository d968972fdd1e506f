import { describe, expect, it } from "vitest";
import { EngineUnavailableError, javaVersion, requireJava } from "./java.ts";

describe("Java", () => {
  it("that is not there is one line that says what to do", () => {
    expect(javaVersion("no-such-java")).toBeUndefined();
    expect(() => requireJava("no-such-java")).toThrow(EngineUnavailableError);
    expect(() => requireJava("no-such-java")).toThrow(
      /^DynamoDB Local needs Java 17 or newer .*install one.*embedded engine$/,
    );
  });
});
