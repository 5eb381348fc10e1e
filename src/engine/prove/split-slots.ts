import { type Assignment, DEFERRED, type GoalForm, type Instance, label } from "../../../models/index.js";
import type { GoalTask } from "./goal-task.js";

export interface SplitTask {
  readonly task: GoalTask;
  /** The plan of the whole agents. */
  join(plan: Assignment): Assignment;
}

/**
 * The same task with every slot an agent of its own, so that deadlines and load limit, which hold for each slot, are rows of one agent. The
 * number of tasks of an agent is dealt out evenly to its slots: every plan found keeps the rows, not every plan can be found.
 */
export function splitSlots(task: GoalTask): SplitTask {
  const { instance } = task;
  const slots = slotsOf(instance);
  const pairOf = splitPairs(instance, slots.first);
  const split = (values: Float64Array): Float64Array => Float64Array.from(pairOf.pair, (pair) => values[pair]!);
  const form = (goal: GoalForm): GoalForm => ({ ...goal, perPair: goal.perPair === null ? null : split(goal.perPair) });
  const perAgent = (values: Float64Array): Float64Array => Float64Array.from(slots.agent, (agent) => values[agent]!);
  const splitInstance: Instance = {
    ...instance,
    numAgents: slots.agent.length,
    numPairs: pairOf.pair.length,
    agentIds: Array.from(slots.agent, (agent, at) => `${instance.agentIds[agent]!} slot ${slots.slot[at]}`),
    pairStart: pairOf.start,
    pairTask: Int32Array.from(pairOf.pair, (pair) => instance.pairTask[pair]!),
    pairAgent: pairOf.agent,
    success: split(instance.success),
    retries: split(instance.retries),
    busyMs: split(instance.busyMs),
    confidenceDelta: split(instance.confidenceDelta),
    cost: split(instance.cost),
    belowGate: Uint8Array.from(pairOf.pair, (pair) => instance.belowGate[pair]!),
    slots: new Int32Array(slots.agent.length).fill(1),
    loadLimitMs: perAgent(instance.loadLimitMs),
    maxTasks: Float64Array.from(slots.agent, (agent, at) =>
      Math.floor((instance.maxTasks[agent]! + instance.slots[agent]! - 1 - slots.slot[at]!) / instance.slots[agent]!),
    ),
    availableFromMs: perAgent(instance.availableFromMs),
  };
  return {
    task: {
      ...task,
      instance: splitInstance,
      goal: form(task.goal),
      settled: task.settled.map(({ goal, value }) => ({ goal: form(goal), value })),
      multipliers: splitMultipliers(task.multipliers, instance, splitInstance, slots),
      start: null,
    },
    join: ({ agentOf }) => ({
      agentOf: agentOf.map((at) => (at === DEFERRED ? DEFERRED : slots.agent[at]!)),
      slotOf: agentOf.map((at) => (at === DEFERRED ? DEFERRED : slots.slot[at]!)),
    }),
  };
}

interface Slots {
  /** First slot of each agent among all slots. */
  readonly first: Int32Array;
  /** Agent of each slot, and its number there. */
  readonly agent: Int32Array;
  readonly slot: Int32Array;
}

function slotsOf({ numAgents, slots }: Instance): Slots {
  const first = new Int32Array(numAgents + 1);
  for (let agent = 0; agent < numAgents; agent++) first[agent + 1] = first[agent]! + slots[agent]!;
  const agent = new Int32Array(first[numAgents]!);
  const slot = new Int32Array(first[numAgents]!);
  for (let j = 0; j < numAgents; j++) {
    for (let s = 0; s < slots[j]!; s++) [agent[first[j]! + s], slot[first[j]! + s]] = [j, s];
  }
  return { first, agent, slot };
}

function splitPairs(
  instance: Instance,
  first: Int32Array,
): { readonly start: Int32Array; readonly pair: number[]; readonly agent: Int32Array } {
  const start = new Int32Array(instance.numTasks + 1);
  const [pairs, agents]: [number[], number[]] = [[], []];
  for (let task = 0; task < instance.numTasks; task++) {
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const agent = instance.pairAgent[pair]!;
      for (let at = first[agent]!; at < first[agent + 1]!; at++) {
        pairs.push(pair);
        agents.push(at);
      }
    }
    start[task + 1] = pairs.length;
  }
  return { start, pair: pairs, agent: Int32Array.from(agents) };
}

/** A slot's rows cost what those of its agent cost. */
function splitMultipliers(
  multipliers: GoalTask["multipliers"],
  instance: Instance,
  split: Instance,
  slots: Slots,
): Record<string, number> {
  const deadlines = new Set(instance.deadlineMs.filter((deadline) => deadline < Infinity));
  const out: Record<string, number> = { ...multipliers };
  slots.agent.forEach((agent, at) => {
    const [own, whole] = [split.agentIds[at]!, instance.agentIds[agent]!];
    const copy = (to: string, from: string): void => {
      if (multipliers[from] !== undefined) out[to] = multipliers[from];
    };
    copy(label("count", own), label("count", whole));
    for (const deadline of deadlines) copy(label("deadline", own, deadline), label("deadline", whole, deadline));
  });
  return out;
}
