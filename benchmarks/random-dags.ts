import { createRandom } from "../src/domain/index.js";
import { buildSequencingProblem, type SequencingProblem } from "../src/engine/sequencing/sequencing-problem.js";
import type { SequencedPlan } from "../src/engine/sequencing/sequenced-plan.js";

export interface DagShape {
  readonly numTasks: number;
  readonly numAgents: number;
  /** Probability of a dependency between two tasks. */
  readonly density: number;
  /** Slots of each agent are 1 … this. */
  readonly maxSlots: number;
}

/** Random dependencies and real times: a length per task, a speed per agent, and noise on each pair; half of the agents are eligible. */
export function randomDag(seed: number, { numTasks, numAgents, density, maxSlots }: DagShape): SequencingProblem {
  const random = createRandom(seed);
  const speed = Array.from({ length: numAgents }, () => 0.7 + 0.6 * random.unit());
  const [pairStart, pairAgent, busyMs] = [[0], [] as number[], [] as number[]];
  for (let task = 0; task < numTasks; task++) {
    const base = 10 + 90 * random.unit();
    const always = random.below(numAgents);
    for (let agent = 0; agent < numAgents; agent++) {
      if (agent !== always && random.unit() < 0.5) continue;
      pairAgent.push(agent);
      busyMs.push(base * speed[agent]! * (0.9 + 0.2 * random.unit()));
    }
    pairStart.push(pairAgent.length);
  }
  const dependencies: [number, number][] = [];
  for (let after = 1; after < numTasks; after++) {
    for (let before = 0; before < after; before++) if (random.unit() < density) dependencies.push([before, after]);
  }
  return buildSequencingProblem({
    ...{ numTasks, numAgents, pairStart, pairAgent, busyMs, dependencies },
    agentSlots: Array.from({ length: numAgents }, () => 1 + random.below(maxSlots)),
    availableFromMs: new Float64Array(numAgents),
    releaseMs: new Float64Array(numTasks),
    deadlineMs: new Float64Array(numTasks).fill(Infinity),
  });
}

/** The same problem where 60 % of the tasks have to end by a share of the time at which they end in a plan. */
export function withDeadlines(
  problem: SequencingProblem,
  plan: SequencedPlan,
  seed: number,
  share: number,
): SequencingProblem {
  const random = createRandom(seed);
  const deadlineMs = plan.startMs.map((start, task) => {
    const end = start + problem.busyMs[plan.pairOf[task]!]!;
    return random.unit() < 0.6 ? end * share * (1 + 0.02 * random.unit()) : Infinity;
  });
  return { ...problem, deadlineMs, hasDeadlines: true };
}
