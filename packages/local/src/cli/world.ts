/** `npm run world -- <command>`: asks or tells the world that `npm run local` keeps running. */
import { regions } from "@antipode/core";
import { createAsk } from "./ask-world.ts";
import { systemPorts } from "./regions/system-ports.ts";
import { root } from "./root.ts";
import { runWorldCommand } from "./world-command.ts";

const { exitCode, out, error } = await runWorldCommand(process.argv.slice(2), {
  regions: regions.map(({ name }) => name),
  ask: createAsk(root),
  shop: systemPorts(),
});
if (out !== undefined) console.log(out);
if (error !== undefined) console.error(`antipode: ${error}`);
process.exitCode = exitCode;
