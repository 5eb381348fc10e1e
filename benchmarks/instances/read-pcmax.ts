import type { ArrayProblem } from "../../src/planner/bench/bench-instance.js";
import { identicalAgents } from "../../src/planner/bench/dense-problems.js";
import { WordReader } from "./word-reader.js";

/** A P‖Cmax instance and the optimum its file states, null where it states none. */
export interface IdenticalAgents {
  readonly problem: ArrayProblem;
  readonly optimum: number | null;
}

/**
 * A P‖Cmax instance of Frangioni, Necciari & Scutellà (J. Combinatorial Optimization 8, 2004): `p p_cmax n m`, the n times and
 * a closing 0, and `OPT:value;` where it is known. O(n · m).
 *
 * @param file name for the messages
 * @throws InputError naming file and line
 */
export function readPcmax(text: string, file: string): IdenticalAgents {
  const statesOptimum = text.includes("OPT:");
  const reader = new WordReader(statesOptimum ? spreadOptimum(text) : text, file);
  for (const expected of ["p", "p_cmax"]) {
    const word = reader.word(`"${expected}"`);
    if (word !== expected) throw reader.fault(`"${word}" stands where "${expected}" should`);
  }
  const numTasks = reader.integer("the number of tasks", 1);
  const numAgents = reader.integer("the number of agents", 1);
  const times = Float64Array.from({ length: numTasks }, (_, task) => reader.integer(`the time of task ${task}`, 1));
  reader.exactly(0, "the closing number");
  if (!statesOptimum) {
    reader.end();
    return { problem: identicalAgents(times, numAgents), optimum: null };
  }
  reader.word('"OPT:"');
  const optimum = reader.integer("the optimum", 1);
  const semicolon = reader.word('";"');
  if (semicolon !== ";") throw reader.fault(`"${semicolon}" stands where ";" should`);
  reader.end();
  return { problem: identicalAgents(times, numAgents), optimum };
}

/** The three parts of the optimum stand together; spread out, they are words like the others. */
function spreadOptimum(text: string): string {
  return text.replace("OPT:", " OPT: ").replaceAll(";", " ; ");
}
