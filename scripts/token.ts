/** `npm run -s token -- [--name alice] [--hours 8]`: prints an operator's token, and nothing else, on stdout. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { exitCodes } from "../packages/local/src/cli/exit-codes.ts";
import { deployedToken, readTokenArguments, tokenHelp, worldToken } from "./admin-token.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

function refuse(error: string, exitCode: number): void {
  console.error(`antipode: ${error}`);
  process.exitCode = exitCode;
}

const asked = readTokenArguments(process.argv.slice(2));
if (asked.type === "help") {
  console.log(tokenHelp);
} else if (asked.type === "error") {
  refuse(asked.error, exitCodes.usage);
} else {
  const link = process.env["SST_RESOURCE_SessionKeys"]; // `sst shell` sets it
  const token =
    link === undefined
      ? await worldToken(root, asked.request)
      : deployedToken(link, asked.request, Date.now());
  if (token.ok) console.log(token.value);
  else refuse(token.error, exitCodes.failed);
}
