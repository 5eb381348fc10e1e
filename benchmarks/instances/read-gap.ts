import type { ArrayProblem } from "../../src/planner/bench/bench-instance.js";
import { densePairs } from "../../src/planner/bench/dense-problems.js";
import { WordReader } from "./word-reader.js";

/**
 * A generalized assignment instance as Chu & Beasley (Computers & OR 24, 1997) and Yagiura et al. (INFORMS J. Computing 16, 2004) publish
 * them: `m n`, m rows of n costs, m rows of n resource uses, m capacities; whole numbers between white space. O(m · n).
 *
 * @param file name for the messages
 * @throws InputError naming file and line
 */
export function readGap(text: string, file: string): ArrayProblem {
  const reader = new WordReader(text, file);
  const numAgents = reader.integer("the number of agents", 1);
  const numTasks = reader.integer("the number of tasks", 1);
  const cost = readByAgent(reader, numAgents, numTasks, "cost", 0);
  const use = readByAgent(reader, numAgents, numTasks, "resource use", 1);
  const capacity = Float64Array.from({ length: numAgents }, (_, agent) =>
    reader.integer(`the capacity of agent ${agent}`, 0),
  );
  reader.end();
  return { strategy: "minimize_cost", assignment: { ...densePairs(numTasks, numAgents), cost, use, capacity } };
}

/** The file is agent-major, an instance task-major. */
function readByAgent(reader: WordReader, numAgents: number, numTasks: number, what: string, min: number): Float64Array {
  const values = new Float64Array(numAgents * numTasks);
  for (let agent = 0; agent < numAgents; agent++) {
    for (let task = 0; task < numTasks; task++) {
      values[task * numAgents + agent] = reader.integer(`the ${what} of task ${task} on agent ${agent}`, min);
    }
  }
  return values;
}
