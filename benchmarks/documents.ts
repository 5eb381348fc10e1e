import { problemToDocument } from "../src/planner/documents/problem-document.js";
import { randomFullProblem } from "../test/support/random-problem.js";

/** A problem document of a random wave with every estimate in it and no options of its own. */
export function randomWaveDocument(seed: number, numTasks: number, numAgents: number): unknown {
  return problemToDocument(randomFullProblem(seed, numTasks, numAgents), {});
}
