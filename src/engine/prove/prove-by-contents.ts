import { type Assignment, DEFERRED, findViolations, type Instance, label } from "../../../models/index.js";
import type { RowCertificate } from "../../domain/index.js";
import { assignByContents } from "../assignment/priced-contents.js";
import type { LikeTasks, SlotAmounts } from "../assignment/slot-amounts.js";
import { evaluateCertificate } from "../bounds/certificate.js";
import { noBound } from "../bounds/gap.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import { LOOKS_PER_MOVE, SHARES } from "../budget/budget.js";
import { kindsOf } from "../timed/kinds.js";
import { type AssignmentView, capacityOf, keepsSettled, viewAsAssignment } from "./assignment-view.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";
import { MAX_COUNTED_VARIABLES } from "./large.js";
import { linearValue } from "./linear-value.js";

/** Kinds up to which their contents are priced, and tasks of a kind on average from which on they are many. Measured. */
const MAX_KINDS = 60;
const LEAST_OF_KIND = 10;

/**
 * Settles a sum over pairs where many tasks are alike and there are more kinds and slots than HiGHS counts: at any prices of the load rows all tasks of a
 * kind want the same agents, so that a search task by task ends far from the bound of prices, which itself takes slots for filled to the brim.
 *
 * @returns null where tasks are not so much alike, rows beside the loads are in play, or no plan was found
 */
export function proveByContents(task: GoalTask, meter: WorkMeter, onNews: (news: GoalNews) => void): GoalAnswer | null {
  const { instance, goal, settled, multipliers } = task;
  const most = Math.min(MAX_KINDS, instance.numTasks / LEAST_OF_KIND);
  if (most * numSlots(instance) <= MAX_COUNTED_VARIABLES) return null;
  if (kindsOf(instance, { perPair: [instance.busyMs], most }) === null) return null;
  const view = viewAsAssignment(instance, goal, settled, multipliers);
  const { cost, use } = view.problem;
  const kinds = view.isPureBySlot ? kindsOf(view.problem, { perPair: [cost, use], most }) : null;
  if (kinds === null || kinds.length * numSlots(instance) <= MAX_COUNTED_VARIABLES) return null;
  const like = countLike(instance, view, kinds);
  if (!isPlaceableSomewhere(like)) return null;
  onNews({ kind: "stage", stage: "contents" });
  const workLimit = SHARES.likeContents * task.expectedMoves * LOOKS_PER_MOVE;
  const part = meter.part(workLimit);
  let certificate: RowCertificate | null = null;
  const { plan: amounts } = assignByContents(like, {
    ...{ meter: part, seed: task.seed, workLimit },
    onPrices: (lambda) => {
      certificate = certify(task, view, kinds, lambda);
      onNews({ kind: "bound", stage: "contents", bound: boundOf(task, certificate) });
    },
  });
  meter.spend(part.used);
  const plan = amounts === null ? null : allowedPlan(task, view, kinds, amounts);
  if (plan === null) return null;
  const bound = boundOf(task, certificate);
  onNews({ kind: "incumbent", stage: "contents", plan, value: linearValue(instance, goal, plan.agentOf) });
  return {
    ...{ plan, bound, certificate, isInfeasible: false, openLevel: null },
    moves: meter.used / LOOKS_PER_MOVE,
    isSpent: true,
    wasStopped: meter.wasStopped,
    note: `contents of slots, ${kinds.length} kinds of tasks`,
  };
}

function boundOf({ goal }: GoalTask, certificate: RowCertificate | null): number {
  return certificate?.bound ?? noBound(goal);
}

function numSlots({ slots }: Instance): number {
  return slots.reduce((sum, count) => sum + count, 0);
}

/** The view's tasks by kind; each agent's slots are a group, and so is what may be deferred. */
function countLike(instance: Instance, { problem }: AssignmentView, kinds: readonly (readonly number[])[]): LikeTasks {
  const { numAgents, pairStart, pairAgent } = problem;
  const isWhole = problem.use.every(Number.isInteger);
  const like: LikeTasks = {
    demand: Int32Array.from(kinds, (tasks) => tasks.length),
    slots: Int32Array.from({ length: numAgents }, (_, agent) =>
      agent < instance.numAgents ? instance.slots[agent]! : 1,
    ),
    room: problem.capacity.map((whole, agent) =>
      agent < instance.numAgents ? capacityOf(instance.loadLimitMs[agent]!, isWhole) : whole,
    ),
    cost: new Float64Array(kinds.length * numAgents),
    use: new Float64Array(kinds.length * numAgents).fill(Infinity),
  };
  kinds.forEach(([first], kind) => {
    for (let pair = pairStart[first!]!; pair < pairStart[first! + 1]!; pair++) {
      like.cost[kind * numAgents + pairAgent[pair]!] = problem.cost[pair]!;
      like.use[kind * numAgents + pairAgent[pair]!] = problem.use[pair]!;
    }
  });
  return like;
}

function isPlaceableSomewhere({ demand, slots, room, use }: LikeTasks): boolean {
  return demand.every((_, kind) => slots.some((_slots, group) => use[kind * slots.length + group]! <= room[group]!));
}

/** The plan of whole amounts, the first tasks of a kind on the first slots; null where it breaks a row or a settled goal. */
function allowedPlan(
  { instance, settled }: GoalTask,
  { taskOf }: AssignmentView,
  kinds: readonly (readonly number[])[],
  { groupOf, amounts }: SlotAmounts,
): Assignment | null {
  const plan = {
    agentOf: new Int32Array(instance.numTasks).fill(DEFERRED),
    slotOf: new Int32Array(instance.numTasks).fill(DEFERRED),
  };
  const next = new Int32Array(kinds.length);
  let slotOfGroup = 0;
  groupOf.forEach((group, slot) => {
    slotOfGroup = slot > 0 && groupOf[slot - 1] === group ? slotOfGroup + 1 : 0;
    for (let kind = 0; kind < kinds.length; kind++) {
      for (let left = amounts[slot * kinds.length + kind]!; left > 0; left--) {
        const task = taskOf[kinds[kind]![next[kind]!++]!]!;
        if (group < instance.numAgents) [plan.agentOf[task], plan.slotOf[task]] = [group, slotOfGroup];
      }
    }
  });
  const isAllowed = findViolations(instance, plan).length === 0 && keepsSettled(instance, settled, plan.agentOf);
  return isAllowed ? plan : null;
}

/** λ of each kind as the multipliers of its tasks' rows, and what knapsacks prove by them. */
function certify(
  { instance, goal, settled }: GoalTask,
  { taskOf }: AssignmentView,
  kinds: readonly (readonly number[])[],
  lambda: Float64Array,
): RowCertificate | null {
  const multipliers: Record<string, number> = {};
  kinds.forEach((tasks, kind) => {
    for (const task of tasks) multipliers[label("assign", instance.taskIds[taskOf[task]!]!)] = lambda[kind]!;
  });
  const bound = evaluateCertificate(instance, goal, settled, { kind: "knapsack", multipliers, bound: 0 });
  return Number.isFinite(bound) ? { kind: "knapsack", multipliers, bound } : null;
}
