import {
  type Assignment,
  DEFERRED,
  findViolations,
  type Goal,
  type Instance,
  label,
  LinearExpression,
  type Program,
  ProgramBuilder,
} from "../../../models/index.js";
import type { Limit } from "../../domain/index.js";
import { GRACES } from "../budget/budget.js";
import type { OpenTime } from "../prove/goal-task.js";
import type { ProgramOutcome } from "../exact/solver.js";
import type { Session } from "./session.js";

export type OpenTimeVerdict =
  /** No plan ends by that time. */
  | { readonly kind: "ruled out" }
  | { readonly kind: "found"; readonly plan: Assignment }
  | { readonly kind: "open"; readonly limit: Limit }
  /** No answer that could be believed. */
  | { readonly kind: "failed"; readonly message: string };

/**
 * Whether a plan ends by an open time, as a program over the pairs in play:
 *
 *   min Σ c[i,s] x[i,s]   subject to   Σ_s x[i,s] = 1 for every task i,   Σ_i b[i,s] x[i,s] ≤ room_s for every slot s,
 *
 * x binary. The costs only guide: the first point is good enough. O(pairs).
 */
function buildOpenTime(instance: Instance, { core, taskOf, firstSlot }: OpenTime): Program {
  const builder = new ProgramBuilder();
  const slotNames = nameSlots(instance, core.numAgents, firstSlot);
  const cost = new LinearExpression();
  const loads = slotNames.map(() => new LinearExpression());
  for (let k = 0; k < core.numTasks; k++) {
    const taskId = instance.taskIds[taskOf[k]!]!;
    const assign = new LinearExpression();
    for (let pair = core.pairStart[k]!; pair < core.pairStart[k + 1]!; pair++) {
      const slot = core.pairAgent[pair]!;
      const x = builder.addBinary(label("x", taskId, ...slotNames[slot]!));
      assign.add(x, 1);
      cost.add(x, core.cost[pair]!);
      loads[slot]!.add(x, core.use[pair]!);
    }
    builder.addRow(label("assign", taskId), assign, 1, 1);
  }
  loads.forEach((load, slot) => {
    const room = core.capacity[slot]!;
    if (room < Infinity) builder.addRow(label("room", ...slotNames[slot]!), load, -Infinity, room);
  });
  return builder.build("open_time", "min", "priced_load", cost);
}

/** The plan of a point of `buildOpenTime`, whose variables stand in the order of the pairs. */
function decodeOpenTime(instance: Instance, open: OpenTime, values: ArrayLike<number>): Assignment {
  const { core, taskOf, firstSlot } = open;
  const agentOf = new Int32Array(instance.numTasks).fill(DEFERRED);
  const slotOf = agentOf.slice();
  const agentOfSlot = agentsBySlot(instance, core.numAgents, firstSlot);
  for (let k = 0; k < core.numTasks; k++) {
    for (let pair = core.pairStart[k]!; pair < core.pairStart[k + 1]!; pair++) {
      const agent = agentOfSlot[core.pairAgent[pair]!]!;
      if (values[pair] !== 1 || agent === DEFERRED) continue;
      agentOf[taskOf[k]!] = agent;
      slotOf[taskOf[k]!] = core.pairAgent[pair]! - firstSlot[agent]!;
    }
  }
  return { agentOf, slotOf };
}

/** Puts an open time to HiGHS; a plan is believed when it keeps every row and ends in time. */
export async function askOpenTime(
  session: Session,
  instance: Instance,
  goal: Goal,
  open: OpenTime,
): Promise<OpenTimeVerdict> {
  const { signal } = session.context;
  const { budget, solvers } = session;
  const numVariables = open.core.use.length;
  const request = {
    program: buildOpenTime(instance, open),
    timeLimitMs: Math.max(0, budget.remainingMs() - GRACES.highsClockMs),
    maxSteps: budget.packageSteps(1, numVariables),
    gap: 0,
    relax: false,
    stopAtFirst: true,
  };
  const { outcome, numSteps } = await solvers.highs.solve(signal === undefined ? request : { ...request, signal });
  budget.spendSteps(numSteps, numVariables);
  return readVerdict(instance, goal, open, outcome);
}

function readVerdict(instance: Instance, goal: Goal, open: OpenTime, outcome: ProgramOutcome): OpenTimeVerdict {
  switch (outcome.status) {
    case "infeasible":
      return { kind: "ruled out" };
    case "optimal":
    case "feasible": {
      const plan = decodeOpenTime(instance, open, outcome.point.values);
      const [violation] = findViolations(instance, plan);
      if (violation !== undefined) return failed(`answer breaks ${violation.row}: ${violation.message}`);
      const value = goal.evaluate(plan);
      if (value > open.atTime) return failed(`answer ends at ${value}, not by ${open.atTime}`);
      return { kind: "found", plan };
    }
    case "no_solution":
      return { kind: "open", limit: outcome.limit };
    case "none_better":
      return failed("reported none better than a cutoff that was not given");
    case "unbounded":
      return failed("reported unbounded, though every variable is bounded");
    case "error":
      return failed(outcome.message);
  }
}

function failed(message: string): OpenTimeVerdict {
  return { kind: "failed", message };
}

/** Agent of each slot, DEFERRED for where deferral stands. */
function agentsBySlot({ numAgents }: Instance, numSlots: number, firstSlot: Int32Array): Int32Array {
  const agentOf = new Int32Array(numSlots).fill(DEFERRED);
  for (let agent = 0; agent < numAgents; agent++) agentOf.fill(agent, firstSlot[agent], firstSlot[agent + 1]);
  return agentOf;
}

/** Agent and number of each slot. */
function nameSlots(instance: Instance, numSlots: number, firstSlot: Int32Array): (readonly (string | number)[])[] {
  return Array.from(agentsBySlot(instance, numSlots, firstSlot), (agent, slot) =>
    agent === DEFERRED ? ["deferred"] : [instance.agentIds[agent]!, slot - firstSlot[agent]!],
  );
}
