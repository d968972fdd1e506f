/** `npm run -s token -- [--name alice] [--hours 8]`: prints an operator's token, and nothing else, on stdout. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { deployedToken, readTokenArguments, worldToken } from "./admin-token.ts";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const asked = readTokenArguments(process.argv.slice(2));
const link = process.env["SST_RESOURCE_SessionKeys"]; // `sst shell` sets it
const token = !asked.ok
  ? asked
  : link === undefined
    ? await worldToken(root, asked.value)
    : deployedToken(link, asked.value, Date.now());
if (token.ok) {
  console.log(token.value);
} else {
  console.error(`antipode: ${token.error}`);
  process.exitCode = 1;
}
