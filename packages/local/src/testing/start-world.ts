export {
  committedGraphs,
  startTemporaryWorld as startWorld,
  type TemporaryWorld as TestWorld,
  worldRegions,
} from "../world/temporary-world.ts";
