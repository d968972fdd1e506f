import { describe, expect, it } from "vitest";
import { createClientTable } from "./client-table.ts";

const place = (continent: string) => ({ continent, latencyMsByRegion: {} });

describe("where a client is", () => {
  const locate = createClientTable(
    [
      { subnet: "203.0.0.0/16", location: place("AS") },
      { subnet: "203.0.113.0/24", location: place("EU") },
      { subnet: "2001:db8::/32", location: place("SA") },
    ],
    place("NA"),
  );

  it.each([
    ["203.0.113.9", "EU", 24],
    ["203.0.114.9", "AS", 16],
    ["2001:db8::1", "SA", 32],
    ["198.51.100.1", "NA", 0],
    ["2001:db9::1", "NA", 0],
    ["::ffff:203.0.113.9", "EU", 24],
  ])("%s is in %s, by %d bits", (address, continent, prefixLength) => {
    expect(locate(address)).toEqual({ location: place(continent), prefixLength });
  });

  it("a subnet that is none is a mistake of the world", () => {
    expect(() =>
      createClientTable([{ subnet: "203.0.113.0/33", location: place("EU") }], place("NA")),
    ).toThrow();
    expect(() => createClientTable([{ subnet: "somewhere", location: place("EU") }], place("NA"))).toThrow();
  });
});
