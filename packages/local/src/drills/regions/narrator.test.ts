import { expect, it } from "vitest";
import type { RegionsHistory } from "./history.ts";
import { createNarrator } from "./narrator.ts";
import { type ForgedLoss, forgeHistory, regions, usualLoss } from "./testing/forged-history.ts";

const second = 1_000;

/** What is told of a forged run, look by look. */
function tell(loss: ForgedLoss): readonly string[] {
  const lines: string[] = [];
  const narrator = createNarrator({ regions, startMs: 0, say: (line) => lines.push(line.trim()) });
  const { names, looks, requests, ...rest } = forgeHistory(loss);
  for (let atMs = 0; atMs < 300 * second; atMs += 2 * second) {
    const seen = ({ atMs: sawMs }: { readonly atMs: number }) => sawMs <= atMs;
    const history: RegionsHistory = {
      ...rest,
      names: names.filter(seen),
      looks: looks.filter(seen),
      requests: requests.filter(({ endedMs }) => endedMs <= atMs),
    };
    narrator.follow(history);
  }
  return lines;
}

it("tells each change once, as it is seen", () => {
  expect(tell(usualLoss)).toEqual([
    "30.1 s  a request to eu-west-1 has failed",
    "56.0 s  us-east-1, ap-south-1 vote against eu-west-1",
    "58.0 s  clients near eu-west-1 are led to us-east-1",
    "58.0 s  us-east-1, ap-south-1, ap-east-1 vote against eu-west-1: it is drained",
    "200.0 s  nobody votes against eu-west-1",
    "230.0 s  clients near eu-west-1 are led to eu-west-1",
    "230.1 s  eu-west-1 answers requests again",
  ]);
});

it("tells of answers that take turns the first", () => {
  const turns = [0, 1, 2, 3, 4].map((at): readonly [number, number] => [
    (150 + 8 * at) * second,
    (156 + 8 * at) * second,
  ]);
  const names = tell({ ...usualLoss, votes: {}, away: [[58 * second, 148 * second], ...turns] });
  expect(names.filter((line) => line.includes("clients"))).toEqual([
    "58.0 s  clients near eu-west-1 are led to us-east-1",
    "148.0 s  clients near eu-west-1 are led to eu-west-1",
  ]);
});
