import type { ArrayProblem } from "./bench-instance.js";
import { densePairs } from "./dense-assignment.js";
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

/** R‖Cmax from its busy times: no costs, no capacities. */
export function throughputProblem(
  pairs: Omit<ArrayProblem["assignment"], "cost" | "capacity">,
): ArrayProblem & { readonly strategy: "maximize_throughput" } {
  const cost = new Float64Array(pairs.use.length);
  const capacity = new Float64Array(pairs.numAgents).fill(Infinity);
  return { strategy: "maximize_throughput", assignment: { ...pairs, cost, capacity } };
}
