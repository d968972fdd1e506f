import { parseBenchArguments } from "./arguments.ts";
import { fullEffort } from "./bench.ts";
import { benches } from "./benches.ts";
import type { Figure } from "./figure.ts";
import { figureTable } from "./figure-table.ts";

const names = benches.map(({ name }) => name);
const parsed = parseBenchArguments(process.argv.slice(2), names);
if ("error" in parsed) {
  console.error(`antipode: ${parsed.error}`);
  process.exit(2);
}
if ("help" in parsed) {
  console.log(parsed.help);
  process.exit(0);
}

const found: Figure[] = [];
for (const bench of benches.filter(({ name }) => name.includes(parsed.only))) {
  found.push(...(await bench.run(fullEffort, (progress) => console.error(progress))));
}
console.log(parsed.json ? JSON.stringify(found, null, 2) : figureTable(found));
