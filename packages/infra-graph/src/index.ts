export { readGraph } from "./check/outputs.ts";
export {
  type EvaluateOptions,
  type Evaluation,
  EvaluationError,
  evaluate,
  evaluateStage,
} from "./evaluate.ts";
export { evaluateStages } from "./evaluate-stages.ts";
export * from "./format.ts";
export { type DanglingLookup, findDanglingLookups } from "./lookups/dangling.ts";
export { repositoryRoot } from "./repository-root.ts";
export { committedStages, homeStageOf, parseStage, type Stage } from "./stages.ts";
