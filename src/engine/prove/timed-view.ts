import {
  type Assignment,
  DEFERRED,
  findViolations,
  type GoalForm,
  type Instance,
  isIntegral,
  type SettledForm,
} from "../../../models/index.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import { packSlots } from "../sequencing/pack-slots.js";
import { type AssignmentView, capacityOf, keepsSettled, viewAsAssignment } from "./assignment-view.js";
import { findTwins, latestEnd, type TimedProblem } from "../timed/timed-problem.js";

/** A goal of one time alone as an assignment to slots that is to end early. */
export interface TimedView {
  readonly timed: TimedProblem;
  /** The same at the level of agents, without the time. */
  readonly agents: AssignmentView;
  /** First slot of each agent, one entry more than there are agents: where deferral stands, if it is open. */
  readonly firstSlot: Int32Array;
  /** Whether every complete assignment that keeps the capacities is a plan. */
  readonly isPure: boolean;
  /** The plan of a complete assignment to slots. */
  toPlan(slotOf: Int32Array): Assignment;
  /** The assignment of a plan, null where its tasks do not fit together or use what is ruled out. */
  fromPlan(agentOf: Int32Array): Int32Array | null;
}

/**
 * @param goal the makespan or the largest load, with coefficient 1 and nothing else
 * @param multipliers of rows, by name, each ≥ 0: those of side rows are priced
 */
export function viewAsTimed(
  instance: Instance,
  goal: GoalForm,
  settled: readonly SettledForm[],
  multipliers: Readonly<Record<string, number>>,
): TimedView {
  const agents = viewAsAssignment(instance, goal, settled, multipliers);
  const firstSlot = new Int32Array(instance.numAgents + 1);
  for (let agent = 0; agent < instance.numAgents; agent++) {
    firstSlot[agent + 1] = firstSlot[agent]! + instance.slots[agent]!;
  }
  const numTimed = firstSlot[instance.numAgents]!;
  const assignment = expand(instance, agents.problem, firstSlot);
  const availableFrom = new Float64Array(numTimed);
  if (goal.makespan > 0) {
    instance.availableFromMs.forEach((from, agent) => availableFrom.fill(from, firstSlot[agent], firstSlot[agent + 1]));
  }
  const bare = {
    assignment,
    costLimit: -agents.offset,
    numTimed,
    availableFrom,
    twinOf: findTwins(assignment, numTimed, availableFrom),
    isWhole: isIntegral(instance, goal),
  };
  const agentOfSlot = new Int32Array(assignment.numAgents).fill(DEFERRED);
  for (let agent = 0; agent < instance.numAgents; agent++)
    agentOfSlot.fill(agent, firstSlot[agent], firstSlot[agent + 1]);
  const toPlan = (slotOf: Int32Array): Assignment => planOf(instance, agents.taskOf, slotOf, agentOfSlot, firstSlot);
  const isPure = agents.isPureBySlot;
  const judge = (slotOf: Int32Array): number | null =>
    !isPure && !isAllowed(instance, settled, toPlan(slotOf)) ? null : latestEnd(bare, slotOf);
  return {
    timed: { ...bare, judge },
    agents,
    firstSlot,
    isPure,
    toPlan,
    fromPlan: (agentOf) => slotsOf(instance, agents.taskOf, assignment, firstSlot, agentOf),
  };
}

/** Every agent's pairs once for each of its slots. O(pairs · slots). */
function expand(instance: Instance, problem: GeneralizedAssignment, firstSlot: Int32Array): GeneralizedAssignment {
  const { numTasks, pairStart, pairAgent, cost, use, capacity } = problem;
  const numTimed = firstSlot[instance.numAgents]!;
  const numAgents = numTimed + problem.numAgents - instance.numAgents;
  const starts = new Int32Array(numTasks + 1);
  const isDeferral = (agent: number): boolean => agent >= instance.numAgents;
  const slotsOfAgent = (agent: number): number => (isDeferral(agent) ? 1 : instance.slots[agent]!);
  let count = 0;
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) count += slotsOfAgent(pairAgent[pair]!);
    starts[task + 1] = count;
  }
  const wide = { pairAgent: new Int32Array(count), cost: new Float64Array(count), use: new Float64Array(count) };
  let at = 0;
  for (let pair = 0; pair < pairAgent.length; pair++) {
    const agent = pairAgent[pair]!;
    for (let slot = 0; slot < slotsOfAgent(agent); slot++, at++) {
      wide.pairAgent[at] = firstSlot[agent]! + slot;
      wide.cost[at] = cost[pair]!;
      wide.use[at] = use[pair]!;
    }
  }
  const isWhole = instance.busyMs.every(Number.isInteger);
  const rooms = new Float64Array(numAgents);
  capacity.forEach((room, agent) => {
    const ofSlot = isDeferral(agent) ? room : capacityOf(instance.loadLimitMs[agent]!, isWhole);
    rooms.fill(ofSlot, firstSlot[agent], firstSlot[agent]! + slotsOfAgent(agent));
  });
  return { numTasks, numAgents, pairStart: starts, capacity: rooms, ...wide };
}

function planOf(
  instance: Instance,
  taskOf: Int32Array,
  slots: Int32Array,
  agentOfSlot: Int32Array,
  firstSlot: Int32Array,
): Assignment {
  const agentOf = new Int32Array(instance.numTasks).fill(DEFERRED);
  const slotOf = agentOf.slice();
  taskOf.forEach((task, k) => {
    const agent = agentOfSlot[slots[k]!]!;
    agentOf[task] = agent;
    if (agent !== DEFERRED) slotOf[task] = slots[k]! - firstSlot[agent]!;
  });
  return { agentOf, slotOf };
}

function slotsOf(
  instance: Instance,
  taskOf: Int32Array,
  { pairStart, pairAgent }: GeneralizedAssignment,
  firstSlot: Int32Array,
  agentOf: Int32Array,
): Int32Array | null {
  const plan = packSlots(instance, agentOf);
  if (plan === null) return null;
  const slots = taskOf.map((task) =>
    plan.agentOf[task] === DEFERRED
      ? firstSlot[instance.numAgents]!
      : firstSlot[plan.agentOf[task]!]! + plan.slotOf[task]!,
  );
  const isKnown = slots.every((slot, k) => pairAgent.subarray(pairStart[k], pairStart[k + 1]).includes(slot));
  return isKnown ? slots : null;
}

/** Whether a plan keeps the rows and the settled goals. */
function isAllowed(instance: Instance, settled: readonly SettledForm[], plan: Assignment): boolean {
  return findViolations(instance, plan).length === 0 && keepsSettled(instance, settled, plan.agentOf);
}
