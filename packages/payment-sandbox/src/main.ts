import { parseArguments, usage } from "./arguments.ts";
import { startSandbox } from "./start-sandbox.ts";

/** Prints one line with its port, then serves until it is told to end, or whoever started it is gone. */
const options = parseArguments(process.argv.slice(2));
if (!options.ok) {
  console.error(`payment sandbox: ${options.error}\n${usage}`);
  process.exit(2);
}
const sandbox = await startSandbox(options.value);
const end = () => {
  void sandbox.close().then(() => process.exit(0));
};
process.once("SIGTERM", end);
process.once("SIGINT", end);
// a parent that ends, however it ends, closes the pipe
process.stdin.once("end", end).once("close", end).once("error", end).resume();
console.log(JSON.stringify({ port: sandbox.port }));
