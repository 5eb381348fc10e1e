import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Program } from "../models/program.js";
import { LinearExpression, ProgramBuilder } from "../models/program.js";

/** Seeded generalized assignment, min form: tasks × agents with capacities that bind. */
export function buildAssignmentProgram(seed: number, numTasks: number, numAgents: number): Program {
  const generator = xoroshiro128plus(seed);
  const random = (): number => uniformFloat64(generator);
  const builder = new ProgramBuilder();
  const objective = new LinearExpression();
  const loads = Array.from({ length: numAgents }, () => new LinearExpression());
  for (let task = 0; task < numTasks; task++) {
    const assigned = new LinearExpression();
    for (const [agent, load] of loads.entries()) {
      const pair = builder.addBinary(`x[${task},${agent}]`);
      assigned.add(pair, 1);
      load.add(pair, 500 + Math.floor(1500 * random()));
      objective.add(pair, random());
    }
    builder.addRow(`assign[${task}]`, assigned, 1, 1);
  }
  const capacityMs = (1.1 * 1250 * numTasks) / numAgents;
  loads.forEach((load, agent) => builder.addRow(`load[${agent}]`, load, -Infinity, capacityMs));
  return builder.build(`assignment-${seed}`, "min", "failures", objective);
}
