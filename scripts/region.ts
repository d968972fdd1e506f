/** `npm run region -- status|drain|restore …`: operators' words on a deployed shop's regions. */
import { regions } from "../packages/core/src/region/regions.ts";
import { exitCodes } from "../packages/local/src/cli/exit-codes.ts";
import { runRegionCommand } from "../packages/local/src/cli/regions/region-command.ts";
import { systemPorts } from "../packages/local/src/cli/regions/system-ports.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    console.error("antipode: interrupted; what was written down stands");
    process.exit(exitCodes.interrupted);
  });
}

/** Empty is as good as not set: `.env` files leave variables so. */
const variable = (name: string) => process.env[name] || undefined;
const domain = variable("ANTIPODE_DOMAIN");
const token = variable("ANTIPODE_TOKEN");

const { exitCode, out, error } = await runRegionCommand(process.argv.slice(2), {
  regions: regions.map(({ name }) => name),
  settings: { ...(domain === undefined ? {} : { domain }), ...(token === undefined ? {} : { token }) },
  ...systemPorts(),
});
if (out !== undefined) console.log(out);
if (error !== undefined) console.error(`antipode: ${error}`);
process.exitCode = exitCode;
