/** `npm run region -- …` as a function of its words: what it asks a deployed shop, what it prints and how it ends. */
import { err, ok, type Result } from "@antipode/core";
import { exitCodes } from "../exit-codes.ts";
import { asksForHelp, readOptions } from "../options.ts";
import type { Said } from "../said.ts";
import { findShop, type ShopSettings } from "./find-shop.ts";
import { type AskedRegions, formatRegions, notAsked } from "./format-regions.ts";
import { checkRegionName, isSteering, readSteering, steeringForms } from "./region-words.ts";
import { type Fetch, listRegions, type ShopRegion } from "./shop-regions.ts";
import { type SteeringDeps, steerRegion } from "./steer-region.ts";

export interface RegionCommandDeps extends Pick<SteeringDeps, "fetch" | "nowMs" | "delay" | "progress"> {
  /** Names of the configured regions. */
  readonly regions: readonly string[];
  readonly settings: ShopSettings;
}

const statusForm = "status [--via B] [--json]";

export function regionHelp(regions: readonly string[]): string {
  return [
    "npm run region -- <command> [--url https://…]",
    ...[statusForm, ...Object.values(steeringForms)].map((form) => `  ${form}`),
    "",
    `A and B: ${regions.join(", ")}. --via asks that region alone; else the next one where one does not answer.`,
    "ANTIPODE_DOMAIN is the shop's domain; --url is the address of one of its regions instead. ANTIPODE_TOKEN is an",
    "operator's token, for drain and restore: npx sst shell --stage prod-eu-west-1 -- npm run -s token -- --name alice",
    "gives one by that region, and the stage of any other that is up does as well: all have the same keys.",
    "In the local world: npm run world -- drain A. See docs/operating/regions.md.",
  ].join("\n");
}

const wrong = (error: string): Said => ({ exitCode: exitCodes.usage, error });
const failed = (error: string): Said => ({ exitCode: exitCodes.failed, error });

/** Takes `--url` out, which every command knows. */
function takeUrl(argv: readonly string[]): Result<{ words: string[]; url?: string }, string> {
  const at = argv.findIndex((word) => word === "--url" || word.startsWith("--url="));
  if (at < 0) return ok({ words: [...argv] });
  const attached = argv[at]?.startsWith("--url=") === true;
  const url = attached ? argv[at]?.slice("--url=".length) : argv[at + 1];
  if (url === undefined || url === "" || url.startsWith("--")) {
    return err("--url takes an address, and none is given");
  }
  return ok({ words: argv.toSpliced(at, attached ? 1 : 2), url });
}

async function askEach(fetch: Fetch, regions: readonly ShopRegion[]): Promise<AskedRegions> {
  const asked = await Promise.all(regions.map((region) => listRegions(fetch, [region])));
  return {
    answered: asked.flatMap((answer) => (answer.ok ? [answer.value] : [])),
    unanswered: asked.flatMap((answer) => (answer.ok ? [] : [answer.error])),
  };
}

async function status(words: readonly string[], shop: ShopSettings, deps: RegionCommandDeps): Promise<Said> {
  const options = readOptions(words, { via: "a region", json: undefined });
  if (!options.ok) return wrong(options.error);
  const via = options.value.get("via");
  const known = via === undefined ? ok(undefined) : checkRegionName(via, deps.regions);
  if (!known.ok) return wrong(known.error);
  const found = await findShop(deps.fetch, deps.regions, shop);
  if (!found.ok) return found.error.usage ? wrong(found.error.text) : failed(found.error.text);
  const regions = found.value.filter(({ name }) => via === undefined || name === via);
  const asked = await askEach(deps.fetch, regions);
  if (asked.answered.length === 0) {
    return failed(asked.unanswered.map(({ text }) => text).join("; ") || `${via} is not at that address`);
  }
  const { answered, unanswered } = asked;
  const others = notAsked(
    asked,
    regions.map(({ name }) => name),
  );
  const out = options.value.has("json")
    ? JSON.stringify(
        { answers: answered, unanswered: unanswered.map(({ text }) => text), notAsked: others },
        null,
        2,
      )
    : formatRegions(asked, others);
  return { exitCode: 0, out };
}

export async function runRegionCommand(argv: readonly string[], deps: RegionCommandDeps): Promise<Said> {
  if (argv[0] === "help" || asksForHelp(argv)) return { exitCode: 0, out: regionHelp(deps.regions) };
  const taken = takeUrl(argv);
  if (!taken.ok) return wrong(taken.error);
  const { words: all, url } = taken.value;
  const [name, ...words] = all;
  const settings = { ...deps.settings, ...(url === undefined ? {} : { url }) };
  if (name === "status") return status(words, settings, deps);
  if (name === undefined || !isSteering(name)) {
    const what = name === undefined ? "which command?" : `unknown command "${name}":`;
    return wrong(`${what} ${name === undefined ? "Choose" : "choose"} from status, drain, restore, help`);
  }
  const read = readSteering(name, words, deps.regions);
  if (!read.ok) return wrong(read.error);
  const { token } = settings;
  if (token === undefined) return wrong("ANTIPODE_TOKEN is not set: see --help");
  const found = await findShop(deps.fetch, deps.regions, settings);
  if (!found.ok) return found.error.usage ? wrong(found.error.text) : failed(found.error.text);
  const { via } = read.value;
  if (via !== undefined && !found.value.some((region) => region.name === via)) {
    return failed(`${via} is not at that address`);
  }
  return steerRegion(read.value, { ...deps, regions: found.value, token });
}
