/** `npm run local`: four regions on this machine, until Ctrl-C. */
import type { Server } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { regions as regionEntries } from "@antipode/core";
import { stop as stopBundler } from "esbuild";
import { EngineUnavailableError, requireJava } from "../engine/dynamodb-local/java.ts";
import { GraphError, loadGraphs } from "../graph/load.ts";
import { SandboxError } from "../payments/sandbox.ts";
import { BundleError } from "../services/lambda/bundle.ts";
import { createControlServer } from "../world/control-server.ts";
import { createWorld } from "../world/create-world.ts";
import { isAddressInUse, PortTakenError } from "../world/regions.ts";
import { removeWorldState, runningWorld, writeWorldState } from "../world/state-file.ts";
import { exitCodes } from "./exit-codes.ts";
import { waitUntilReady } from "./first-answers.ts";
import { formatStart } from "./format-world.ts";
import { requireFree } from "./free-ports.ts";
import { type LocalArguments, localHelp, parseLocalArguments } from "./local-arguments.ts";
import { allListening, portsFrom } from "./ports.ts";
import { root } from "./root.ts";
import { createTour, formatTour } from "./tour.ts";

const environment = "prod";
const regions = regionEntries.map((region) => region.name);

/** Of each SKU, in one region each: enough to sell, and few enough to sell out. */
const stockUnits = 40;

/** Errors that a person can mend: one line says how. Anything else is our bug, and its stack is wanted. */
const expectedErrors = [GraphError, BundleError, PortTakenError, EngineUnavailableError, SandboxError];

function refuse(message: string, exitCode: number = exitCodes.failed): never {
  console.error(`antipode: ${message}`);
  process.exit(exitCode);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(isAddressInUse(error) ? new PortTakenError(port) : error));
    server.listen(port, "127.0.0.1", resolve);
  });
}

async function start({ port, engine, seed, timeScale }: LocalArguments): Promise<void> {
  const startedMs = performance.now();
  const running = await runningWorld(root);
  if (running) refuse(`a world of this checkout is running already at ${running.control}: stop it first`);
  const ports = portsFrom(port, regions);
  await requireFree(allListening(ports));
  if (engine === "dynamodb-local") requireJava();
  let tour = "";
  const world = await createWorld({
    graphs: loadGraphs(path.join(root, "graphs"), environment, regions),
    root,
    workDir: path.join(root, ".antipode"),
    engine,
    seed,
    ports: ports.regions,
    paymentPort: ports.payments,
    edgePorts: ports.edges,
    namePorts: ports.names,
    timeScale,
    invocations: true,
    stockUnits,
    prepare: async ({ api, edge }) => {
      const late = await waitUntilReady(regions, api, { fetch, delay });
      if (late.length > 0) console.error(`${late.join(", ")} cannot read their tables yet.`);
      tour = formatTour(await createTour({ regions, api, edge }, { fetch, delay }));
    },
    say: (line) => console.log(line),
    warn: (line) => console.error(line),
  });
  await stopBundler(); // esbuild's service: some 400 MB that nobody needs once the functions are bundled
  const server = createControlServer(world);
  await listen(server, port);
  writeWorldState(root, { pid: process.pid, control: `http://127.0.0.1:${port}` });

  let stopping = false;
  stop = async () => {
    if (stopping) process.exit(exitCodes.interrupted); // asked twice: at once
    stopping = true;
    console.log("\nStopping …");
    removeWorldState(root, process.pid);
    server.closeAllConnections();
    server.close();
    await world.close();
    process.exit(0);
  };

  console.log(formatStart(world, { seconds: (performance.now() - startedMs) / 1000, tour }));
}

/** Before there is a world an exit is enough: what was started ends with this process. */
let stop: () => void = () => process.exit(exitCodes.interrupted);
process.on("SIGINT", () => stop());
process.on("SIGTERM", () => stop());
process.on("SIGHUP", () => stop()); // the terminal was closed

const parsed = parseLocalArguments(process.argv.slice(2));
if (parsed.type === "error") refuse(parsed.error, exitCodes.usage);
if (parsed.type === "help") {
  console.log(localHelp);
} else {
  try {
    await start(parsed.arguments);
  } catch (error) {
    if (expectedErrors.some((kind) => error instanceof kind)) refuse((error as Error).message);
    throw error;
  }
}
