import type { ArrayProblem } from "../../src/planner/bench/bench-instance.js";
import { densePairs, throughputProblem } from "../../src/planner/bench/dense-problems.js";
import { WordReader } from "./word-reader.js";

/**
 * An R‖Cmax instance of Fanjul-Peyro & Ruiz (EJOR 207, 2010): `n m 1`, a line with m, then n lines of m pairs `agent time`,
 * agents from 0 in ascending order. O(m · n).
 *
 * @param file name for the messages
 * @throws InputError naming file and line
 */
export function readRcmax(text: string, file: string): ArrayProblem {
  const reader = new WordReader(text, file);
  const numTasks = reader.integer("the number of tasks", 1);
  const numAgents = reader.integer("the number of agents", 1);
  reader.exactly(1, "the kind of the instance");
  reader.exactly(numAgents, "the number of agents again");
  const use = new Float64Array(numTasks * numAgents);
  for (let task = 0; task < numTasks; task++) {
    for (let agent = 0; agent < numAgents; agent++) {
      reader.exactly(agent, `the agent of time ${agent} of task ${task}`);
      use[task * numAgents + agent] = reader.integer(`the time of task ${task} on agent ${agent}`, 1);
    }
  }
  reader.end();
  return throughputProblem({ ...densePairs(numTasks, numAgents), use });
}
