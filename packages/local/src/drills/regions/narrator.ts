import type { RegionsHistory } from "./history.ts";
import { allVote } from "./phases.ts";
import { seconds } from "./world-time.ts";

/** Tells a person what is seen, as it changes. */
export interface Narrator {
  follow(history: RegionsHistory): void;
  /** A line of the drill's own. */
  note(atMs: number, line: string): void;
  /** Those lines. */
  notes(): readonly string[];
}

export interface NarratorOptions {
  readonly regions: readonly string[];
  readonly startMs: number;
  readonly say: (line: string) => void;
}

/** A region that comes back is led a share of its shoppers: of answers that take turns only the first is told. */
const recentAnswers = 30;
/** A region that failed a request answers again when so many in a row were answered. */
const answeredMin = 10;

export function createNarrator({ regions, startMs, say }: NarratorOptions): Narrator {
  const told = new Map<string, string>(
    regions.flatMap((near): [string, string][] => [
      [`names ${near}`, near],
      [`requests ${near}`, "answered"],
    ]),
  );
  const noted: string[] = [];
  const at = (atMs: number) => seconds(atMs - startMs).padStart(9);
  const tell = (about: string, atMs: number, what: string, line: string) => {
    if (told.get(about) === what) return;
    const isFirst = !told.has(about);
    told.set(about, what);
    if (!isFirst || what !== "nobody") say(`${at(atMs)}  ${line}`);
  };
  return {
    notes: () => noted,
    note(atMs, line) {
      noted.push(line);
      say(`${at(atMs)}  ${line}`);
    },
    follow({ names, looks, requests }) {
      for (const near of regions) {
        const sent = requests.filter(({ to }) => to === near).slice(-answeredMin);
        const failed = sent.findLast(({ end }) => end === "failed");
        if (failed !== undefined)
          tell(`requests ${near}`, failed.endedMs, "failed", `a request to ${near} has failed`);
        else if (sent.length === answeredMin)
          tell(`requests ${near}`, sent[0]?.endedMs ?? 0, "answered", `${near} answers requests again`);
        const [sight, ...before] = names
          .filter((one) => one.near === near)
          .slice(-recentAnswers)
          .toReversed();
        const isRecent = before.some(({ to }) => to === sight?.to);
        if (sight?.to !== undefined && !isRecent)
          tell(`names ${near}`, sight.atMs, sight.to, `clients near ${near} are led to ${sight.to}`);
        const look = looks.findLast(({ region }) => region === near);
        if (look === undefined) continue;
        const voters = look.against.length === 0 ? "nobody" : look.against.join(", ");
        const whole = allVote(look, regions) ? ": it is drained" : "";
        tell(
          `votes ${near}`,
          look.atMs,
          voters,
          `${voters} ${look.against.length > 1 ? "vote" : "votes"} against ${near}${whole}`,
        );
      }
    },
  };
}
