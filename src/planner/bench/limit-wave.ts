import type { Random } from "../../domain/index.js";
import type { ProblemDocument } from "../../domain/schemas/index.js";
import type { DrawnWave } from "./generate-wave.js";

const PIN_SHARE = 0.05;
const DEADLINE_SHARE = 0.2;
const DEADLINE_SLACK = 1.3;
const BUDGET_SLACK = 1.02;
/** Share of the agents that may have no more tasks than in the plan the limits are drawn around. */
const COUNTED_SHARE = 1 / 3;

/** A plan the limits are drawn around: it keeps all of them. */
interface ReferencePlan {
  readonly agentOf: Int32Array;
  readonly slotOf: Int32Array;
}

/**
 * Adds deadlines, pins, numbers of tasks and a budget to a wave, tight around a cheap plan: a plan of most success breaks them. Some
 * plan keeps them all. O(tasks · agents).
 */
export function limitWave(document: ProblemDocument, wave: DrawnWave, random: Random): ProblemDocument {
  const plan = planCheaply(wave);
  const deadlines = drawDeadlines(wave, plan, random);
  const count = new Int32Array(wave.numAgents);
  const load = new Float64Array(wave.numAgents);
  let cost = 0;
  plan.agentOf.forEach((agent, task) => {
    count[agent]! += 1;
    load[agent]! += wave.busyMs[task * wave.numAgents + agent]!;
    cost += wave.cost[task * wave.numAgents + agent]!;
  });
  const isCounted = chooseCounted(wave, count);
  return {
    ...document,
    agents: document.agents.map((agent, index) => ({
      ...agent,
      // A cheap plan that had to overload somebody raises that agent's capacity.
      capacity_ms: Math.max(wave.capacityMs, Math.ceil(load[index]! / wave.slots[index]!)),
      ...(isCounted[index] === 1 && { max_tasks: count[index]! }),
    })),
    tasks: document.tasks.map((task, index) => {
      const deadline = deadlines[index]!;
      const isPinned = random.unit() < PIN_SHARE;
      return {
        ...task,
        ...(deadline < Infinity && { deadline_ms: deadline }),
        ...(isPinned && { pinned_agent: document.agents[plan.agentOf[index]!]!.agent_id }),
      };
    }),
    options: { ...document.options, budget: Math.ceil(BUDGET_SLACK * cost) },
  };
}

/** The agents that would have most tasks beyond their number in the plan if every task went to whom it succeeds best with. */
function chooseCounted({ numTasks, numAgents, success }: DrawnWave, count: Int32Array): Uint8Array {
  const excess = count.map((number) => -number);
  for (let task = 0; task < numTasks; task++) {
    let best = 0;
    for (let agent = 1; agent < numAgents; agent++) {
      if (success[task * numAgents + agent]! > success[task * numAgents + best]!) best = agent;
    }
    excess[best]! += 1;
  }
  const ranked = Array.from({ length: numAgents }, (_, agent) => agent).sort(
    (a, b) => excess[b]! - excess[a]! || a - b,
  );
  const isCounted = new Uint8Array(numAgents);
  for (const agent of ranked.slice(0, Math.ceil(COUNTED_SHARE * numAgents))) isCounted[agent] = 1;
  return isCounted;
}

/** The longest task first, each to the cheapest slot that has room, or to the least busy one where none has. */
function planCheaply({ numTasks, numAgents, slots, busyMs, cost, capacityMs }: DrawnWave): ReferencePlan {
  const busyOf = (task: number, agent: number): number => busyMs[task * numAgents + agent]!;
  const shortest = Float64Array.from({ length: numTasks }, (_, task) =>
    busyMs.subarray(task * numAgents, (task + 1) * numAgents).reduce((least, busy) => Math.min(least, busy), Infinity),
  );
  const order = Array.from({ length: numTasks }, (_, task) => task).sort(
    (a, b) => shortest[b]! - shortest[a]! || a - b,
  );
  const load = Array.from(slots, (numSlots) => new Float64Array(numSlots));
  const [agentOf, slotOf] = [new Int32Array(numTasks), new Int32Array(numTasks)];
  for (const task of order) {
    let [chosen, chosenSlot, least] = [-1, -1, Infinity];
    let [soonest, soonestSlot, end] = [0, 0, Infinity];
    for (let agent = 0; agent < numAgents; agent++) {
      const slot = leastOf(load[agent]!);
      const after = load[agent]![slot]! + busyOf(task, agent);
      if (after < end) [soonest, soonestSlot, end] = [agent, slot, after];
      const price = cost[task * numAgents + agent]!;
      if (after <= capacityMs && price < least) [chosen, chosenSlot, least] = [agent, slot, price];
    }
    if (chosen < 0) [chosen, chosenSlot] = [soonest, soonestSlot];
    load[chosen]![chosenSlot]! += busyOf(task, chosen);
    [agentOf[task], slotOf[task]] = [chosen, chosenSlot];
  }
  return { agentOf, slotOf };
}

/** In every slot the tasks that get a deadline come first, in order of their indices, and have some slack. */
function drawDeadlines(
  { numTasks, numAgents, slots, busyMs }: DrawnWave,
  plan: ReferencePlan,
  random: Random,
): Float64Array {
  const end = Array.from(slots, (numSlots) => new Float64Array(numSlots));
  return Float64Array.from({ length: numTasks }, (_, task) => {
    if (random.unit() >= DEADLINE_SHARE) return Infinity;
    const [agent, slot] = [plan.agentOf[task]!, plan.slotOf[task]!];
    end[agent]![slot]! += busyMs[task * numAgents + agent]!;
    return Math.ceil(DEADLINE_SLACK * end[agent]![slot]!);
  });
}

function leastOf(values: Float64Array): number {
  let least = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! < values[least]!) least = k;
  return least;
}
